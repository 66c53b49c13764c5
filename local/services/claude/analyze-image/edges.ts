// edges: where the lightness changes, how much of the picture that is and in which direction it runs (Sobel's operator), and
// how alike the left half is to the right.

import type { Picture } from "./picture";

export interface Edges {
  /** The share of pixels with an edge, from 0 to 1. */
  readonly density: number;
  /** The share of pixels around which nothing changes at all. */
  readonly still: number;
  /** Of the strength of all edges, from 0 to 1: those within 10 degrees of upright, and of level. */
  readonly upright: number;
  readonly level: number;
  /** Of each row: by how much it gets lighter downwards, over all columns, as lightness a pixel. */
  readonly fall: readonly number[];
  /** The strength of the edge at each pixel, as lightness a pixel; 0 along the border. */
  readonly strength: Float32Array;
}

const edge = 0.035;
const nothing = 0.004;
const straight = Math.tan((10 * Math.PI) / 180);

export function edgesOf({ columns, rows, lightness }: Picture): Edges {
  const strength = new Float32Array(columns * rows);
  const fall: number[] = [];
  let [edges, still, upright, level, all] = [0, 0, 0, 0, 0];
  for (let row = 1; row < rows - 1; row += 1) {
    let lighter = 0;
    for (let column = 1; column < columns - 1; column += 1) {
      const at = row * columns + column;
      const upLeft = lightness[at - columns - 1] ?? 0;
      const up = lightness[at - columns] ?? 0;
      const upRight = lightness[at - columns + 1] ?? 0;
      const left = lightness[at - 1] ?? 0;
      const right = lightness[at + 1] ?? 0;
      const downLeft = lightness[at + columns - 1] ?? 0;
      const down = lightness[at + columns] ?? 0;
      const downRight = lightness[at + columns + 1] ?? 0;
      const across = upRight + 2 * right + downRight - upLeft - 2 * left - downLeft;
      const along = downLeft + 2 * down + downRight - upLeft - 2 * up - upRight;
      lighter += along;
      const size = Math.sqrt(across * across + along * along) / 8;
      strength[at] = size;
      if (size < nothing) still += 1;
      if (size < edge) continue;
      edges += 1;
      all += size;
      if (Math.abs(along) < straight * Math.abs(across)) upright += size;
      if (Math.abs(across) < straight * Math.abs(along)) level += size;
    }
    fall.push(lighter / 8 / Math.max(1, columns - 2));
  }
  const pixels = Math.max(1, (columns - 2) * (rows - 2));
  const total = Math.max(all, 1e-9);
  return {
    density: edges / pixels,
    still: still / pixels,
    upright: upright / total,
    level: level / total,
    fall,
    strength,
  };
}

/** The correlation of the lightness of the two halves, one of them in the mirror: from -1 to 1, and 0 where it is all one. */
export function symmetryOf({ columns, rows, lightness }: Picture): number {
  let [sum, squares, products, count] = [0, 0, 0, 0];
  for (let row = 0; row < rows; row += 1) {
    for (let column = 0; column < columns; column += 1) {
      const light = lightness[row * columns + column] ?? 0;
      sum += light;
      squares += light * light;
      products += light * (lightness[row * columns + columns - 1 - column] ?? 0);
      count += 1;
    }
  }
  const mean = sum / count;
  const variance = squares / count - mean * mean;
  return variance < 1e-5 ? 0 : (products / count - mean * mean) / variance;
}
