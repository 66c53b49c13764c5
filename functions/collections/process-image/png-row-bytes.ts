// png-row-bytes: how many bytes the pixels of a PNG inflate to, by its header (PNG, third edition, 7.2 and 8.1).

import type { PngHeader } from "./png-header";

/** How many samples a pixel has, by the type of its colours. */
export const samplesPerPixel = { 0: 1, 2: 3, 3: 1, 4: 2, 6: 4 } as const;

/** The first pixel of each pass of an interlaced picture, and how far it is to the next across and down. */
const adam7 = [
  [0, 0, 8, 8],
  [4, 0, 8, 8],
  [0, 4, 4, 8],
  [2, 0, 4, 4],
  [0, 2, 2, 4],
  [1, 0, 2, 2],
  [0, 1, 1, 2],
] as const;

/** Each row begins with the byte of its filter and ends with a whole byte. */
export function pngRowBytes({ width, height, bitDepth, colourType, isInterlaced }: Omit<PngHeader, "orientation">) {
  const bitsPerPixel = bitDepth * samplesPerPixel[colourType];
  const passes = isInterlaced ? adam7 : [[0, 0, 1, 1] as const];
  return passes.reduce((sum, [x, y, stepX, stepY]) => {
    const [across, down] = [Math.ceil((width - x) / stepX), Math.ceil((height - y) / stepY)];
    return across > 0 && down > 0 ? sum + down * (1 + Math.ceil((across * bitsPerPixel) / 8)) : sum;
  }, 0);
}
