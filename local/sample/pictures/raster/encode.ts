// encode: a raster as the bytes of a file.

import { PNG } from "pngjs";
import { codec } from "./codec";
import type { Raster } from "./raster";

/** Of the PNG standard: the filter type "up", and the colour types with and without alpha. https://www.w3.org/TR/png-3/ */
const up = 2;
const colourTypes = { opaque: 2, alpha: 6 } as const;

/** Packed quickly: these pictures are looked at once. `alpha` keeps what is transparent; else there are three channels. */
export function encodePng({ width, height, data }: Raster, { alpha = false } = {}): Buffer {
  const png = new PNG({ width, height });
  png.data = Buffer.from(data.buffer);
  return PNG.sync.write(png, {
    deflateLevel: 3,
    filterType: up,
    colorType: alpha ? colourTypes.alpha : colourTypes.opaque,
  });
}

/**
 * By jimp's codec alone: its getBuffer() first lays every JPEG over a background, pixel by pixel, which takes as long again. What is
 * transparent becomes whatever colour it would have.
 */
export const encodeJpeg = ({ width, height, data }: Raster, quality = 88): Buffer =>
  codec("image/jpeg").encode({ width, height, data: Buffer.from(data.buffer) }, { quality });
