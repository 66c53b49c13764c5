// copy-object: a version of an object under another key or in another bucket, however large it is.

import {
  CompleteMultipartUploadCommand,
  CopyObjectCommand,
  CreateMultipartUploadCommand,
  type S3Client,
  UploadPartCopyCommand,
} from "@aws-sdk/client-s3";

export interface ObjectVersion {
  readonly bucket: string;
  readonly key: string;
  readonly version: string;
  /** In bytes. */
  readonly size: number;
}

/** S3 copies up to 5 GiB in one step, and more in parts of that (CopyObject, "Considerations"). */
const largestStep = 5 * 1_024 ** 3;

/** Copies within S3: not a byte passes through the caller. */
export async function copyObject(
  s3: S3Client,
  { bucket, key, version, size }: ObjectVersion,
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
