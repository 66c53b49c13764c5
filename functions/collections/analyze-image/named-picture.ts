// named-picture: the picture that an ImageProcessed event names.

import { object, safeParse } from "valibot";
import { ImageProcessed } from "../../../schemas/image-events";
import { imageKeyOf, thumbnailKey } from "../../../schemas/image-keys";
import { final } from "../../../stage/each-message";

export interface NamedPicture extends ImageProcessed {
  readonly thumbnail_key: string;
}

/** Throws for good where it is no such event, or one that contradicts itself. */
export function namedPictureOf(event: unknown, ownBucket: string): NamedPicture {
  const { success, output, issues } = safeParse(object({ detail: ImageProcessed }), event);
  if (!success) {
    const wrong = issues.map(({ path }) => path?.map(({ key }) => key).join(".")).join(", ");
    throw final("NoImageEvent", `Cannot analyze a picture: the event is no ImageProcessed, ${wrong} is wrong`);
  }
  const { detail } = output;
  const { user_id, item_id, bucket, original_key } = detail;
  const key = imageKeyOf(original_key);
  if (key === undefined || key.userId !== user_id || key.itemId !== item_id || bucket !== ownBucket) {
    const told = `item "${item_id}" of "${user_id}" in "${bucket}"`;
    throw final("NoImageEvent", `Cannot analyze "${original_key}" of "${ownBucket}": the event calls it ${told}`);
  }
  const thumbnail_key = thumbnailKey(key);
  if (detail.thumbnail_key !== undefined && detail.thumbnail_key !== thumbnail_key) {
    throw final("NoImageEvent", `Cannot analyze "${original_key}": "${detail.thumbnail_key}" is not its thumbnail`);
  }
  return { ...detail, thumbnail_key };
}
