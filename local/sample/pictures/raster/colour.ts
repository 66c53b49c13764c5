// colour: colours made from others.

import { type Colour, rgba } from "./raster";

/** From `a` at 0 to `b` at 1. */
export function mix(a: Colour, b: Colour, share: number): Colour {
  const t = Math.min(1, Math.max(0, share));
  return rgba(
    between(a >>> 24, b >>> 24, t),
    byteBetween(a, b, 16, t),
    byteBetween(a, b, 8, t),
    byteBetween(a, b, 0, t),
  );
}

const byteBetween = (a: Colour, b: Colour, shift: number, t: number) =>
  between((a >>> shift) & 0xff, (b >>> shift) & 0xff, t);

const between = (a: number, b: number, t: number) => (a + (b - a) * t + 0.5) | 0;

export const lighter = (colour: Colour, share: number): Colour => mix(colour, 0xffffff00 + (colour & 0xff), share);

export const darker = (colour: Colour, share: number): Colour => mix(colour, colour & 0xff, share);

/** The same colour, less of it: `alpha` is 0 to 1. */
export const veiled = (colour: Colour, alpha: number): Colour =>
  ((colour & 0xffffff00) | Math.round(Math.min(1, Math.max(0, alpha)) * 255)) >>> 0;
