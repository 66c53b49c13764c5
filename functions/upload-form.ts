// upload-form: a form that S3 takes one file by: under one key, of one type, of a size.
//
// https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-HTTPPOSTConstructPolicy.html

import type { S3Client } from "@aws-sdk/client-s3";
import { createPresignedPost } from "@aws-sdk/s3-presigned-post";

interface Upload {
  readonly bucket: string;
  readonly key: string;
  readonly contentType: string;
  /** In bytes, exactly. */
  readonly size: number | undefined;
  /** In bytes, where no size is given. */
  readonly mostBytes: number;
}

export interface UploadForm {
  readonly url: string;
  readonly fields: Record<string, string>;
  readonly expiresAt: string;
  readonly maxBytes: number;
}

const seconds = 15 * 60;

export async function uploadForm(s3: S3Client, upload: Upload): Promise<UploadForm> {
  const { bucket, key, contentType, size, mostBytes } = upload;
  const maxBytes = size ?? mostBytes;
  const expiresAt = new Date(Date.now() + seconds * 1_000).toISOString();
  const { url, fields } = await createPresignedPost(s3, {
    Bucket: bucket,
    Key: key,
    // Each field becomes a condition: it must be sent, as it is here.
    Fields: { "Content-Type": contentType },
    Conditions: [["content-length-range", size ?? 1, maxBytes]],
    Expires: seconds,
  });
  return { url, fields, expiresAt, maxBytes };
}
