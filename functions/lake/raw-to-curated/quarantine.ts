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
import { PutObjectCommand, type S3Client } from "@aws-sdk/client-s3";
import { copyObject, type ObjectVersion } from "../../copy-object";

/** Puts the lines of `file`; gives their key. */
export async function keepRows(s3: S3Client, source: ObjectVersion, bucket: string, file: string): Promise<string> {
  const key = quarantineKey(`rows/${source.key}`, `/${source.version}.ndjson`);
  const { size } = await stat(file);
  await s3.send(new PutObjectCommand({ Bucket: bucket, Key: key, Body: createReadStream(file), ContentLength: size }));
  return key;
}

/** Copies the object as it is, and puts the problem beside it; gives the copy's key. */
export async function keepWhole(s3: S3Client, source: ObjectVersion, bucket: string, problem: object): Promise<string> {
  const target = { Bucket: bucket, Key: quarantineKey(`files/${source.key}`, `/${source.version}`) };
  await copyObject(s3, source, target);
  const Key = quarantineKey(`files/${source.key}`, `/${source.version}.problem.json`);
  const Body = JSON.stringify({ ...source, ...problem }, undefined, 2);
  await s3.send(new PutObjectCommand({ Bucket: bucket, Key, Body, ContentType: "application/json" }));
  return target.Key;
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
