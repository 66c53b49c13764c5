import assert from "node:assert/strict";
import { test } from "node:test";
import { deflateSync } from "node:zlib";
import { type Colour, codeOf, seen } from "./picture-fixture";
import { chunk, imageHeader, type PngFixture, png, rowsOf, type SamplesAt, signature } from "./png-fixture";
import type { ColourType } from "./png-header";
import { samplesPerPixel } from "./png-row-bytes";

const width = 13;
const height = 11;

const kinds = (
  [
    [0, [1, 2, 4, 8, 16]],
    [2, [8, 16]],
    [3, [1, 2, 4, 8]],
    [4, [8, 16]],
    [6, [8, 16]],
  ] as readonly [ColourType, readonly number[]][]
).flatMap(([colourType, depths]) =>
  depths.flatMap((bitDepth) =>
    [false, true].map((isInterlaced) => ({ width, height, colourType, bitDepth, isInterlaced })),
  ),
);

/** Samples that differ from pixel to pixel and from channel to channel, and are never quite transparent. */
const patterned =
  ({ colourType, bitDepth }: { colourType: ColourType; bitDepth: number }): SamplesAt =>
  (x, y) =>
    Array.from({ length: samplesPerPixel[colourType] }, (_, channel) => {
      const sample = (x * 7919 + y * 104_729 + channel * 1_299_709) % 2 ** bitDepth;
      const isAlpha = (colourType === 4 && channel === 1) || (colourType === 6 && channel === 3);
      return isAlpha ? sample | (2 ** (bitDepth - 1)) : sample;
    });

const shades = Array.from({ length: 256 }, (_, index) => [index, 255 - index, (index * 7) % 256]);
const palette = (bitDepth: number) => chunk("PLTE", Buffer.from(shades.slice(0, 2 ** bitDepth).flat()));

/** What the standard makes of samples (13.5, 13.12). */
function colourOf(
  { colourType, bitDepth }: { colourType: ColourType; bitDepth: number },
  samples: readonly number[],
): Colour {
  if (colourType === 3) return [...(shades[samples[0] ?? 0] ?? []), 255];
  const white = 2 ** bitDepth - 1;
  const [first = 0, second = 0, third = 0, fourth = 255] = samples.map((sample) => Math.round((sample * 255) / white));
  if (colourType === 0) return [first, first, first, 255];
  if (colourType === 4) return [first, first, first, second];
  return [first, second, third, fourth];
}

async function assertSeen(fixture: PngFixture, samplesAt: SamplesAt, colourAt: (x: number, y: number) => Colour) {
  const { at } = await seen(png(fixture, samplesAt));
  for (let y = 0; y < fixture.height; y++) {
    for (let x = 0; x < fixture.width; x++) {
      assert.deepEqual(at(x, y), colourAt(x, y), `${x},${y} of ${JSON.stringify({ ...fixture, chunks: undefined })}`);
    }
  }
}

test("a PNG of any depth, type and order comes out pixel by pixel", async () => {
  for (const kind of kinds) {
    const samplesAt = patterned(kind);
    const chunks = kind.colourType === 3 ? [palette(kind.bitDepth)] : [];
    await assertSeen({ ...kind, chunks }, samplesAt, (x, y) => colourOf(kind, samplesAt(x, y)));
  }
});

test("an interlaced PNG of any size is whole", async () => {
  for (const [width, height] of [
    [1, 1],
    [2, 1],
    [1, 5],
    [4, 4],
    [5, 9],
    [8, 8],
  ] as const) {
    const kind = { width, height, colourType: 2, bitDepth: 8, isInterlaced: true } as const;
    await assertSeen(kind, patterned(kind), (x, y) => colourOf(kind, patterned(kind)(x, y)));
  }
});

const nothing: Colour = [0, 0, 0, 0];

