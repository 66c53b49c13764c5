// horizon: whether a picture is of two parts, an upper and a lower one, as a landscape is of sky and ground.
//
// The picture is cut into upright strips. In each the cut is sought that leaves the least difference within the two parts (Otsu,
// A Threshold Selection Method from Gray-Level Histograms, 1979, here over the rows of a strip). Strips of a landscape are cut at
// about one height, more or less even where there are hills, and above the cut they are alike.

import type { Edges } from "./edges";
import type { Picture } from "./picture";

export interface Horizon {
  /** From the top, as a share of the height: the mean over the strips. */
  readonly height: number;
  /** How much it goes up and down: the standard deviation, as a share of the height. */
  readonly unevenness: number;
  /** How much of the differences in a strip the cut explains, from 0 to 1. */
  readonly strength: number;
  /** The strongest level edge that goes through the whole picture, as lightness a pixel. */
  readonly line: number;
  /** How much the strips differ above the cut, in OKLab. */
  readonly skyDifference: number;
  readonly sky: Part;
  readonly ground: Part;
}

/** The mean colour, in OKLab. */
export interface Part {
  readonly lightness: number;
  readonly a: number;
  readonly b: number;
}

const strips = 16;

/** What lies next to the upper and the lower border is no part of its own. */
const margin = 0.1;

export function horizonOf(picture: Picture, { fall }: Edges): Horizon {
  const cuts = Array.from({ length: strips }, (_, strip) => cutOf(rowsOf(picture, strip)));
  const mean = (of: (cut: Cut) => number) => cuts.reduce((sum, cut) => sum + of(cut), 0) / strips;
  const height = mean((cut) => cut.height);
  const partOf = (of: (cut: Cut) => Part): Part => ({
    lightness: mean((cut) => of(cut).lightness),
    a: mean((cut) => of(cut).a),
    b: mean((cut) => of(cut).b),
  });
  const sky = partOf((cut) => cut.above);
  return {
    height,
    unevenness: Math.sqrt(mean((cut) => (cut.height - height) ** 2)),
    strength: mean((cut) => cut.strength),
    line: Math.max(0, ...fall.map(Math.abs)),
    skyDifference: Math.sqrt(mean((cut) => distance(cut.above, sky) ** 2)),
    sky,
    ground: partOf((cut) => cut.below),
  };
}

export const distance = (one: Part, other: Part): number =>
  Math.hypot(one.lightness - other.lightness, one.a - other.a, one.b - other.b);

interface Row extends Part {
  /** The mean of the squares of its pixels. */
  readonly squares: number;
}

function rowsOf({ columns, rows, lightness, a, b }: Picture, strip: number): readonly Row[] {
  const from = Math.min(columns - 1, Math.floor((strip * columns) / strips));
  const to = Math.max(from + 1, Math.floor(((strip + 1) * columns) / strips));
  return Array.from({ length: rows }, (_, row) => {
    let [light, red, yellow, squares] = [0, 0, 0, 0];
    for (let at = row * columns + from; at < row * columns + to; at += 1) {
      const [l, r, y] = [lightness[at] ?? 0, a[at] ?? 0, b[at] ?? 0];
      light += l;
      red += r;
      yellow += y;
      squares += l * l + r * r + y * y;
    }
    const pixels = to - from;
    return { lightness: light / pixels, a: red / pixels, b: yellow / pixels, squares: squares / pixels };
  });
}

interface Cut {
  readonly height: number;
  readonly strength: number;
  readonly above: Part;
  readonly below: Part;
}

function cutOf(rows: readonly Row[]): Cut {
  const sums = [{ lightness: 0, a: 0, b: 0, squares: 0 }];
  for (const row of rows) {
    const { lightness = 0, a = 0, b = 0, squares = 0 } = sums.at(-1) ?? {};
    sums.push({
      lightness: lightness + row.lightness,
      a: a + row.a,
      b: b + row.b,
      squares: squares + row.squares,
    });
  }
  const { length } = rows;
  const between = (from: number, to: number) => {
    const [low, high] = [sums[from] ?? none, sums[to] ?? none];
    const count = Math.max(1, to - from);
    const part = {
      lightness: (high.lightness - low.lightness) / count,
      a: (high.a - low.a) / count,
      b: (high.b - low.b) / count,
    };
    return { part, squares: high.squares - low.squares, rest: spread(part, high.squares - low.squares, count) };
  };
  const whole = between(0, length).rest;
  let best = { height: 0.5, strength: 0, above: between(0, length).part, below: between(0, length).part };
  if (whole / length < 1e-4) return best;
  for (let cut = Math.ceil(length * margin); cut <= length * (1 - margin); cut += 1) {
    const [above, below] = [between(0, cut), between(cut, length)];
    const strength = 1 - (above.rest + below.rest) / whole;
    if (strength > best.strength) best = { height: cut / length, strength, above: above.part, below: below.part };
  }
  return best;
}

const none = { lightness: 0, a: 0, b: 0, squares: 0 };

/** The sum of the squared differences from the mean. */
const spread = ({ lightness, a, b }: Part, squares: number, count: number): number =>
  Math.max(0, squares - count * (lightness * lightness + a * a + b * b));
