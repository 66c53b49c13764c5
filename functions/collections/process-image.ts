// process-image: a picture in, its thumbnail out.
//
//   in    s3           collections-images   {user_id}/{file}.jpg .jpeg .png, in any case
//   out   s3           collections-images   {user_id}/thumbnails/{file}   800x800 at most, upright, without metadata
//         eventbridge  ImageProcessed       (schemas/image-events.ts)
//         dynamodb     audit
//
// What a picture is, and how large, is read in its header before anything is decoded. What is none, or too large, is a dead
// letter at once, and the others go on; a failed read or write comes again, five times. Twice is the same as once, but for a second
// event, of which nothing comes. Of two pictures under one key the newer one's thumbnail stays, whichever is done first.
// Thumbnails wake nobody: the rule passes over their keys. What does not end as a picture does is none of its business.

import { Logger } from "@aws-lambda-powertools/logger";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { EventBridgeClient } from "@aws-sdk/client-eventbridge";
import { S3Client } from "@aws-sdk/client-s3";
import type * as aws from "@pulumi/aws";
import { type ImageProcessed, imageProcessed } from "../../schemas/image-events";
import { endsAsImage, imageKeyOf, isThumbnailKey, thumbnailKey as thumbnailKeyOf } from "../../schemas/image-keys";
import { imageTypes, maxImageBytes } from "../../schemas/image-types";
import type { DataBucket } from "../../stage/data-bucket";
import { eachMessage, final } from "../../stage/each-message";
import { environment } from "../../stage/environment";
import { amend, list, publish, read, remove, write } from "../../stage/permissions";
import type { Platform } from "../../stage/platform";
import { stage } from "../../stage/stage";
import { objectBatches } from "../../stage/triggers";
import { bytesOf, currentOriginal } from "./original";
import { pictureAudit } from "./picture-audit";
import { badImage, isBadImage } from "./process-image/bad-image";
import { createdImagesOf } from "./process-image/created-images";
import { readHeader } from "./process-image/header";
import { hasThumbnail, storeThumbnail } from "./process-image/store-thumbnail";
import { thumbnailer } from "./process-image/thumbnailer";
import { publishEvent } from "./publish-event";

interface Ground {
  readonly platform: Platform;
  readonly images: DataBucket;
  /** stage/image-codec-layer.ts. */
  readonly codec: aws.lambda.LayerVersion;
  /** Batches. */
  readonly atOnce: number;
}

const thumbnails = "*/thumbnails/";

export const processImage = ({ platform, images, codec, atOnce }: Ground) =>
  stage(platform, "process-image", factory, {
    on: [objectBatches(images, { except: [`${thumbnails}*`], batch: 5, window: 0, atOnce })],
    may: [
      read(images),
      list(images),
      write(images, thumbnails),
      remove(images, thumbnails),
      publish(platform, imageProcessed.source),
      amend(platform.audit),
    ],
    env: { BUCKET_NAME: images.bucket, EVENT_BUS_NAME: "default", AUDIT_TABLE: platform.audit.name },
    layers: [codec],
    memory: 1_024,
    timeout: 60,
  });

export const factory = () => {
  const { BUCKET_NAME, AUDIT_TABLE } = environment("BUCKET_NAME", "AUDIT_TABLE");
  const { EVENT_BUS_NAME = "default" } = process.env;
  const s3 = new S3Client({});
  const events = new EventBridgeClient({});
  const audit = pictureAudit(new DynamoDBClient({}), AUDIT_TABLE, "process-image");
  const makeThumbnail = thumbnailer();
  const logger = new Logger();

  return eachMessage(
    async (event, { requestId }) => {
      for (const { bucket, key, version } of createdImagesOf(event)) {
        const outcome = await take(bucket, key, version, requestId);
        logger.info("Took a picture", { key, version, outcome });
      }
    },
    { width: 1 },
  );

  async function take(
    bucket: string,
    key: string,
    told: string | undefined,
    requestId: string,
  ): Promise<"thumbnailed" | "skipped" | "superseded" | "gone"> {
    if (isThumbnailKey(key) || !endsAsImage(key)) return "skipped";
    if (bucket !== BUCKET_NAME) {
      throw final(
        "OtherBucket",
        `Cannot make a thumbnail of "${key}": it lies in "${bucket}", not in "${BUCKET_NAME}"`,
      );
    }
    const now = await currentOriginal(s3, { bucket, key });
    if (now === undefined) return "gone";
    if (told !== undefined && told !== now.version) return "superseded";
    const record = audit({ bucket, key, version: now.version, requestId });
    try {
      const thumbnailed = await thumbnail(bucket, key, now);
      // Whichever is the current one by now.
      if (thumbnailed === "overtaken") return await take(bucket, key, undefined, requestId);
      if (thumbnailed !== "stored") return thumbnailed;
    } catch (error) {
      if (!isBadImage(error)) throw error;
      await record("rejected", [], error);
      throw final(error.code, error.message, { cause: error });
    }
    const { userId, itemId, filename } = nameOf(key);
    const thumbnail_key = thumbnailKeyOf({ userId, filename });
    const detail: ImageProcessed = {
      item_id: itemId,
      user_id: userId,
      bucket,
      original_key: key,
      thumbnail_key,
      version_id: now.version,
    };
    await publishEvent(events, EVENT_BUS_NAME, imageProcessed, detail);
    await record("thumbnailed", [thumbnail_key]);
    return "thumbnailed";
  }

  async function thumbnail(bucket: string, key: string, { version, size }: { version: string; size: number }) {
    const { userId, filename, mime } = nameOf(key);
    const picture = { bucket, key, version, thumbnailKey: thumbnailKeyOf({ userId, filename }) };
    if (await hasThumbnail(s3, picture)) return "stored";
    if (size > maxImageBytes) {
      throw badImage("TooLarge", key, `it has ${size} bytes, and ${maxImageBytes} are the most`);
    }
    const bytes = await bytesOf(s3, picture, version);
    const made = await makeThumbnail(bytes, readHeader(bytes, key), mime);
    return storeThumbnail(s3, picture, made);
  }
};

/** Throws where the key names no picture of anybody's. */
function nameOf(key: string) {
  const name = imageKeyOf(key);
  if (name !== undefined) return name;
  const forms = Object.keys(imageTypes).join(", ");
  throw badImage("NoImageKey", key, `the key is not {user_id}/{file}, ending in ${forms}`);
}
