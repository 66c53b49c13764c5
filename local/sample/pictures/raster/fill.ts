// fill: an outline painted into a raster, its edges as smooth as eight bits allow.
//
// What an outline covers of each pixel is computed exactly, not by samples: every edge adds its signed area to the pixels that it
// crosses, and the sum along a row is the coverage (as font-rs does: https://github.com/raphlinus/font-rs). Where an outline crosses
// itself, both parts are filled if they turn the same way.

import type { Outline } from "./outline";
import { lay, type Paint, type Raster } from "./raster";

/** What of it is outside of the raster is not drawn. */
export function fill(raster: Raster, outline: Outline, paint: Paint): void {
  const [left, top, right, bottom] = boundsOf(outline, raster);
  if (left >= right || top >= bottom) return;

  const stride = right - left + 2;
  const areas = areasOf(outline, left, top, right - left, bottom - top);
  const paintAt = typeof paint === "number" ? () => paint : paint;
  for (let y = top; y < bottom; y++) {
    let sum = 0;
    const row = (y - top) * stride - left;
    for (let x = left; x < right; x++) {
      sum += areas[row + x] ?? 0;
      const share = Math.min(1, Math.abs(sum));
      if (share > 1 / 512) lay(raster, x, y, paintAt(x, y), share);
    }
  }
  areas.fill(0, 0, stride * (bottom - top));
}

/** Of what is seen. */
function boundsOf(
  outline: Outline,
  { width, height }: Raster,
): [left: number, top: number, right: number, bottom: number] {
  let [left, top, right, bottom] = [width, height, 0, 0];
  for (const [x, y] of outline) {
    left = Math.min(left, x);
    top = Math.min(top, y);
    right = Math.max(right, x);
    bottom = Math.max(bottom, y);
  }
  return [
    Math.max(0, Math.floor(left)),
    Math.max(0, Math.floor(top)),
    Math.min(width, Math.ceil(right)),
    Math.min(height, Math.ceil(bottom)),
  ];
}

/** For each pixel of a box what its coverage differs from that of its left neighbour; two more columns than the box is wide. */
function areasOf(outline: Outline, left: number, top: number, width: number, height: number): Float32Array {
  const size = (width + 2) * height;
  if (zeros.length < size) zeros = new Float32Array(size);
  const areas = zeros;
  let [fromX, fromY] = outline.at(-1) ?? [0, 0];
  for (const [toX, toY] of outline) {
    addEdge(areas, width, height, fromX - left, fromY - top, toX - left, toY - top);
    [fromX, fromY] = [toX, toY];
  }
  return areas;
}

function addEdge(
  areas: Float32Array,
  width: number,
  height: number,
  fromX: number,
  fromY: number,
  toX: number,
  toY: number,
): void {
  if (fromY === toY) return;
  const direction = fromY < toY ? 1 : -1;
  const upperX = fromY < toY ? fromX : toX;
  const upperY = Math.min(fromY, toY);
  const lowerY = Math.max(fromY, toY);
  const slope = (toX - fromX) / (toY - fromY);
  for (let y = Math.max(0, Math.floor(upperY)); y < Math.min(height, lowerY); y++) {
    const start = Math.max(y, upperY);
    const end = Math.min(y + 1, lowerY);
    const a = within(width, upperX + (start - upperY) * slope);
    const b = within(width, upperX + (end - upperY) * slope);
    addRow(areas, y * (width + 2), Math.min(a, b), Math.max(a, b), (end - start) * direction);
  }
}

/** All of it is 0 between two fills. A new array for each would take longer than filling does. */
let zeros = new Float32Array(0);

const within = (width: number, x: number) => Math.min(width, Math.max(0, x));

/** The part of an edge within one row, from `from` to `to`: `rise` is its height, with the sign of its direction. */
function addRow(areas: Float32Array, row: number, from: number, to: number, rise: number): void {
  const first = Math.floor(from);
  const last = Math.ceil(to);
  if (last <= first + 1) {
    const middle = (from + to) / 2 - first;
    add(areas, row + first, rise * (1 - middle));
    add(areas, row + first + 1, rise * middle);
    return;
  }
  // The area to the right of the edge, pixel by pixel; each pixel is given what it has more than the one before.
  let before = 0;
  for (let x = first; x < last; x++) {
    const enters = Math.max(from, x);
    const leaves = Math.min(to, x + 1);
    const crossed = (leaves - enters) / (to - from);
    const passed = (enters - from) / (to - from);
    const covered = passed + crossed * (x + 1 - (enters + leaves) / 2);
    add(areas, row + x, rise * (covered - before));
    before = covered;
  }
  add(areas, row + last, rise * (1 - before));
}

function add(areas: Float32Array, index: number, area: number): void {
  areas[index] = (areas[index] ?? 0) + area;
}
