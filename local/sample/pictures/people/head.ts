// head: how somebody looks, and where the parts of a head are in a picture.

import { blob, type Outline, type Point } from "../raster/outline";
import type { Colour, Raster } from "../raster/raster";

export interface Look {
  readonly skin: Colour;
  readonly hair: Colour;
  readonly style: "long" | "short" | "curly";
  readonly eyes: Colour;
  readonly clothes: Colour;
  readonly collar: "round" | "shirt";
  readonly background: readonly [top: Colour, bottom: Colour];
  readonly beard?: boolean;
  readonly glasses?: boolean;
}

/** A place of the head: its middle is 0, and 1 is half of the face's width to the right, or as much down. */
export type Place = (x: number, y: number) => Point;

export interface Head {
  readonly picture: Raster;
  readonly look: Look;
  readonly radius: number;
  readonly place: Place;
}

/** A smooth shape from its right half, given from the top to the bottom. */
export const bothSides = (place: Place, ...right: readonly Point[]): Outline => {
  const left = right.filter(([x]) => x > 0).toReversed();
  return blob([...right.map(([x, y]) => place(x, y)), ...left.map(([x, y]) => place(-x, y))]);
};
