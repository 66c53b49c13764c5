// picture: the pixels of an image, reduced to what the rules look at.
//
//   in    a JPEG or a PNG as the request brings it
//   out   at most 256 by 256 pixels in OKLab, a space in which equal distances look about equal
//         (https://bottosson.github.io/posts/oklab/), and the brightness of every pixel of the original, for what is fine: strokes
//
// What is transparent lies on white. An image that cannot be decoded is refused as the API refuses it.

import { Jimp } from "jimp";
import { type Image, notProcessed } from "../image";

export interface Picture {
  readonly width: number;
  readonly height: number;
  /** Of the reduced picture, in pixels; a pixel stands at `row * columns + column`. */
  readonly columns: number;
  readonly rows: number;
  /** From 0, black, to 1, white. */
  readonly lightness: Float32Array;
  /** From green to red. */
  readonly a: Float32Array;
  /** From blue to yellow. */
  readonly b: Float32Array;
  /** Of the original: from 0 to 255, a pixel at `y * width + x`. */
  readonly luma: Uint8Array;
}

export interface Bitmap {
  readonly width: number;
  readonly height: number;
  /** Four bytes to a pixel: red, green, blue, alpha. */
  readonly data: Uint8Array;
}

const longestSide = 256;

export async function pictureOf({ bytes }: Image): Promise<Picture> {
  return reduced(await bitmapOf(bytes));
}

async function bitmapOf(bytes: Buffer): Promise<Bitmap> {
  try {
    return (await Jimp.fromBuffer(bytes)).bitmap;
  } catch {
    throw notProcessed();
  }
}

/** Each pixel of it is the mean of those that it stands for. */
export function reduced({ width, height, data }: Bitmap): Picture {
  const scale = Math.min(1, longestSide / Math.max(width, height));
  const columns = Math.max(1, Math.round(width * scale));
  const rows = Math.max(1, Math.round(height * scale));
  const luma = new Uint8Array(width * height);
  const sums = new Float64Array(columns * rows * 4);
  const placeOf = Int32Array.from({ length: width }, (_, x) => Math.floor((x * columns) / width) * 4);
  for (let y = 0, pixel = 0; y < height; y += 1) {
    const row = Math.floor((y * rows) / height) * columns * 4;
    for (let x = 0; x < width; x += 1, pixel += 1) {
      let red = data[pixel * 4] ?? 0;
      let green = data[pixel * 4 + 1] ?? 0;
      let blue = data[pixel * 4 + 2] ?? 0;
      const alpha = data[pixel * 4 + 3] ?? 0;
      if (alpha < 255) {
        red = onWhite(red, alpha);
        green = onWhite(green, alpha);
        blue = onWhite(blue, alpha);
      }
      luma[pixel] = 0.299 * red + 0.587 * green + 0.114 * blue;
      const to = row + (placeOf[x] ?? 0);
      sums[to] = (sums[to] ?? 0) + red;
      sums[to + 1] = (sums[to + 1] ?? 0) + green;
      sums[to + 2] = (sums[to + 2] ?? 0) + blue;
      sums[to + 3] = (sums[to + 3] ?? 0) + 1;
    }
  }
  return { width, height, columns, rows, luma, ...oklabOf(sums) };
}

const onWhite = (value: number, alpha: number): number => 255 + ((value - 255) * alpha) / 255;

function oklabOf(sums: Float64Array): Pick<Picture, "lightness" | "a" | "b"> {
  const pixels = sums.length / 4;
  const [lightness, a, b] = [new Float32Array(pixels), new Float32Array(pixels), new Float32Array(pixels)];
  for (let pixel = 0; pixel < pixels; pixel += 1) {
    const count = sums[pixel * 4 + 3] ?? 1;
    const red = linear((sums[pixel * 4] ?? 0) / count);
    const green = linear((sums[pixel * 4 + 1] ?? 0) / count);
    const blue = linear((sums[pixel * 4 + 2] ?? 0) / count);
    const long = Math.cbrt(0.4122214708 * red + 0.5363325363 * green + 0.0514459929 * blue);
    const medium = Math.cbrt(0.2119034982 * red + 0.6806995451 * green + 0.1073969566 * blue);
    const short = Math.cbrt(0.0883024619 * red + 0.2817188376 * green + 0.6299787005 * blue);
    lightness[pixel] = 0.2104542553 * long + 0.793617785 * medium - 0.0040720468 * short;
    a[pixel] = 1.9779984951 * long - 2.428592205 * medium + 0.4505937099 * short;
    b[pixel] = 0.0259040371 * long + 0.7827717662 * medium - 0.808675766 * short;
  }
  return { lightness, a, b };
}

/** IEC 61966-2-1, for every sixteenth of a step. */
const linearLight = Float32Array.from({ length: 255 * 16 + 1 }, (_, step) => {
  const value = step / (255 * 16);
  return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
});

const linear = (value: number): number => linearLight[Math.round(value * 16)] ?? 0;
