// newest-picture: the picture of an item that came last, analyzed or not.

import type { S3Client } from "@aws-sdk/client-s3";
import { picturesOf } from "../item-objects";
import { currentOriginal } from "../original";

export interface Picture {
  readonly key: string;
  readonly version: string;
}

/** Nothing where there is none. Of those of one second, the last by their keys. */
export async function newestPicture(
  s3: S3Client,
  whose: { readonly bucket: string; readonly userId: string; readonly itemId: string },
): Promise<Picture | undefined> {
  const pictures = await picturesOf(s3, whose);
  const second = (time: Date) => Math.floor(time.getTime() / 1_000);
  const [newest] = pictures.sort((one, other) => {
    const later = second(other.uploadedAt) - second(one.uploadedAt);
    return later === 0 ? (one.key < other.key ? 1 : -1) : later;
  });
  const current = newest && (await currentOriginal(s3, { bucket: whose.bucket, key: newest.key }));
  return newest && current && { key: newest.key, version: current.version };
}
