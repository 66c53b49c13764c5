// drawn-pictures: pictures for the tests of the rules, each a function of a place in it. The larger collection, which also
// `npm start` puts through, is local/sample/pictures.

import { Jimp } from "jimp";
import type { Bitmap } from "./picture";

/** Red, green and blue, each from 0 to 255, at a place from 0 to 1. */
type Drawing = (x: number, y: number) => readonly [number, number, number];

export function bitmapOf(drawing: Drawing, width = 800, height = 600): Bitmap & { data: Buffer } {
  const data = Buffer.alloc(width * height * 4, 255);
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) {
      const [red, green, blue] = drawing((x + 0.5) / width, (y + 0.5) / height);
      data.set([clamped(red), clamped(green), clamped(blue)], (y * width + x) * 4);
    }
  }
  return { width, height, data };
}

export const encoded = (bitmap: Bitmap & { data: Buffer }, type: "image/jpeg" | "image/png"): Promise<Buffer> =>
  type === "image/jpeg"
    ? Jimp.fromBitmap(bitmap).getBuffer("image/jpeg", { quality: 85 })
    : Jimp.fromBitmap(bitmap).getBuffer("image/png");

const clamped = (value: number) => Math.max(0, Math.min(255, Math.round(value)));

/** The same at the same place, from -1 to 1. */
function noise(x: number, y: number): number {
  const bits = Math.imul(Math.floor(x * 4_096) ^ Math.imul(Math.floor(y * 4_096), 0x9e3779b1), 0x85ebca6b);
  return ((bits ^ (bits >>> 15)) & 0xffff) / 0x8000 - 1;
}

const inOval = (x: number, y: number, atX: number, atY: number, wide: number, high: number) =>
  ((x - atX) / wide) ** 2 + ((y - atY) / high) ** 2 < 1;

const hillyMeadow: Drawing = (x, y) => {
  const ridge = 0.5 + 0.06 * Math.sin(x * 7) + 0.03 * Math.sin(x * 17 + 1);
  if (y < ridge) return [110 + 110 * y, 170 + 90 * y, 235 + 30 * y];
  const grain = 22 * noise(x, y);
  return [80 + grain - 40 * (y - ridge), 140 + grain - 70 * (y - ridge), 60 + grain];
};

const eveningSea: Drawing = (x, y) => {
  if (y < 0.6) return [250 - 40 * y, 120 + 150 * y, 80 + 40 * y];
  const wave = 18 * Math.sin(y * 300 + 4 * Math.sin(x * 9)) * noise(x / 8, y);
  return [40 + wave, 50 + wave, 95 + wave];
};

const writtenPage: Drawing = (x, y) => {
  const ink = [35, 35, 40] as const;
  const paper = [250, 249, 244] as const;
  const line = Math.floor((y - 0.08) / 0.04);
  const inLine = y - 0.08 - line * 0.04;
  if (line < 0 || line > 20 || inLine > 0.022 || x < 0.1 || x > (line % 5 === 4 ? 0.55 : 0.9)) return paper;
  const letter = Math.floor(x * 90);
  if ((letter * 7 + line * 3) % 6 === 0) return paper;
  const inLetter = x * 90 - letter;
  const stem = inLetter > 0.15 && inLetter < 0.35;
  const bar = inLetter < 0.75 && Math.abs(inLine - 0.011 * ((letter * 5 + line) % 3)) < 0.003;
  return stem || bar ? ink : paper;
};

const portrait: Drawing = (x, y) => {
  const grain = 6 * noise(x, y);
  const eye = inOval(x, y, 0.43, 0.4, 0.025, 0.014) || inOval(x, y, 0.57, 0.4, 0.025, 0.014);
  if (eye) return [40, 30, 28];
  if (inOval(x, y, 0.5, 0.57, 0.06, 0.015)) return [165, 80, 80];
  if (inOval(x, y, 0.5, 0.45, 0.16, 0.22))
    return [224 + grain - 60 * (x - 0.4), 172 + grain - 50 * (x - 0.4), 140 + grain];
  if (inOval(x, y, 0.5, 0.4, 0.2, 0.26)) return [60 + grain, 40 + grain, 30 + grain];
  if (inOval(x, y, 0.5, 1.05, 0.42, 0.36)) return [45 + grain, 60 + grain, 110 + grain];
  return [150 + 30 * y + grain, 165 + 20 * y + grain, 175 + grain];
};

const plainForms: Drawing = (x, y) => {
  if ((x - 0.25) ** 2 + ((y - 0.5) * 0.75) ** 2 < 0.0144) return [220, 30, 40];
  if (Math.abs(x - 0.55) < 0.09 && Math.abs(y - 0.5) < 0.12) return [30, 70, 210];
  if (y < 0.62 && y > 0.38 && Math.abs(x - 0.82) < (y - 0.38) * 0.5) return [250, 210, 30];
  return [255, 255, 255];
};

const foliage: Drawing = (x, y) => {
  const leaf = Math.sin(x * 60 + 5 * Math.sin(y * 23)) * Math.sin(y * 50 + 4 * Math.sin(x * 31));
  return [50 + 30 * leaf + 10 * noise(x, y), 115 + 55 * leaf + 12 * noise(x, y), 40 + 20 * leaf];
};

const facade: Drawing = (x, y) => {
  if (y < 0.18) return [170, 195, 220];
  const [column, row] = [(x * 8) % 1, ((y - 0.18) * 8) % 1];
  if (column > 0.3 && column < 0.7 && row > 0.25 && row < 0.75) return [50 + 30 * row, 62 + 30 * row, 80 + 30 * row];
  const grain = 8 * noise(x, y);
  return [185 + grain, 150 + grain, 125 + grain];
};

export const drawings = { hillyMeadow, eveningSea, writtenPage, portrait, plainForms, foliage, facade } as const;
