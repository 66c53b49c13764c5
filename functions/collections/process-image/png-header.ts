// png-header: what a PNG says of itself in its first chunk, and which way up it is.

import { badImage } from "./bad-image";
import { exifOrientation, type Orientation } from "./exif-orientation";
import { checkPixels, checkPngBytes } from "./pixel-limits";
import { checkSound, isSound, type PngChunk, pngChunks } from "./png-chunks";
import { pngRowBytes } from "./png-row-bytes";

export interface PngHeader {
  readonly type: "png";
  readonly name: string;
  readonly width: number;
  readonly height: number;
  readonly orientation: Orientation;
  /** Of a sample, or of a palette's index. */
  readonly bitDepth: number;
  readonly colourType: ColourType;
  readonly isInterlaced: boolean;
}

/** 0 grey, 2 colours, 3 palette, 4 grey with alpha, 6 colours with alpha. */
export type ColourType = keyof typeof bitDepths;

const bitDepths = { 0: [1, 2, 4, 8, 16], 2: [8, 16], 3: [1, 2, 4, 8], 4: [8, 16], 6: [8, 16] } as const;

/** What a picture cannot do without (5.6); a capital at the beginning says so of others. */
const known = ["IHDR", "PLTE", "IDAT", "IEND"];

/** Throws a BadImage. */
export function readPngHeader(bytes: Uint8Array, name: string): PngHeader {
  let image: Omit<PngHeader, "orientation"> | undefined;
  let orientation: Orientation | undefined;
  for (const chunk of pngChunks(bytes, name)) {
    const { type, data } = chunk;
    // pngjs would go by the last.
    if (image !== undefined && type === "IHDR") throw badImage("Damaged", name, "it has two headers");
    image ??= readImageHeader(chunk, name);
    if (/^[A-Z]/.test(type) && !known.includes(type)) {
      throw badImage("UnknownType", name, `it is a PNG of a rare kind (chunk ${type})`);
    }
    if (type === "eXIf" && isSound(chunk)) orientation ??= exifOrientation(data);
  }
  if (image === undefined) throw badImage("Damaged", name, "it has no chunks");
  return { ...image, orientation: orientation ?? 1 };
}

function readImageHeader(chunk: PngChunk, name: string): Omit<PngHeader, "orientation"> {
  const { type, data } = chunk;
  if (type === "CgBI") throw badImage("UnknownType", name, "it is a PNG for iPhones only (chunk CgBI)");
  if (type !== "IHDR" || data.length !== 13) throw badImage("Damaged", name, "it does not begin with its header");
  checkSound(chunk, name);
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
  const [width, height] = [view.getUint32(0), view.getUint32(4)];
  const [bitDepth = 0, colourType = 0, compression = 0, filter = 0, interlace = 0] = data.subarray(8);
  if (!hasDepth(colourType, bitDepth) || compression > 0 || filter > 0 || interlace > 1) {
    const found = [bitDepth, colourType, compression, filter, interlace].join(", ");
    throw badImage("Damaged", name, `its header says what there is not (${found})`);
  }
  checkPixels(width, height, name);
  const image = { type: "png", name, width, height, bitDepth, colourType, isInterlaced: interlace === 1 } as const;
  checkPngBytes(image, pngRowBytes(image));
  return image;
}

const hasDepth = (colourType: number, bitDepth: number): colourType is ColourType =>
  ((bitDepths as Readonly<Record<number, readonly number[]>>)[colourType] ?? []).includes(bitDepth);
