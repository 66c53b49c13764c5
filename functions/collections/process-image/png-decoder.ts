// png-decoder: the pixels of a PNG, made fewer on the way where they are many.
//
//   IDAT, IDAT, ... ──> inflated, a piece at a time ──> row ──> unfiltered ──> pixels ──> boxes ──> bitmap
//
// A picture of 120 megapixels in sixteen bits has 960 MB of rows, of which two are held at a time. As much is inflated as the
// header has promised, and nothing that comes behind it; no other chunk is inflated. Of an animated PNG it gives what programs
// show that know of no animation.

import { createInflate } from "node:zlib";
import { badImage } from "./bad-image";
import type { Bitmap } from "./bitmap";
import { pixelBoxes } from "./pixel-boxes";
import { checkSound, isSound, pngChunks } from "./png-chunks";
import type { PngHeader } from "./png-header";
import { pngRows } from "./png-rows";
import type { PngColours } from "./png-samples";

const pieceBytes = 256 * 1_024;

/** The longer side of what it gives is at least `least`, unless the picture has less. Throws a BadImage. */
export async function decodePng(bytes: Uint8Array, header: PngHeader, least: number): Promise<Bitmap> {
  const { width, height, name } = header;
  const { deflated, ...colours } = readParts(bytes, name);
  const boxes = pixelBoxes(width, height, Math.max(1, Math.floor(Math.max(width, height) / least)));
  const rows = pngRows(header, colours, boxes);
  const inflated = createInflate({ chunkSize: pieceBytes });
  inflated.end(deflated);
  try {
    // Leaving the loop ends the inflating.
    for await (const piece of inflated as AsyncIterable<Uint8Array>) if (rows.take(piece)) return boxes.bitmap();
  } catch (error) {
    const { code } = error as { readonly code?: string };
    if (code === "Z_BUF_ERROR") throw badImage("Truncated", name, "its pixels end too early");
    if (code === "Z_DATA_ERROR" || code === "Z_NEED_DICT") throw badImage("Damaged", name, "its pixels do not inflate");
    throw error;
  }
  throw badImage("Truncated", name, "its pixels end too early");
}

interface PngParts extends PngColours {
  /** Of all chunks IDAT. */
  readonly deflated: Uint8Array;
}

function readParts(bytes: Uint8Array, name: string): PngParts {
  let [palette, transparency]: (Uint8Array | undefined)[] = [];
  const deflated: Uint8Array[] = [];
  for (const chunk of pngChunks(bytes, name)) {
    const { type, data } = chunk;
    if (/^[A-Z]/.test(type)) checkSound(chunk, name);
    if (type === "PLTE") palette ??= data;
    if (type === "tRNS" && isSound(chunk)) transparency ??= data;
    if (type === "IDAT") deflated.push(data);
  }
  return { palette, transparency, deflated: Buffer.concat(deflated) };
}
