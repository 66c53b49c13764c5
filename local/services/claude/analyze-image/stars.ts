// stars: how many points of light there are on the dark, as in the sky at night.

import type { Colours } from "./colours";
import type { Picture } from "./picture";
import { regionsOf } from "./regions";

/** As much lighter than the mean of the picture, in OKLab. */
const lighter = 0.2;

/** In pixels of the reduced picture. */
const largest = 9;

export function starsOf({ columns, lightness }: Picture, { lightness: mean }: Colours): number {
  const lights = Uint8Array.from(lightness, (value) => (value > mean + lighter ? 1 : 0));
  return regionsOf(lights, columns, 1).filter(({ area }) => area <= largest).length;
}
