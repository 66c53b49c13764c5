// thumbnail: the bytes of a picture drawn into a box, in its own proportions.

import { decode } from "@cwasm/jpeg-turbo";
import { codec } from "../../sample/pictures/raster/codec";
import { lay, type Raster, rgba } from "../../sample/pictures/raster/raster";
import { type Box, fitted } from "./layout";

/** Nothing where the bytes are no picture of that type: a sheet is not worth losing for one of its pictures. */
export function readThumbnail(bytes: Uint8Array, contentType: string): Raster | undefined {
  try {
    const read = contentType === "image/png" ? codec("image/png").decode(Buffer.from(bytes)) : decode(bytes);
    const { width, height, data } = read;
    return width > 0 && height > 0 ? { width, height, data: new Uint8ClampedArray(data) } : undefined;
  } catch {
    return undefined;
  }
}

/** Gives the box that it fills. What is transparent shows what is there already. */
export function drawThumbnail(sheet: Raster, picture: Raster, into: Box): Box {
  const box = fitted(picture, into);
  const [wide, high] = [picture.width / box.width, picture.height / box.height];
  for (let y = 0; y < box.height; y++)
    for (let x = 0; x < box.width; x++)
      lay(sheet, box.x + x, box.y + y, meanOf(picture, x * wide, y * high, (x + 1) * wide, (y + 1) * high), 1);
  return box;
}

/** Of the pixels between the edges, each by how much of it lies between them and by its alpha. */
function meanOf({ width, height, data }: Raster, left: number, top: number, right: number, bottom: number): number {
  let [red, green, blue, alpha, area] = [0, 0, 0, 0, 0];
  for (let y = Math.floor(top); y < Math.min(height, bottom); y++) {
    const rows = Math.min(bottom, y + 1) - Math.max(top, y);
    for (let x = Math.floor(left); x < Math.min(width, right); x++) {
      const share = rows * (Math.min(right, x + 1) - Math.max(left, x));
      const at = (y * width + x) * 4;
      const weight = share * (data[at + 3] ?? 0);
      red += weight * (data[at] ?? 0);
      green += weight * (data[at + 1] ?? 0);
      blue += weight * (data[at + 2] ?? 0);
      alpha += weight;
      area += share;
    }
  }
  if (alpha === 0) return 0;
  return rgba(Math.round(red / alpha), Math.round(green / alpha), Math.round(blue / alpha), Math.round(alpha / area));
}
