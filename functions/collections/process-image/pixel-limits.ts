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
