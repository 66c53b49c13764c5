// store-thumbnail: a thumbnail into its place, unless the picture that it is of has been replaced or deleted meanwhile.
//
// It is written only over what was there when the picture was last seen to be the current one: whoever comes second finds another
// thumbnail than it has looked at, or another picture. The same bytes under one key twice have one ETag, and there the older one may
// pass; it sees so behind it, and says that it was overtaken.

import { DeleteObjectCommand, HeadObjectCommand, PutObjectCommand, type S3Client } from "@aws-sdk/client-s3";
import { isMissing, type Original, stateOf } from "../original";
import type { Thumbnail } from "./thumbnailer";

/** A version of a picture, and where its thumbnail belongs. */
export interface Picture extends Original {
  readonly version: string;
  readonly thumbnailKey: string;
}

/** What lies at the thumbnail's place, and of which version of the picture it is. */
interface Present {
  readonly etag: string;
  readonly of: string | undefined;
}

/** So often somebody else may be faster. */
const tries = 8;

/** Whether the thumbnail of this very version is there already. */
export const hasThumbnail = async (s3: S3Client, { bucket, thumbnailKey, version }: Picture): Promise<boolean> =>
  (await present(s3, bucket, thumbnailKey))?.of === version;

/** `overtaken`: something was written, or deleted, that may have been in the place of a newer one, which is to be made anew. */
export async function storeThumbnail(
  s3: S3Client,
  picture: Picture,
  thumbnail: Thumbnail,
): Promise<"stored" | "superseded" | "gone" | "overtaken"> {
  const { bucket, version, thumbnailKey } = picture;
  for (let count = 1; count <= tries; count++) {
    const there = await present(s3, bucket, thumbnailKey);
    const state = await stateOf(s3, picture, version);
    if (state !== "current") return state;
    if (!(await put(s3, picture, thumbnail, there))) continue;
    const after = await stateOf(s3, picture, version);
    if (after === "current") return "stored";
    if (after === "superseded") return "overtaken";
    // Whoever deleted the picture has found no thumbnail to delete.
    await s3.send(new DeleteObjectCommand({ Bucket: bucket, Key: thumbnailKey }));
    return (await stateOf(s3, picture, version)) === "gone" ? "gone" : "overtaken";
  }
  throw new Error(`Cannot store "${thumbnailKey}": it was changed by others ${tries} times. The event comes again`);
}

async function present(s3: S3Client, Bucket: string, Key: string): Promise<Present | undefined> {
  try {
    const { ETag = "", Metadata } = await s3.send(new HeadObjectCommand({ Bucket, Key }));
    return { etag: ETag, of: Metadata?.["source-version"] };
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}

/** False where something else lies there by now. */
async function put(
  s3: S3Client,
  { bucket, version, thumbnailKey }: Picture,
  { bytes, mime, source }: Thumbnail,
  there: Present | undefined,
): Promise<boolean> {
  try {
    await s3.send(
      new PutObjectCommand({
        Bucket: bucket,
        Key: thumbnailKey,
        Body: bytes,
        ContentType: mime,
        Metadata: {
          "source-version": version,
          "source-type": source.mime,
          "source-width": String(source.width),
          "source-height": String(source.height),
        },
        ...(there === undefined ? { IfNoneMatch: "*" } : { IfMatch: there.etag }),
      }),
    );
    return true;
  } catch (error) {
    // 409 while another write of it is under way, 404 where it was deleted
    // (https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-writes.html).
    const { name } = error as Error;
    if (["PreconditionFailed", "ConditionalRequestConflict", "NoSuchKey"].includes(name)) return false;
    throw error;
  }
}
