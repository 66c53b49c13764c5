// look: the colours and the type of a sheet.

import { categories } from "../../../schemas/analysis";
import type { Colour } from "../../sample/pictures/raster/raster";
import { type Typeface, typeface } from "../../sample/pictures/raster/typeface";

export const colours = {
  sheet: 0xf3f2efff,
  card: 0xffffffff,
  edge: 0xdfddd8ff,
  mount: 0xebe9e4ff,
  ink: 0x20242bff,
  grey: 0x666c76ff,
};

const marks: Readonly<Record<string, Colour>> = Object.fromEntries(
  categories.map((category, index) => [
    category,
    [
      0xb5651dff, 0x8e44adff, 0x7f6a55ff, 0x3f6fb5ff, 0xd9822bff, 0xc2377aff, 0x2e9e5bff, 0xc9463dff, 0x7a9e2fff,
      0x1f9aa8ff, 0x4b4f9eff, 0x7b818aff,
    ][index] ?? 0x7b818aff,
  ]),
);

/** A colour for each category; the grey of `other` for one that is none. */
export const markOf = (category: string): Colour =>
  (Object.hasOwn(marks, category) ? marks[category] : marks.other) ?? 0x7b818aff;

export interface Faces {
  readonly heading: Typeface;
  readonly title: Typeface;
  readonly text: Typeface;
}

export const faces = async (): Promise<Faces> => ({
  heading: await typeface(30),
  title: await typeface(17.5),
  text: await typeface(15),
});
