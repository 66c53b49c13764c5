// png-fixture: PNGs made from their samples, with every filter in turn, and chunks that may be wrong.

import { crc32, deflateSync } from "node:zlib";
import type { ColourType } from "./png-header";
import { samplesPerPixel } from "./png-row-bytes";

export interface PngFixture {
  readonly width: number;
  readonly height: number;
  readonly bitDepth?: number;
  readonly colourType?: ColourType;
  readonly isInterlaced?: boolean;
  /** Chunks between the header and the pixels. */
  readonly chunks?: readonly Buffer[];
}

/** The samples of the pixel at a place, as many as its colour type has. */
export type SamplesAt = (x: number, y: number) => readonly number[];

export const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);

export const png = (fixture: PngFixture, samplesAt: SamplesAt): Buffer =>
  Buffer.concat([
    signature,
    imageHeader(fixture),
    ...(fixture.chunks ?? []),
    chunk("IDAT", deflateSync(rowsOf(fixture, samplesAt))),
    chunk("IEND"),
  ]);

export function chunk(type: string, data: Uint8Array = Buffer.alloc(0)): Buffer {
  const [head, tail] = [Buffer.alloc(8), Buffer.alloc(4)];
  head.writeUInt32BE(data.length);
  head.write(type, 4, "latin1");
  tail.writeUInt32BE(crc32(data, crc32(type)));
  return Buffer.concat([head, data, tail]);
}

export function imageHeader({ width, height, bitDepth = 8, colourType = 2, isInterlaced = false }: PngFixture): Buffer {
  const data = Buffer.from([0, 0, 0, 0, 0, 0, 0, 0, bitDepth, colourType, 0, 0, isInterlaced ? 1 : 0]);
  data.writeUInt32BE(width, 0);
  data.writeUInt32BE(height, 4);
  return chunk("IHDR", data);
}

/** The chunk of that type with another checksum than it has. */
export function withWrongChecksum(bytes: Buffer, type: string): Buffer {
  const changed = Buffer.from(bytes);
  const at = changed.indexOf(type, 0, "latin1");
  const checksum = at + 4 + changed.readUInt32BE(at - 4);
  changed.writeUInt8(changed.readUInt8(checksum) ^ 1, checksum);
  return changed;
}

/** What IDAT has when it is inflated. */
export function rowsOf(fixture: PngFixture, samplesAt: SamplesAt): Buffer {
  const { width, height, bitDepth = 8, colourType = 2, isInterlaced = false } = fixture;
  const distance = Math.max(1, (bitDepth * samplesPerPixel[colourType]) >> 3);
  const rows: Buffer[] = [];
  for (const pass of isInterlaced ? [1, 2, 3, 4, 5, 6, 7] : [0]) {
    const comesNow = (x: number, y: number) => !isInterlaced || adam7[y % 8]?.[x % 8] === pass;
    let above: Buffer | undefined;
    for (let y = 0; y < height; y++) {
      const columns = Array.from({ length: width }, (_, x) => x).filter((x) => comesNow(x, y));
      if (columns.length === 0) continue;
      const row = packed(
        columns.flatMap((x) => samplesAt(x, y)),
        bitDepth,
      );
      rows.push(filtered(row, above ?? Buffer.alloc(row.length), distance, y % 5));
      above = row;
    }
  }
  return Buffer.concat(rows);
}

/** In which pass each of eight by eight pixels comes, as the standard draws it (8.1). */
const adam7 = [
  [1, 6, 4, 6, 2, 6, 4, 6],
  [7, 7, 7, 7, 7, 7, 7, 7],
  [5, 6, 5, 6, 5, 6, 5, 6],
  [7, 7, 7, 7, 7, 7, 7, 7],
  [3, 6, 4, 6, 3, 6, 4, 6],
  [7, 7, 7, 7, 7, 7, 7, 7],
  [5, 6, 5, 6, 5, 6, 5, 6],
  [7, 7, 7, 7, 7, 7, 7, 7],
];

function packed(samples: readonly number[], bitDepth: number): Buffer {
  if (bitDepth === 16) return Buffer.from(samples.flatMap((sample) => [sample >> 8, sample & 255]));
  const bits = samples.map((sample) => sample.toString(2).padStart(bitDepth, "0")).join("");
  return Buffer.from((bits.match(/.{1,8}/g) ?? []).map((byte) => Number.parseInt(byte.padEnd(8, "0"), 2)));
}

function filtered(row: Buffer, above: Buffer, distance: number, filter: number): Buffer {
  const differences = row.map((byte, at) => {
    const [left, up, corner] = [row[at - distance] ?? 0, above[at] ?? 0, above[at - distance] ?? 0];
    return byte - ([0, left, up, (left + up) >> 1, paeth(left, up, corner)][filter] ?? 0);
  });
  return Buffer.from([filter, ...differences]);
}

/** As the standard has it (9.4). */
function paeth(left: number, up: number, corner: number): number {
  const guess = left + up - corner;
  const [toLeft, toUp, toCorner] = [Math.abs(guess - left), Math.abs(guess - up), Math.abs(guess - corner)];
  if (toLeft <= toUp && toLeft <= toCorner) return left;
  return toUp <= toCorner ? up : corner;
}
