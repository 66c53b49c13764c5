// shrunken: a picture made smaller, each pixel the mean of the area that it stands for.
//
// jimp's resize computes the same. It goes through the picture by columns, which takes three times as long, and has the colour of
// what is transparent count as much as that of what is not.

import type { Bitmap } from "./bitmap";

interface Size {
  readonly width: number;
  readonly height: number;
}

/** `to` is no larger than the bitmap, on either side. */
export function shrunken(bitmap: Bitmap, to: Size): Bitmap {
  if (to.width === bitmap.width && to.height === bitmap.height) return bitmap;
  const across = shares(bitmap.width, to.width);
  const down = shares(bitmap.height, to.height);
  const data = Buffer.alloc(to.width * to.height * 4);
  const row = new Float64Array(to.width * 4);
  const sums = new Float64Array(to.width * 4);
  for (let y = 0, read = -1; y < to.height; y++) {
    sums.fill(0);
    const first = down.first[y] ?? 0;
    for (let index = 0; index < (down.count[y] ?? 0); index++) {
      // The row on the edge of two areas belongs to both, and is summed once.
      if (first + index > read) sumRow(bitmap, ++read, across, row);
      const share = down.share[y * down.most + index] ?? 0;
      for (let at = 0; at < row.length; at++) sums[at] = (sums[at] ?? 0) + (row[at] ?? 0) * share;
    }
    writeRow(sums, data, y * to.width * 4);
  }
  return { data, ...to };
}

/** Which pixels an area covers along one side, and how much of each. */
interface Shares {
  /** By area. */
  readonly first: Uint32Array;
  readonly count: Uint32Array;
  /** `most` for each area. */
  readonly share: Float64Array;
  readonly most: number;
}

function shares(pixels: number, areas: number): Shares {
  const length = pixels / areas;
  const most = Math.ceil(length) + 1;
  const [first, count] = [new Uint32Array(areas), new Uint32Array(areas)];
  const share = new Float64Array(areas * most);
  for (let area = 0; area < areas; area++) {
    // Multiplied first: where an edge falls between two pixels the quotient is a whole number, and not nearly one.
    const [start, end] = [(area * pixels) / areas, ((area + 1) * pixels) / areas];
    const [from, to] = [Math.floor(start), Math.ceil(end)];
    first[area] = from;
    count[area] = to - from;
    for (let pixel = from; pixel < to; pixel++) {
      share[area * most + pixel - from] = (Math.min(end, pixel + 1) - Math.max(start, pixel)) / length;
    }
  }
  return { first, count, share, most };
}

/** The means of one row, alpha and colours times alpha. */
function sumRow({ data, width }: Bitmap, y: number, { first, count, share, most }: Shares, row: Float64Array): void {
  for (let area = 0; area < first.length; area++) {
    let [red, green, blue, opacity] = [0, 0, 0, 0];
    let from = (y * width + (first[area] ?? 0)) * 4;
    const shareAt = area * most;
    const end = shareAt + (count[area] ?? 0);
    for (let at = shareAt; at < end; at++, from += 4) {
      const alpha = (data[from + 3] ?? 0) * (share[at] ?? 0);
      red += (data[from] ?? 0) * alpha;
      green += (data[from + 1] ?? 0) * alpha;
      blue += (data[from + 2] ?? 0) * alpha;
      opacity += alpha;
    }
    const to = area * 4;
    row[to] = red;
    row[to + 1] = green;
    row[to + 2] = blue;
    row[to + 3] = opacity;
  }
}

function writeRow(sums: Float64Array, data: Buffer, start: number): void {
  for (let at = 0; at < sums.length; at += 4) {
    const opacity = sums[at + 3] ?? 0;
    if (opacity === 0) continue;
    data[start + at] = Math.round((sums[at] ?? 0) / opacity);
    data[start + at + 1] = Math.round((sums[at + 1] ?? 0) / opacity);
    data[start + at + 2] = Math.round((sums[at + 2] ?? 0) / opacity);
    data[start + at + 3] = Math.round(opacity);
  }
}
