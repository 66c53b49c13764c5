// quarantine: what could not be curated, kept until somebody has looked.
//
//   rows/{raw key}/{version}.ndjson           broken rows, a line each
//   files/{raw key}/{version}                 a bad file, whole
//   files/{raw key}/{version}.problem.json    what is wrong with it
//
// Named after the object version that they come from, so that twice is the same as once, and no upload hides another.

import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";
import {
  CompleteMultipartUploadCommand,
  CopyObjectCommand,
  CreateMultipartUploadCommand,
  PutObjectCommand,
  type S3Client,
  UploadPartCopyCommand,
} from "@aws-sdk/client-s3";

/** A version of an object. `size` is in bytes. */
interface Kept {
  readonly bucket: string;
  readonly key: string;
  readonly version: string;
  readonly size: number;
}

/** Puts the lines of `file`; gives their key. */
export async function keepRows(s3: S3Client, source: Kept, bucket: string, file: string): Promise<string> {
  const key = quarantineKey(`rows/${source.key}`, `/${source.version}.ndjson`);
  const { size } = await stat(file);
  await s3.send(new PutObjectCommand({ Bucket: bucket, Key: key, Body: createReadStream(file), ContentLength: size }));
  return key;
}

/** Copies the object as it is, and puts the problem beside it; gives the copy's key. */
export async function keepWhole(s3: S3Client, source: Kept, bucket: string, problem: object): Promise<string> {
  const target = { Bucket: bucket, Key: quarantineKey(`files/${source.key}`, `/${source.version}`) };
  await copyObject(s3, source, target);
  const Key = quarantineKey(`files/${source.key}`, `/${source.version}.problem.json`);
  const Body = JSON.stringify({ ...source, ...problem }, undefined, 2);
  await s3.send(new PutObjectCommand({ Bucket: bucket, Key, Body, ContentType: "application/json" }));
  return target.Key;
}

/** S3 copies up to 5 GiB in one step, and more in parts of that (CopyObject, "Considerations"). */
const largestStep = 5 * 1_024 ** 3;

/** Copies within S3: not a byte passes through the caller. */
export async function copyObject(
  s3: S3Client,
  { bucket, key, version, size }: Kept,
  target: { readonly Bucket: string; readonly Key: string },
  step = largestStep,
): Promise<void> {
  const CopySource = `${bucket}/${key.split("/").map(encodeURIComponent).join("/")}?versionId=${version}`;
  if (size <= step) {
    // The source's tags would need rights of their own to be read and written.
    await s3.send(new CopyObjectCommand({ ...target, CopySource, TaggingDirective: "REPLACE" }));
    return;
  }
  // An upload that a crash leaves behind is cleared away by the bucket's lifecycle.
  const { UploadId } = await s3.send(new CreateMultipartUploadCommand(target));
  const Parts: { PartNumber: number; ETag: string | undefined }[] = [];
  for (let from = 0; from < size; from += step) {
    const PartNumber = Parts.length + 1;
    const CopySourceRange = `bytes=${from}-${Math.min(from + step, size) - 1}`;
    const part = await s3.send(
      new UploadPartCopyCommand({ ...target, UploadId, PartNumber, CopySource, CopySourceRange }),
    );
    Parts.push({ PartNumber, ETag: part.CopyPartResult?.ETag });
  }
  await s3.send(new CompleteMultipartUploadCommand({ ...target, UploadId, MultipartUpload: { Parts } }));
}

/** `key + suffix`; what would be longer than S3 takes (1,024 bytes) is cut and told apart by its hash. */
export function quarantineKey(key: string, suffix: string): string {
  if (Buffer.byteLength(key + suffix) <= 1_024) return key + suffix;
  const hash = createHash("sha256").update(key).digest("hex");
  const head = Buffer.from(key)
    .subarray(0, 800)
    .toString()
    .replace(/\uFFFD+$/, "");
  return `${head}~${hash}${suffix}`;
}
