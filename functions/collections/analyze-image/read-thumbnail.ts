// read-thumbnail: the thumbnail of a picture, and what process-image has noted on it: of which version of the picture it is, what
// that is, and how large.

import { GetObjectCommand, type S3Client } from "@aws-sdk/client-s3";
import type { ImageMime } from "../../../schemas/image-types";
import { final } from "../../../stage/each-message";
import { isMissing, type Original } from "../original";
import type { Picture } from "./look-at";

export interface ReadThumbnail extends Picture {
  readonly of: {
    readonly version: string;
    readonly mime: ImageMime;
    readonly width: number;
    readonly height: number;
  };
}

/** Nothing where there is none. */
export async function readThumbnail(s3: S3Client, { bucket, key }: Original): Promise<ReadThumbnail | undefined> {
  try {
    const { Body, ContentType, Metadata = {} } = await s3.send(new GetObjectCommand({ Bucket: bucket, Key: key }));
    const { "source-version": version, "source-type": type, "source-width": width, "source-height": height } = Metadata;
    if (Body === undefined || version === undefined) {
      throw final("NoThumbnail", `Cannot analyze "${key}": it is no thumbnail that process-image has made`);
    }
    const of = { version, mime: type as ImageMime, width: Number(width), height: Number(height) };
    return { key, bytes: await Body.transformToByteArray(), mime: ContentType as ImageMime, of };
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}
