// face: whether there is an oval of the colour of skin, with something darker in the place of eyes and a mouth.
//
// The skin of all people is of about one hue, from light to dark (Chai and Ngan, Face Segmentation Using Skin-Color Map in
// Videophone Applications, 1999), and so are wood and sand: therefore the form counts as well.

import type { Edges } from "./edges";
import type { Picture } from "./picture";
import { aspectOf, fillOf, type Region, regionsOf } from "./regions";

export interface Face {
  /** The share of the picture that has the colour of skin, from 0 to 1. */
  readonly skin: number;
  /** How much the largest patch of it looks like a face, from 0 to 1. */
  readonly likeness: number;
}

/** What is as strong an edge parts a face from a wall of its colour. */
const parting = 0.03;

export function faceOf(picture: Picture, { strength }: Edges): Face {
  const { columns, rows, lightness, a, b } = picture;
  const skin = new Uint8Array(columns * rows);
  const parted = new Uint8Array(columns * rows);
  let count = 0;
  for (let pixel = 0; pixel < skin.length; pixel += 1) {
    if (!isSkin(lightness[pixel] ?? 0, a[pixel] ?? 0, b[pixel] ?? 0)) continue;
    skin[pixel] = 1;
    if ((strength[pixel] ?? 0) < parting) parted[pixel] = 1;
    count += 1;
  }
  const patches = regionsOf(parted, columns, skin.length * 0.01)
    .filter((patch) => !isWall(patch, picture))
    .map((patch) => ({ ...patch, lightness: meanOf(lightness, parted, patch, columns) }));
  const likenesses = patches.map((patch) => likenessOf(joined(patch, patches, picture), skin, picture));
  return { skin: count / skin.length, likeness: Math.max(0, ...likenesses) };
}

interface Patch extends Region {
  readonly lightness: number;
}

/** It goes out of the picture on two sides. */
function isWall({ left, right, top, bottom }: Region, { columns, rows }: Picture): boolean {
  return [left <= 1, right >= columns - 2, top <= 1, bottom >= rows - 2].filter(Boolean).length > 1;
}

/** With those above and below that are as light: glasses and a beard part a face. */
function joined(patch: Patch, patches: readonly Patch[], { columns, rows }: Picture): Patch {
  let { area, left, right, top, bottom, x, y } = patch;
  for (const other of patches) {
    const gap = Math.max(top, other.top) - Math.min(bottom, other.bottom);
    const beside = Math.abs(x - other.x) / columns > 0.1;
    if (other === patch || beside || gap > rows * 0.06 || Math.abs(other.lightness - patch.lightness) > 0.12) continue;
    x = (x * area + other.x * other.area) / (area + other.area);
    y = (y * area + other.y * other.area) / (area + other.area);
    area += other.area;
    left = Math.min(left, other.left);
    right = Math.max(right, other.right);
    top = Math.min(top, other.top);
    bottom = Math.max(bottom, other.bottom);
  }
  return { ...patch, area, left, right, top, bottom, x, y };
}

function meanOf(
  lightness: Float32Array,
  mask: Uint8Array,
  { left, right, top, bottom }: Region,
  columns: number,
): number {
  let [sum, count] = [0, 0];
  for (let y = top; y <= bottom; y += 1) {
    for (let x = left; x <= right; x += 1) {
      if (mask[y * columns + x] === 0) continue;
      sum += lightness[y * columns + x] ?? 0;
      count += 1;
    }
  }
  return sum / Math.max(1, count);
}

/** In OKLab: between pink and yellow, neither pale as paper nor as strong as paint, from deep brown to nearly white. */
function isSkin(lightness: number, a: number, b: number): boolean {
  if (lightness < 0.3 || lightness > 0.95 || a < 0 || b < 0) return false;
  const chroma = Math.sqrt(a * a + b * b);
  const hue = (Math.atan2(b, a) * 180) / Math.PI;
  return chroma > 0.03 && chroma < 0.14 && hue > 25 && hue < 85;
}

function likenessOf(box: Patch, skin: Uint8Array, picture: Picture): number {
  const { columns, rows } = picture;
  const share = box.area / skin.length;
  const wide = (box.right - box.left + 1) / columns;
  const middle = Math.abs(box.x / columns - 0.5);
  return (
    within(share, 0.01, 0.03, 0.4, 0.6) *
    within(aspectOf(box), 0.4, 0.55, 1.15, 1.5) *
    within(fillOf(box), 0.35, 0.47, 0.9, 0.98) *
    within(wide, 0.05, 0.1, 0.75, 0.95) *
    within(middle, -1, -1, 0.3, 0.45) *
    within(box.y / rows, 0.1, 0.2, 0.65, 0.8) *
    (0.4 + 0.6 * features(box, skin, picture))
  );
}

/** From 0 to 1: what is darker than the skin, on both sides in the upper half of the box. */
function features({ left, right, top, bottom, ...face }: Patch, skin: Uint8Array, picture: Picture): number {
  const { columns, lightness } = picture;
  const [width, height] = [right - left + 1, bottom - top + 1];
  const darker = (fromX: number, toX: number) => {
    let dark = 0;
    let all = 0;
    for (let y = Math.floor(top + height * 0.2); y < top + height * 0.6; y += 1) {
      for (let x = Math.floor(left + width * fromX); x < left + width * toX; x += 1) {
        const pixel = y * columns + x;
        all += 1;
        if (skin[pixel] === 0 && (lightness[pixel] ?? 1) < face.lightness - 0.12) dark += 1;
      }
    }
    return dark / Math.max(1, all);
  };
  const [one, other] = [darker(0.15, 0.48), darker(0.52, 0.85)];
  return Math.min(within(one, 0.002, 0.01, 0.3, 0.6), within(other, 0.002, 0.01, 0.3, 0.6));
}

/** 1 between `full` and `still`, and less on both sides down to 0 at `from` and `to`. */
function within(value: number, from: number, full: number, still: number, to: number): number {
  if (value >= full && value <= still) return 1;
  const share = value < full ? (value - from) / (full - from) : (to - value) / (to - still);
  return Math.max(0, Math.min(1, share));
}
