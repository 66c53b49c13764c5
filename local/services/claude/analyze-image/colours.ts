// colours: which colours a picture has, and how light, contrasting and colourful it is.

import { type ColourName, colourName, colourNames } from "./colour-names";
import type { Picture } from "./picture";

export interface Colours {
  /** The share of the pixels that each has, from 0 to 1, the largest first. */
  readonly shares: readonly (readonly [ColourName, number])[];
  /** The mean, from 0 to 1. */
  readonly lightness: number;
  /** The standard deviation of the lightness, at most 0.5. */
  readonly contrast: number;
  /** The mean; a pure colour has 0.15 to 0.3. */
  readonly chroma: number;
  /** From blue, below 0, to yellow, above. */
  readonly warmth: number;
  /** How many flat tones cover 95 % of the picture: a drawing has few. */
  readonly tones: number;
  /** Of each pixel: its place in `colourNames`. */
  readonly named: Uint8Array;
}

export function coloursOf({ lightness, a, b }: Picture): Colours {
  const pixels = lightness.length;
  const named = new Uint8Array(pixels);
  const counts = new Map<ColourName, number>();
  const tones = new Map<number, number>();
  let [sum, squares, chroma, warmth] = [0, 0, 0, 0];
  for (let pixel = 0; pixel < pixels; pixel += 1) {
    const [light, red, yellow] = [lightness[pixel] ?? 0, a[pixel] ?? 0, b[pixel] ?? 0];
    sum += light;
    squares += light * light;
    chroma += Math.sqrt(red * red + yellow * yellow);
    warmth += yellow;
    const name = colourName(light, red, yellow);
    named[pixel] = colourNames.indexOf(name);
    counts.set(name, (counts.get(name) ?? 0) + 1);
    const tone = toneOf(light, red, yellow);
    tones.set(tone, (tones.get(tone) ?? 0) + 1);
  }
  const mean = sum / pixels;
  return {
    shares: [...counts]
      .map(([name, count]) => [name, count / pixels] as const)
      .sort(([, one], [, other]) => other - one),
    lightness: mean,
    contrast: Math.sqrt(Math.max(0, squares / pixels - mean * mean)),
    chroma: chroma / pixels,
    warmth: warmth / pixels,
    tones: covering([...tones.values()], 0.95 * pixels),
    named,
  };
}

export const shareOf = ({ shares }: Colours, ...names: readonly ColourName[]): number =>
  shares.reduce((sum, [name, share]) => sum + (names.includes(name) ? share : 0), 0);

/** Two colours in one cell of this size are hard to tell apart side by side. */
const cell = 0.04;

const toneOf = (lightness: number, a: number, b: number): number =>
  (Math.round(lightness / cell) * 64 + Math.round(a / cell) + 32) * 64 + Math.round(b / cell) + 32;

function covering(counts: readonly number[], pixels: number): number {
  let [covered, tones] = [0, 0];
  for (const count of [...counts].sort((one, other) => other - one)) {
    if (covered >= pixels) break;
    covered += count;
    tones += 1;
  }
  return tones;
}
