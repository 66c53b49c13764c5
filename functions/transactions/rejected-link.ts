// rejected-link: leave to read what was rejected of a feed. Nothing is sent for it: whether the object is there, S3 says to
// whoever follows it.

import { GetObjectCommand, type S3Client } from "@aws-sdk/client-s3";
import { getSignedUrl } from "@aws-sdk/s3-request-presigner";

const seconds = 15 * 60;

export async function rejectedLink(s3: S3Client, Bucket: string, Key: string) {
  const expiresAt = new Date(Date.now() + seconds * 1_000).toISOString();
  const file = Key.slice(Key.lastIndexOf("/") + 1);
  // Saved and never shown: what is in it, somebody else has written.
  const ResponseContentDisposition = `attachment; filename*=UTF-8''${encodeURIComponent(file)}`;
  const get = new GetObjectCommand({ Bucket, Key, ResponseContentDisposition });
  return { url: await getSignedUrl(s3, get, { expiresIn: seconds }), expiresAt };
}
