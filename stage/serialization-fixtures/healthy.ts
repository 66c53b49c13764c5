// A handler as it should be: everything stateful is made inside the factory.

import { GetObjectCommand, S3Client } from "@aws-sdk/client-s3";
import type { S3Event } from "aws-lambda";

export const factory = () => {
  const s3 = new S3Client({});
  const seen = new Map<string, number>();
  return async ({ Records }: S3Event) => {
    for (const { s3: found } of Records) {
      seen.set(found.object.key, found.object.size);
      await s3.send(
        new GetObjectCommand({
          Bucket: found.bucket.name,
          Key: decodeURIComponent(found.object.key.replaceAll("+", " ")),
        }),
      );
    }
    return seen.size;
  };
};
