// item-objects: what lies in the bucket of an item - its pictures, which differ in the ending, and their thumbnails.

import { ListObjectsV2Command, type S3Client } from "@aws-sdk/client-s3";
import { imageKeyOf } from "../../schemas/image-keys";

export interface ItemObject {
  readonly key: string;
  readonly uploadedAt: Date;
}

interface Whose {
  readonly bucket: string;
  readonly userId: string;
  readonly itemId: string;
}

export const picturesOf = (s3: S3Client, whose: Whose): Promise<ItemObject[]> => objectsIn(s3, whose, "");

export const thumbnailsOf = (s3: S3Client, whose: Whose): Promise<ItemObject[]> => objectsIn(s3, whose, "thumbnails/");

/** What begins like it may be another item: "cat.2.jpg" is none of "cat". */
async function objectsIn(s3: S3Client, { bucket, userId, itemId }: Whose, folder: string): Promise<ItemObject[]> {
  const found: ItemObject[] = [];
  const prefix = `${userId}/${folder}`;
  let token: string | undefined;
  do {
    const { Contents = [], NextContinuationToken } = await s3.send(
      new ListObjectsV2Command({ Bucket: bucket, Prefix: `${prefix}${itemId}.`, ContinuationToken: token }),
    );
    for (const { Key = "", LastModified = new Date(0) } of Contents) {
      const isOfItem = imageKeyOf(`${userId}/${Key.slice(prefix.length)}`)?.itemId === itemId;
      if (isOfItem) found.push({ key: Key, uploadedAt: LastModified });
    }
    token = NextContinuationToken;
  } while (token !== undefined);
  return found;
}
