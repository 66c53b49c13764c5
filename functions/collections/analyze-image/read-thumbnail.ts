// read-thumbnail: the thumbnail of a picture, and what process-image has noted on it: of which version of the picture it is, and
// how large that is.

import { GetObjectCommand, type S3Client } from "@aws-sdk/client-s3";
import type { ImageMime } from "../../../schemas/image-types";
import { isMissing, type Original } from "../original";
import type { Picture } from "./look-at";

export interface ReadThumbnail extends Picture {
  readonly of: { readonly version: string; readonly width: number; readonly height: number };
}

/** Nothing where there is none. */
export async function readThumbnail(s3: S3Client, { bucket, key }: Original): Promise<ReadThumbnail | undefined> {
  try {
    const { Body, ContentType, Metadata = {} } = await s3.send(new GetObjectCommand({ Bucket: bucket, Key: key }));
    const { "source-version": version, "source-width": width, "source-height": height } = Metadata;
    if (Body === undefined || version === undefined) {
      throw new Error(`Cannot analyze "${key}": it is no thumbnail that process-image has made`);
    }
    const of = { version, width: Number(width), height: Number(height) };
    return { key, bytes: await Body.transformToByteArray(), mime: ContentType as ImageMime, of };
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}
