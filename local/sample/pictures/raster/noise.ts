// noise: irregularity - clouds, rock, the grain of wood and of film - drawn from a random stream.

import type { Random } from "../../xoshiro128";
import type { Raster } from "./raster";

/** A value from 0 to 1 for every place of the plane, about 0.5 in the mean. */
export type Noise = (x: number, y: number) => number;

/** Smooth hills and dales, about one to each unit of length; each octave adds some of half the size and half the height. */
export function noise(random: Random, octaves = 4): Noise {
  const lattice = Float32Array.from({ length: side * side }, () => random());
  const whole = 2 - 2 ** (1 - octaves);
  return (x, y) => {
    let sum = 0;
    for (let octave = 0, size = 1; octave < octaves; octave++, size *= 2)
      // Shifted, or the lattices' corners would lie upon each other.
      sum += between(lattice, x * size + octave * 17.3, y * size + octave * 9.1) / size;
    return sum / whole;
  };
}

/** The same, computed at every third pixel of a picture only and straight between: a tenth of the work, for what is soft anyway. */
export function coarse(fine: Noise, width: number, height: number): Noise {
  const every = 3;
  const columns = Math.ceil(width / every) + 2;
  const known = new Float32Array(columns * (Math.ceil(height / every) + 2));
  for (let at = 0; at < known.length; at++) known[at] = fine((at % columns) * every, Math.floor(at / columns) * every);
  return (x, y) => {
    const column = Math.floor(x / every);
    const row = Math.floor(y / every);
    const u = x / every - column;
    const v = y / every - row;
    const at = row * columns + column;
    const upper = (known[at] ?? 0) * (1 - u) + (known[at + 1] ?? 0) * u;
    const lower = (known[at + columns] ?? 0) * (1 - u) + (known[at + columns + 1] ?? 0) * u;
    return upper * (1 - v) + lower * v;
  };
}

const side = 64;

/** The value at a place of the lattice's plane, which repeats itself. */
function between(lattice: Float32Array, x: number, y: number): number {
  const left = Math.floor(x);
  const top = Math.floor(y);
  const u = eased(x - left);
  const v = eased(y - top);
  const west = left & (side - 1);
  const east = (left + 1) & (side - 1);
  const north = (top & (side - 1)) * side;
  const south = ((top + 1) & (side - 1)) * side;
  const upper = (lattice[north + west] ?? 0) * (1 - u) + (lattice[north + east] ?? 0) * u;
  const lower = (lattice[south + west] ?? 0) * (1 - u) + (lattice[south + east] ?? 0) * u;
  return upper * (1 - v) + lower * v;
}

const eased = (t: number) => t * t * (3 - 2 * t);

/** 0 below `low`, 1 above `high`, and smooth between. */
export const step = (low: number, high: number, value: number): number =>
  eased(Math.min(1, Math.max(0, (value - low) / (high - low))));

/** Makes each pixel a little lighter or darker, as a film does. */
export function addGrain({ data }: Raster, random: Random, strength: number): void {
  // One draw of the stream for a whole picture: a generator with a shorter period does for grain.
  let state = (Math.floor(random() * 0xffff_ffff) | 1) >>> 0;
  for (let at = 0; at < data.length; at += 4) {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    const change = (state >> 8) * (strength / 0x80_0000);
    data[at] = (data[at] ?? 0) + change;
    data[at + 1] = (data[at + 1] ?? 0) + change;
    data[at + 2] = (data[at + 2] ?? 0) + change;
  }
}
