// ridge: the line of hills against the sky, by midpoint displacement.

import type { Random } from "../../xoshiro128";
import type { Outline } from "./outline";

/** Its height at a place, as a y. */
export type Ridge = (x: number) => number;

/**
 * Each half of the line is bent at its middle, up or down by `roughness` of what the whole was bent by: 0.5 gives mountains, less gives
 * hills. It lies between `top` and `bottom`, and touches both.
 */
export function ridge(
  random: Random,
  { width, top, bottom, roughness }: { width: number; top: number; bottom: number; roughness: number },
): Ridge {
  const pieces = 512;
  const heights = new Float64Array(pieces + 1);
  heights[0] = random();
  heights[pieces] = random();
  for (let length = pieces, reach = 1; length > 1; length /= 2, reach *= roughness)
    for (let from = 0; from < pieces; from += length) {
      const middle = ((heights[from] ?? 0) + (heights[from + length] ?? 0)) / 2;
      heights[from + length / 2] = middle + (random() - 0.5) * reach;
    }
  const [least, most] = [Math.min(...heights), Math.max(...heights)];
  return (x) => {
    const place = Math.min(pieces - 1e-9, Math.max(0, (x / width) * pieces));
    const left = Math.floor(place);
    const height = (heights[left] ?? 0) + ((heights[left + 1] ?? 0) - (heights[left] ?? 0)) * (place - left);
    return top + ((height - least) / (most - least || 1)) * (bottom - top);
  };
}

/** The land under a ridge, down to `floor`. */
export function under(line: Ridge, width: number, floor: number): Outline {
  const points = Array.from({ length: Math.ceil(width / 2) + 1 }, (_, index) => [index * 2, line(index * 2)] as const);
  return [...points, [width + 2, floor], [0, floor]];
}