test("a PNG's transparent colours are transparent, and no others", async () => {
  const alphas = chunk("tRNS", Buffer.from([0, 60, 255]));
  await assertSeen(
    { width: 4, height: 1, bitDepth: 2, colourType: 3, chunks: [palette(2), alphas] },
    (x) => [x],
    (x) => [...(shades[x] ?? []), [0, 60, 255, 255][x] ?? 0],
  );
  // Of a colour in sixteen bits both bytes count.
  for (const bitDepth of [1, 2, 4, 8, 16]) {
    const grey = { width: 2, height: 1, bitDepth, colourType: 0 as const };
    const clear = chunk("tRNS", Buffer.from([bitDepth === 16 ? 1 : 0, 1]));
    const shade = bitDepth === 16 ? 0x0101 : 1;
    const samplesAt: SamplesAt = (x) => [x === 0 ? shade : shade - 1];
    await assertSeen({ ...grey, chunks: [clear] }, samplesAt, (x) =>
      x === 0 ? nothing : colourOf(grey, samplesAt(x, 0)),
    );
  }
  for (const bitDepth of [8, 16]) {
    const colours = { width: 2, height: 1, bitDepth, colourType: 2 as const };
    const clear = chunk("tRNS", Buffer.from([0, 9, 0, 8, 0, 7]));
    const samplesAt: SamplesAt = (x) => [9, 8, 7 + x];
    await assertSeen({ ...colours, chunks: [clear] }, samplesAt, (x) =>
      x === 0 ? nothing : colourOf(colours, samplesAt(x, 0)),
    );
  }
});

test("of an animated PNG its picture for programs that know of no animation is taken", async () => {
  const size = { width: 1, height: 1 };
  const frame = (sequence: number) =>
    chunk("fcTL", Buffer.from([0, 0, 0, sequence, 0, 0, 0, 1, 0, 0, 0, 1, ...Array(14).fill(0)]));
  const first = deflateSync(rowsOf(size, () => [1, 2, 3]));
  const second = Buffer.concat([Buffer.from([0, 0, 0, 2]), deflateSync(rowsOf(size, () => [200, 200, 200]))]);
  const bytes = Buffer.concat([
    signature,
    imageHeader(size),
    chunk("acTL", Buffer.from([0, 0, 0, 2, 0, 0, 0, 0])),
    frame(0),
    chunk("IDAT", first),
    frame(1),
    chunk("fdAT", second),
    chunk("IEND"),
  ]);
  assert.deepEqual((await seen(bytes)).at(0, 0), [1, 2, 3, 255]);
});

test("a PNG's pixels may come in chunks of any size, and none", async () => {
  const size = { width: 30, height: 20 };
  const samplesAt = patterned({ colourType: 2, bitDepth: 8 });
  const deflated = deflateSync(rowsOf(size, samplesAt));
  const pieces = [...deflated].flatMap((byte) => [chunk("IDAT"), chunk("IDAT", Buffer.from([byte]))]);
  const bytes = Buffer.concat([signature, imageHeader(size), ...pieces, chunk("IEND")]);
  assert.deepEqual((await seen(bytes)).at(29, 19), [...samplesAt(29, 19), 255]);
});

test("bytes behind its end chunk cost a PNG nothing", async () => {
  const bytes = png({ width: 1, height: 1 }, () => [1, 2, 3]);
  for (const more of [Buffer.from("x"), bytes, Buffer.alloc(1_000)]) {
    assert.deepEqual((await seen(Buffer.concat([bytes, more]))).at(0, 0), [1, 2, 3, 255]);
  }
});

test("a PNG that brings fewer pixels than it says is truncated, and one that brings more or others is damaged", async () => {
  const size = { width: 20, height: 20 };
  const rows = rowsOf(size, patterned({ colourType: 2, bitDepth: 8 }));
  const withPixels = (data: Uint8Array) =>
    Buffer.concat([signature, imageHeader(size), chunk("IDAT", data), chunk("IEND")]);
  assert.equal(await codeOf(withPixels(deflateSync(rows))), "none");
  assert.equal(await codeOf(withPixels(deflateSync(rows.subarray(0, -1)))), "Truncated");
  assert.equal(await codeOf(withPixels(deflateSync(rows).subarray(0, 40))), "Truncated");
  assert.equal(await codeOf(withPixels(Buffer.alloc(0))), "Truncated");
  assert.equal(await codeOf(withPixels(Buffer.from("these are no pixels"))), "Damaged");
  assert.equal(
    await codeOf(withPixels(deflateSync(Buffer.concat([rows, Buffer.alloc(1)])))),
    "Damaged",
    "one byte more",
  );
  for (const at of [5, 300, -1]) {
    const deflated = deflateSync(rows);
    const place = at < 0 ? deflated.length + at : at;
    deflated.writeUInt8(deflated.readUInt8(place) ^ 255, place);
    assert.equal(await codeOf(withPixels(deflated)), "Damaged", `byte ${at}`);
  }
  rows[61] = 9;
  assert.equal(await codeOf(withPixels(deflateSync(rows))), "Damaged", "a filter that there is not");
  const noPixels = Buffer.concat([signature, imageHeader(size), chunk("IEND")]);
  assert.equal(await codeOf(noPixels), "Truncated");
});
