// pixel-limits: how large a picture may be, so that the worst that is taken fits a function of 1,024 MB and a minute.

import { badImage } from "./bad-image";

/** A telephone takes pictures of 108 megapixels. */
const maxPixels = 120_000_000;

/** A JPEG has no more: it counts them in sixteen bits. */
const maxSide = 65_535;

/** Throws a BadImage. */
export function checkPixels(width: number, height: number, name: string): void {
  if (width === 0 || height === 0) throw badImage("Damaged", name, `it has ${width}x${height} pixels`);
  if (width > maxSide || height > maxSide || width * height > maxPixels) {
    const most = `${maxPixels / 1e6} million are the most, and ${maxSide} a side`;
    throw badImage("TooManyPixels", name, `it has ${width}x${height} pixels, and ${most}`);
  }
}

/**
 * What pngjs may hold of a picture at once: 31 megapixels of colours with alpha, 14 of them in sixteen bits. The function itself,
 * the file and jimp's resizing take up to 300 MB more.
 */
const maxPngBytes = 500_000_000;

interface PngPixels {
  readonly name: string;
  readonly width: number;
  readonly height: number;
  readonly bitDepth: number;
}

/**
 * pngjs has the rows three times: inflated, copied, and freed of their filters. Then it has the pixels, of sixteen bits a channel
 * once as they are and once in eight. Throws a BadImage.
 */
export function checkPngBytes({ name, width, height, bitDepth }: PngPixels, rowBytes: number): void {
  const bytes = 3 * rowBytes + width * height * (bitDepth === 16 ? 12 : 4);
  if (bytes <= maxPngBytes) return;
  const found = `it has ${width}x${height} pixels in a PNG, which take ${bytes} bytes`;
  throw badImage("TooManyPixels", name, `${found}, and ${maxPngBytes} are the most`);
}
