// png-chunks: the chunks of a PNG, one after the other (PNG, third edition, 5.3). None is copied or unpacked: what a
// compressed text or colour profile would come to, nobody here finds out.

import { crc32 } from "node:zlib";
import { badImage } from "./bad-image";

export interface PngChunk {
  readonly type: string;
  readonly data: Uint8Array;
  /** Of the type and the data. */
  readonly checksum: number;
  /** Where the next one begins. */
  readonly end: number;
}

/** Behind the eight bytes that say that it is a PNG. */
const first = 8;

/** Encoders write one for every eight thousand bytes or so. */
const most = 100_000;

/** To IEND. Throws a BadImage where the file ends before it. */
export function* pngChunks(bytes: Uint8Array, name: string): Generator<PngChunk> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let at = first, count = 1; at + 12 <= bytes.length; count++) {
    if (count > most) throw badImage("TooManyChunks", name, `it has more than ${most} chunks`);
    const start = at + 8;
    const end = start + view.getUint32(at) + 4;
    if (end > bytes.length) break;
    const type = String.fromCharCode(...bytes.subarray(at + 4, start));
    if (!/^[A-Za-z]{4}$/.test(type)) throw badImage("Damaged", name, `it has something that is no chunk at byte ${at}`);
    yield { type, data: bytes.subarray(start, end - 4), checksum: view.getUint32(end - 4), end };
    if (type === "IEND") return;
    at = end;
  }
  throw badImage("Truncated", name, "it ends before its end chunk");
}

export const isSound = ({ type, data, checksum }: PngChunk): boolean => crc32(data, crc32(type)) === checksum;

/** Throws a BadImage: no picture can do without this chunk. */
export function checkSound(chunk: PngChunk, name: string): void {
  if (!isSound(chunk)) throw badImage("Damaged", name, `its chunk ${chunk.type} has a wrong checksum`);
}
