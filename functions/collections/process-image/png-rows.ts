// png-rows: a PNG's rows out of the inflated pieces, each undone of its filter and put where its pixels belong.

import { badImage } from "./bad-image";
import type { PixelBoxes } from "./pixel-boxes";
import { unfilter } from "./png-filters";
import type { PngHeader } from "./png-header";
import { type PngPass, pngPasses } from "./png-passes";
import { type PngColours, pngSamples, samplesPerPixel } from "./png-samples";

export interface PngRows {
  /** Whether that was the last row. What comes behind it is passed over. Throws a BadImage. */
  take(piece: Uint8Array): boolean;
}

export function pngRows(header: PngHeader, colours: PngColours, boxes: PixelBoxes): PngRows {
  const { name, width, height, isInterlaced } = header;
  const bitsPerPixel = header.bitDepth * samplesPerPixel[header.colourType];
  const pixelsOf = pngSamples(header, colours);
  const pixels = new Uint8Array(width * 4);
  const passes = pngPasses(width, height, isInterlaced).values();
  let pass: PngPass | undefined;
  let [row, above] = [new Uint8Array(), new Uint8Array()];
  let [line, filled] = [0, 0];
  nextPass();

  return {
    take(piece) {
      for (let at = 0; at < piece.length && pass !== undefined; ) {
        const part = piece.subarray(at, at + row.length - filled);
        row.set(part, filled);
        at += part.length;
        filled += part.length;
        if (filled === row.length) finishRow(pass);
      }
      return pass === undefined;
    },
  };

  function finishRow({ x, y, stepX, stepY, ...size }: PngPass): void {
    if (!unfilter(row, above, Math.max(1, bitsPerPixel >> 3))) {
      throw badImage("Damaged", name, `its row ${line + 1} has a filter that there is not (${row[0]})`);
    }
    pixelsOf(row, size.width, pixels);
    boxes.add(pixels, size.width, y + line * stepY, x, stepX);
    [row, above] = [above, row];
    filled = 0;
    if (++line === size.height) nextPass();
  }

  function nextPass(): void {
    pass = passes.next().value;
    const bytes = 1 + Math.ceil(((pass?.width ?? 0) * bitsPerPixel) / 8);
    [row, above] = [new Uint8Array(bytes), new Uint8Array(bytes)];
    line = 0;
  }
}
