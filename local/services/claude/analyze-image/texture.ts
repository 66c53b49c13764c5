// texture: how busy the parts of a picture are - above the horizon, along the border and in the middle.

import type { Edges } from "./edges";
import type { Horizon } from "./horizon";
import type { Picture } from "./picture";

export interface Texture {
  /** The mean strength of the edges, as lightness a pixel. */
  readonly sky: number;
  readonly border: number;
  readonly middle: number;
  /** The standard deviation of the lightness along the border, by which a plain background is known. */
  readonly borderContrast: number;
}

/** Of each side. */
const borderWidth = 0.08;

export function textureOf({ columns, rows, lightness }: Picture, { strength }: Edges, { height }: Horizon): Texture {
  const [sky, border, middle] = [mean(), mean(), mean()];
  let [light, squares] = [0, 0];
  for (let row = 0; row < rows; row += 1) {
    const y = (row + 0.5) / rows;
    for (let column = 0; column < columns; column += 1) {
      const x = (column + 0.5) / columns;
      const at = row * columns + column;
      const size = strength[at] ?? 0;
      if (y < height) sky.add(size);
      if (Math.min(x, 1 - x, y, 1 - y) >= borderWidth) middle.add(size);
      else {
        border.add(size);
        light += lightness[at] ?? 0;
        squares += (lightness[at] ?? 0) ** 2;
      }
    }
  }
  const borderMean = light / border.count();
  return {
    sky: sky.value(),
    border: border.value(),
    middle: middle.value(),
    borderContrast: Math.sqrt(Math.max(0, squares / border.count() - borderMean ** 2)),
  };
}

function mean() {
  let [sum, count] = [0, 0];
  return {
    add: (value: number) => {
      sum += value;
      count += 1;
    },
    count: () => Math.max(1, count),
    value: () => sum / Math.max(1, count),
  };
}
