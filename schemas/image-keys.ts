// image-keys: what the key of an object in the images bucket says - whose picture it is, and which.
//
//   {user_id}/{file}               a picture; its item has the name of the file, without the ending
//   {user_id}/thumbnails/{file}    its thumbnail
//
// Two pictures of one user whose files differ in the ending only are one item, and the newer one is its picture. The API names
// files by a UUID.

import { description, type InferOutput, is, maxLength, pipe, regex, string } from "valibot";
import { type ImageMime, imageTypes } from "./image-types";

/** A user of the user pool by their `sub`, or whoever a key names: safe in keys, settings of PostgreSQL and a shell. */
export const UserId = pipe(
  string(),
  regex(/^[A-Za-z0-9][A-Za-z0-9._@-]*$/, "must be letters, digits and . _ @ -"),
  maxLength(128, "must have 128 characters at most"),
  description("Whose item it is"),
);

export type UserId = InferOutput<typeof UserId>;

/** What a file is called, without its ending: no control characters and no way up. */
export const ItemId = pipe(
  string(),
  // Lone halves of pairs, controls and slashes are in none.
  regex(/^(?!\.)[^\p{C}/\\]+$/u, "must be the name of a file without its ending"),
  maxLength(200, "must have 200 characters at most"),
  description("The item: the name of its picture's file without the ending"),
);

export type ItemId = InferOutput<typeof ItemId>;

export interface ImageKey {
  readonly userId: UserId;
  readonly itemId: ItemId;
  readonly filename: string;
  readonly mime: ImageMime;
}

/** Nothing where the key names no picture of anybody's. */
export function imageKeyOf(key: string): ImageKey | undefined {
  const [userId = "", filename = "", ...more] = key.split("/");
  const ending = endingOf(filename);
  const itemId = filename.slice(0, filename.length - ending.length);
  const mime = imageTypes[ending];
  const named = more.length === 0 && mime !== undefined && is(UserId, userId) && is(ItemId, itemId);
  return named ? { userId, itemId, filename, mime } : undefined;
}

export const thumbnailKey = ({ userId, filename }: Pick<ImageKey, "userId" | "filename">): string =>
  `${userId}/thumbnails/${filename}`;

export const isThumbnailKey = (key: string): boolean => key.split("/")[1] === "thumbnails" && key.split("/").length > 2;

/** Whether it ends as a picture does, whosoever it may be. */
export const endsAsImage = (key: string): boolean => imageTypes[endingOf(key)] !== undefined;

const endingOf = (key: string) => (/\.[^./]+$/.exec(key)?.[0].toLowerCase() ?? "") as keyof typeof imageTypes;
