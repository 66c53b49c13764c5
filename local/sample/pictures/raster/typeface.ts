// typeface: the letters of jimp's Open Sans at any size, and texts set in them.
//
//   top ─┬─  ─ ─ ─ ─ ─ ─ ─ ─ ─
//        │   █▀█          █
//  ascent│   █▀▄  ▄▀▄ ▄▀▄ █▀▄      the fonts are pictures of 16, 32, 64 and 128 pixels: a size between them is made smaller
//        │   ▀ ▀  ▀▄▀ ▀▄█ ▀▄█      from the next larger one
//        └─  ─ ─ ─ ─ ─ ─ ─ ─ ─ baseline

import { loadFont } from "jimp";
import { SANS_16_BLACK, SANS_32_BLACK, SANS_64_BLACK, SANS_128_BLACK } from "jimp/fonts";
import { fill } from "./fill";
import { rectangle } from "./outline";
import { type Colour, lay, type Raster } from "./raster";
import { box, spelled } from "./spelled";

export interface Typeface {
  readonly size: number;
  readonly ascent: number;
  readonly lineHeight: number;
  /** In pixels, of the text as it would be written. */
  widthOf(text: string): number;
  /** Writes a line: `x` is its left end, `y` its baseline. Letters that the font lacks are written as `spelled` says. */
  write(raster: Raster, text: string, x: number, y: number, colour: Colour, weight?: "regular" | "bold"): void;
}

type Font = Awaited<ReturnType<typeof loadFont>>;

export async function typeface(size: number): Promise<Typeface> {
  if (!(size > 0 && size <= 128))
    throw new RangeError(`Cannot set type in a size of "${size}": must be above 0 and at most 128`);
  const [file, drawn] =
    size <= 16
      ? [SANS_16_BLACK, 16]
      : size <= 32
        ? [SANS_32_BLACK, 32]
        : size <= 64
          ? [SANS_64_BLACK, 64]
          : [SANS_128_BLACK, 128];
  const font = loaded.get(file) ?? loadFont(file);
  loaded.set(file, font);
  return ofFont(await font, size, size / drawn);
}

/** Reading one takes as long as setting pages in it. */
const loaded = new Map<string, Promise<Font>>();

function ofFont(font: Font, size: number, scale: number): Typeface {
  const page = font.pages[0]?.bitmap;
  if (page === undefined) throw new Error(`Cannot use the font "${font.info.face}": it has no page of letters`);
  const inFont = (text: string) => spelled(text, (letter) => font.chars[letter] !== undefined);
  const advance = (letter: string, next: string | undefined) =>
    (letter === box ? font.common.lineHeight * 0.6 : (font.chars[letter]?.xadvance ?? 0)) * scale +
    ((next === undefined ? 0 : font.kernings[letter]?.[next]) ?? 0) * scale;
  const { H: straight = { yoffset: 0, height: 0 } } = font.chars;
  const base = (straight.yoffset + straight.height) * scale;

  const writeOnce = (raster: Raster, letters: string, x: number, y: number, colour: Colour) => {
    let left = x;
    for (const [index, letter] of [...letters].entries()) {
      const glyph = font.chars[letter];
      if (letter === box) writeBox(raster, left, y, size, colour);
      else if (glyph !== undefined) {
        const at = [left + glyph.xoffset * scale, y - base + glyph.yoffset * scale] as const;
        writeGlyph(raster, page, glyph, at, scale, colour);
      }
      left += advance(letter, letters[index + 1]);
    }
  };

  return {
    size,
    ascent: base,
    lineHeight: font.common.lineHeight * scale,
    widthOf(text) {
      const letters = [...inFont(text)];
      return letters.reduce((sum, letter, index) => sum + advance(letter, letters[index + 1]), 0);
    },
    write(raster, text, x, y, colour, weight = "regular") {
      const letters = inFont(text);
      writeOnce(raster, letters, x, y, colour);
      // There is no bold font: the same letters beside themselves look like one.
      if (weight === "bold") writeOnce(raster, letters, x + Math.max(0.6, size / 30), y, colour);
    },
  };
}

function writeBox(raster: Raster, x: number, y: number, size: number, colour: Colour): void {
  const [width, height, line] = [size * 0.5, size * 0.66, Math.max(1, size / 16)];
  const left = Math.round(x + size * 0.07);
  fill(raster, rectangle(left, y - height, width, line), colour);
  fill(raster, rectangle(left, y - line, width, line), colour);
  fill(raster, rectangle(left, y - height + line, line, height - 2 * line), colour);
  fill(raster, rectangle(left + width - line, y - height + line, line, height - 2 * line), colour);
}

interface Glyph {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** Each pixel gets the mean of what lies under it of the letter. */
function writeGlyph(
  raster: Raster,
  page: { readonly width: number; readonly data: Uint8Array },
  glyph: Glyph,
  [x, y]: readonly [number, number],
  scale: number,
  colour: Colour,
): void {
  // A letter in the size in which it was drawn stays as sharp as it is.
  const [left, top] = scale === 1 ? [Math.round(x), Math.round(y)] : [x, y];
  const right = Math.min(raster.width, Math.ceil(left + glyph.width * scale));
  const bottom = Math.min(raster.height, Math.ceil(top + glyph.height * scale));
  for (let row = Math.max(0, Math.floor(top)); row < bottom; row++) {
    const upper = Math.max(0, (row - top) / scale);
    const lower = Math.min(glyph.height, (row + 1 - top) / scale);
    for (let column = Math.max(0, Math.floor(left)); column < right; column++) {
      const start = Math.max(0, (column - left) / scale);
      const end = Math.min(glyph.width, (column + 1 - left) / scale);
      let sum = 0;
      for (let v = Math.floor(upper); v < lower; v++) {
        const high = Math.min(lower, v + 1) - Math.max(upper, v);
        for (let u = Math.floor(start); u < end; u++) {
          const alpha = page.data[((glyph.y + v) * page.width + glyph.x + u) * 4 + 3] ?? 0;
          sum += alpha * high * (Math.min(end, u + 1) - Math.max(start, u));
        }
      }
      if (sum > 0) lay(raster, column, row, colour, (sum * scale * scale) / 255);
    }
  }
}
