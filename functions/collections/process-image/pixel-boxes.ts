// pixel-boxes: a picture's pixels, averaged box by box as they come, so that the whole picture never lies in memory. It takes
// them in any order: an interlaced PNG brings every eighth first.

import type { Bitmap } from "./bitmap";

export interface PixelBoxes {
  /** `pixels` are `count` of row `y`, four bytes each: the first is that of column `x`, the next that `step` columns on. */
  add(pixels: Uint8Array, count: number, y: number, x: number, step: number): void;
  bitmap(): Bitmap;
}

/** Boxes of `side` by `side` pixels; those at the right and lower edge may have fewer. */
export const pixelBoxes = (width: number, height: number, side: number): PixelBoxes =>
  side === 1 ? singlePixels(width, height) : averagedPixels(width, height, side);

function singlePixels(width: number, height: number): PixelBoxes {
  const data = Buffer.alloc(width * height * 4);
  return {
    add(pixels, count, y, x, step) {
      let to = (y * width + x) * 4;
      if (step === 1) return void data.set(pixels.subarray(0, count * 4), to);
      for (let from = 0; from < count * 4; from += 4, to += step * 4) {
        data.set(pixels.subarray(from, from + 4), to);
      }
    },
    bitmap: () => ({ data, width, height }),
  };
}

function averagedPixels(width: number, height: number, side: number): PixelBoxes {
  const [across, down] = [Math.ceil(width / side), Math.ceil(height / side)];
  // Red, green and blue are summed times alpha: what is transparent has no colour to give.
  const sums = new Uint32Array(across * down * 4);
  return {
    add(pixels, count, y, x, step) {
      const row = Math.floor(y / side) * across;
      const end = count * 4;
      for (let from = 0, column = x; from < end; ) {
        const box = Math.floor(column / side);
        let red = 0;
        let green = 0;
        let blue = 0;
        let opacity = 0;
        for (const edge = (box + 1) * side; column < edge && from < end; column += step, from += 4) {
          const alpha = pixels[from + 3] ?? 0;
          red += (pixels[from] ?? 0) * alpha;
          green += (pixels[from + 1] ?? 0) * alpha;
          blue += (pixels[from + 2] ?? 0) * alpha;
          opacity += alpha;
        }
        const to = (row + box) * 4;
        sums[to] = (sums[to] ?? 0) + red;
        sums[to + 1] = (sums[to + 1] ?? 0) + green;
        sums[to + 2] = (sums[to + 2] ?? 0) + blue;
        sums[to + 3] = (sums[to + 3] ?? 0) + opacity;
      }
    },
    bitmap() {
      const data = Buffer.alloc(across * down * 4);
      for (let at = 0; at < data.length; at += 4) {
        const opacity = sums[at + 3] ?? 0;
        if (opacity === 0) continue;
        for (let channel = 0; channel < 3; channel++) {
          data[at + channel] = Math.round((sums[at + channel] ?? 0) / opacity);
        }
        const box = at / 4;
        const columns = Math.min(side, width - (box % across) * side);
        const rows = Math.min(side, height - Math.floor(box / across) * side);
        data[at + 3] = Math.round(opacity / (columns * rows));
      }
      return { data, width: across, height: down };
    },
  };
}
