// png-samples: the samples of a PNG's row, made pixels of four bytes: red, green, blue, alpha. Of sixteen bits the upper eight stay.

import { badImage } from "./bad-image";
import type { PngHeader } from "./png-header";

/** The chunks PLTE and tRNS, where there are any. */
export interface PngColours {
  readonly palette: Uint8Array | undefined;
  readonly transparency: Uint8Array | undefined;
}

/** Makes `count` pixels of a row, which begins with its filter's byte. */
export type PixelsOf = (row: Uint8Array, count: number, pixels: Uint8Array) => void;

/** How many samples a pixel has, by the type of its colours. */
export const samplesPerPixel = { 0: 1, 2: 3, 3: 1, 4: 2, 6: 4 } as const;

/** Throws a BadImage where a palette is missing. */
export function pngSamples(header: PngHeader, colours: PngColours): PixelsOf {
  const { colourType, bitDepth } = header;
  const isIndexed = colourType === 3 || (colourType === 0 && bitDepth <= 8);
  return isIndexed ? indexed(bitDepth, colourTable(header, colours)) : direct(header, colours);
}

/** Of a palette, and of grey with so few shades that they are one: all colours there are, four bytes each. */
function colourTable(header: PngHeader, colours: PngColours): Uint8Array {
  return header.colourType === 3 ? paletteTable(header, colours) : greyTable(header, colours);
}

function paletteTable({ name }: PngHeader, { palette, transparency }: PngColours): Uint8Array {
  if (palette === undefined || palette.length === 0) throw badImage("Damaged", name, "its palette is missing");
  const table = new Uint8Array(256 * 4);
  for (let index = 0; index < 256; index++) {
    table.set(palette.subarray(index * 3, index * 3 + 3), index * 4);
    table[index * 4 + 3] = transparency?.[index] ?? 255;
  }
  return table;
}

function greyTable({ bitDepth }: PngHeader, { transparency }: PngColours): Uint8Array {
  const table = new Uint8Array(256 * 4);
  const white = 2 ** bitDepth - 1;
  const clear = transparency === undefined ? undefined : sample(transparency, 0) & white;
  for (let shade = 0; shade <= white; shade++) {
    table.fill(Math.round((shade * 255) / white), shade * 4, shade * 4 + 3);
    table[shade * 4 + 3] = shade === clear ? 0 : 255;
  }
  return table;
}

function indexed(bitDepth: number, table: Uint8Array): PixelsOf {
  const mask = 2 ** bitDepth - 1;
  return (row, count, pixels) => {
    for (let pixel = 0; pixel < count; pixel++) {
      const bit = pixel * bitDepth;
      const from = (((row[1 + (bit >> 3)] ?? 0) >> (8 - bitDepth - (bit & 7))) & mask) * 4;
      const to = pixel * 4;
      pixels[to] = table[from] ?? 0;
      pixels[to + 1] = table[from + 1] ?? 0;
      pixels[to + 2] = table[from + 2] ?? 0;
      pixels[to + 3] = table[from + 3] ?? 0;
    }
  };
}

function direct({ colourType, bitDepth }: PngHeader, { transparency }: PngColours): PixelsOf {
  const bytes = bitDepth / 8;
  const stride = samplesPerPixel[colourType] * bytes;
  const isGrey = colourType === 0 || colourType === 4;
  const [green, blue] = isGrey ? [0, 0] : [bytes, 2 * bytes];
  const alpha = colourType === 4 || colourType === 6 ? stride - bytes : undefined;
  const clear = alpha === undefined ? clearPixel(transparency, stride, bytes) : undefined;
  return (row, count, pixels) => {
    for (let from = 1, to = 0; to < count * 4; from += stride, to += 4) {
      pixels[to] = row[from] ?? 0;
      pixels[to + 1] = row[from + green] ?? 0;
      pixels[to + 2] = row[from + blue] ?? 0;
      pixels[to + 3] = alpha === undefined ? 255 : (row[from + alpha] ?? 0);
    }
    if (clear === undefined) return;
    for (let from = 1, to = 3; to < count * 4; from += stride, to += 4) {
      if (clear.every((byte, index) => row[from + index] === byte)) pixels[to] = 0;
    }
  };
}

/** The bytes of the one colour that is transparent: tRNS gives its samples in two bytes each. */
function clearPixel(transparency: Uint8Array | undefined, stride: number, bytes: number): Uint8Array | undefined {
  if (transparency === undefined || transparency.length < (stride / bytes) * 2) return undefined;
  return bytes === 2
    ? transparency.slice(0, stride)
    : Uint8Array.from({ length: stride }, (_, index) => transparency[index * 2 + 1] ?? 0);
}

const sample = (bytes: Uint8Array, at: number): number => ((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0);
