// picture-fixture: the whole way of a picture, from its bytes to the pixels of its thumbnail, which jimp reads.

import assert from "node:assert/strict";
import { Jimp } from "jimp";
import type { ImageMime } from "../../../schemas/image-types";
import { isBadImage } from "./bad-image";
import { readHeader } from "./header";
import { type Thumbnail, thumbnailer } from "./thumbnailer";

/** Red, green, blue and alpha of one pixel. */
export type Colour = readonly number[];

export const red: Colour = [255, 0, 0, 255];
export const green: Colour = [0, 255, 0, 255];
export const blue: Colour = [0, 0, 255, 255];
export const white: Colour = [255, 255, 255, 255];
export const black: Colour = [0, 0, 0, 255];

const makeThumbnail = thumbnailer();

export const thumbnailOf = async (bytes: Uint8Array, mime: ImageMime = "image/png"): Promise<Thumbnail> =>
  makeThumbnail(bytes, readHeader(bytes, "u/a.png"), mime);

export interface Seen {
  readonly width: number;
  readonly height: number;
  at(x: number, y: number): Colour;
}

/** What is to be seen on the thumbnail. */
export async function seen(bytes: Uint8Array, mime: ImageMime = "image/png"): Promise<Seen> {
  const thumbnail = await thumbnailOf(bytes, mime);
  const { bitmap, mime: found } = await Jimp.fromBuffer(Buffer.from(thumbnail.bytes));
  const { width, height } = bitmap;
  assert.deepEqual([found, width, height], [mime, thumbnail.width, thumbnail.height]);
  return { width, height, at: (x, y) => [...bitmap.data.subarray((y * width + x) * 4, (y * width + x) * 4 + 4)] };
}

/** The pixels in the corners: above left and right, below left and right. */
export const corners = ({ width, height, at }: Seen): readonly Colour[] => [
  at(0, 0),
  at(width - 1, 0),
  at(0, height - 1),
  at(width - 1, height - 1),
];

/** The same to the eye: a JPEG keeps no colour exactly. */
export function assertNear(found: Colour, expected: Colour, most = 6): void {
  const differences = expected.map((value, channel) => Math.abs(value - (found[channel] ?? Number.NaN)));
  assert.ok(
    differences.length === 4 && differences.every((difference) => difference <= most),
    `${found.join(",")} is not ${expected.join(",")}`,
  );
}

export const assertCorners = (picture: Seen, expected: readonly Colour[]): void =>
  corners(picture).forEach((colour, index) => {
    assertNear(colour, expected[index] ?? []);
  });

/** The code of the error that the picture ends with, which must be a BadImage. */
export async function codeOf(bytes: Uint8Array): Promise<string> {
  try {
    await thumbnailOf(bytes);
    return "none";
  } catch (error) {
    if (!isBadImage(error)) throw error;
    assert.match(error.message, /^Cannot make a thumbnail of "u\/a\.png": \S/);
    return error.code;
  }
}
