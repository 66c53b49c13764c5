// shapes: plain forms of one colour each, as a drawing has them.

import { type ColourName, colourNames } from "./colour-names";
import type { Colours } from "./colours";
import type { Picture } from "./picture";
import { aspectOf, fillOf, type Region, regionsOf } from "./regions";

export interface Shape {
  readonly form: "circle" | "ellipse" | "square" | "rectangle" | "triangle" | "diamond" | "bar" | "shape";
  /** About as wide as high, and about as full as a circle. */
  readonly round: boolean;
  readonly colour: ColourName;
  /** Of the picture, from 0 to 1. */
  readonly share: number;
  /** Of the centre: from 0, the top, to 1. */
  readonly y: number;
}

/** Of the picture: what is smaller is a crumb. */
const leastShare = 0.003;

/** Without the ground, which touches more than one border. */
export function shapesOf({ columns, rows }: Picture, { named }: Colours): readonly Shape[] {
  const kinds = Uint8Array.from(named, (name) => name + 1);
  const pixels = columns * rows;
  return regionsOf(kinds, columns, pixels * leastShare)
    .filter(({ left, right, top, bottom }) => {
      const touched = [left === 0, right === columns - 1, top === 0, bottom === rows - 1];
      return touched.filter(Boolean).length < 2;
    })
    .map((region) => ({
      form: formOf(region),
      round: isRound(region),
      colour: colourNames[region.kind - 1] ?? "grey",
      share: region.area / pixels,
      y: region.y / rows,
    }));
}

/** By how much of its box it fills: a circle π/4, a triangle half, and that off its middle, and a diamond half in its middle. */
function formOf(region: Region): Shape["form"] {
  const { left, right, top, bottom, x, y } = region;
  const [fill, aspect] = [fillOf(region), aspectOf(region)];
  const round = aspect > 0.85 && aspect < 1.18;
  if (fill > 0.92) {
    if (aspect > 4 || aspect < 0.25) return "bar";
    return round ? "square" : "rectangle";
  }
  if (Math.abs(fill - Math.PI / 4) < 0.08) return round ? "circle" : "ellipse";
  if (Math.abs(fill - 0.5) < 0.08) {
    const off =
      Math.abs(y - (top + bottom) / 2) / (bottom - top + 1) + Math.abs(x - (left + right) / 2) / (right - left + 1);
    return off > 0.08 ? "triangle" : "diamond";
  }
  return "shape";
}

function isRound(region: Region): boolean {
  const [fill, aspect] = [fillOf(region), aspectOf(region)];
  return aspect > 0.75 && aspect < 1.33 && fill > 0.62 && fill < 0.87;
}
