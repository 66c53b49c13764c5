// premultiplied: colours times alpha, so that a mean of pixels takes each colour as much as it is there. Both in place.
//
// jimp's resize leaves what has no alpha out of the mean of the colours, and takes all others alike: a shadow next to a line would
// darken it. Whatever has some alpha it takes into both means, and so nothing may be without while it resizes.

import type { Bitmap } from "./bitmap";

const leastAlpha = 1;

export function premultiply({ data }: Bitmap): void {
  for (let at = 0; at < data.length; at += 4) {
    const alpha = data[at + 3] ?? 0;
    if (alpha === 255) continue;
    for (let channel = at; channel < at + 3; channel++)
      data[channel] = Math.round(((data[channel] ?? 0) * alpha) / 255);
    data[at + 3] = Math.max(leastAlpha, alpha);
  }
}

export function unpremultiply({ data }: Bitmap): void {
  for (let at = 0; at < data.length; at += 4) {
    const alpha = data[at + 3] ?? 0;
    if (alpha === 255) continue;
    if (alpha <= leastAlpha) data.fill(0, at, at + 4);
    else for (let channel = at; channel < at + 3; channel++) data[channel] = times255(data[channel] ?? 0, alpha);
  }
}

const times255 = (colour: number, alpha: number): number => Math.min(255, Math.round((colour * 255) / alpha));
