// thumbnail-link: leave to look at a thumbnail. Nothing is sent for it: whether the object is there, S3 says to whoever
// follows it.

import { GetObjectCommand, type S3Client } from "@aws-sdk/client-s3";
import { getSignedUrl } from "@aws-sdk/s3-request-presigner";

const seconds = 15 * 60;

export async function thumbnailLink(s3: S3Client, Bucket: string, Key: string) {
  const expiresAt = new Date(Date.now() + seconds * 1_000).toISOString();
  return { url: await getSignedUrl(s3, new GetObjectCommand({ Bucket, Key }), { expiresIn: seconds }), expiresAt };
}
