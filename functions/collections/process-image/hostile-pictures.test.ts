// What a picture may do on purpose: every cut, every changed byte, and much that comes out of little.

import assert from "node:assert/strict";
import { test } from "node:test";
import { constants, deflateSync } from "node:zlib";
import { jpeg, jpegKinds, withScans } from "./jpeg-fixture";
import { codeOf, seen, thumbnailOf } from "./picture-fixture";
import { chunk, imageHeader, png, rowsOf, signature } from "./png-fixture";

const drawings = {
  interlaced: png({ width: 9, height: 7, colourType: 6, isInterlaced: true }, (x, y) => [x * 20, y * 30, 9, 255]),
  palette: png(
    {
      width: 9,
      height: 7,
      colourType: 3,
      bitDepth: 2,
      chunks: [chunk("PLTE", Buffer.alloc(12, 7)), chunk("tRNS", Buffer.alloc(4))],
    },
    (x) => [x % 4],
  ),
};
const pictures = [...jpegKinds.map(jpeg), ...Object.values(drawings)];

test("a picture that is cut off anywhere is bad, and never half a picture", async () => {
  for (const bytes of pictures) {
    for (let length = 0; length < bytes.length; length++) {
      assert.notEqual(await codeOf(bytes.subarray(0, length)), "none", `${length} of ${bytes.length} bytes`);
    }
  }
});

test("a picture with any byte changed is bad, or a picture", async () => {
  for (const bytes of pictures) {
    for (let at = 0; at < bytes.length; at++) {
      for (const change of [0x01, 0x80, 0xff]) {
        const changed = Buffer.from(bytes);
        changed.writeUInt8(changed.readUInt8(at) ^ change, at);
        await codeOf(changed); // Throws what is no BadImage.
      }
    }
  }
  for (const bytes of pictures) assert.equal(await codeOf(bytes), "none", "they are good as they were");
});

test("a PNG inflates to what its header promises, and no further", async () => {
  const bomb = deflateSync(Buffer.alloc(400_000_000), { level: 1, strategy: constants.Z_RLE });
  const before = process.resourceUsage().maxRSS;
  for (const isInterlaced of [false, true]) {
    const size = { width: 2, height: 2, isInterlaced };
    const bytes = Buffer.concat([signature, imageHeader(size), chunk("IDAT", bomb), chunk("IEND")]);
    assert.equal(await codeOf(bytes), "Damaged");
  }
  const kilobytes = process.resourceUsage().maxRSS - before;
  assert.ok(kilobytes < 100_000, `${kilobytes} kB`);
});

test("a PNG has one header: a second, larger one would not be checked", async () => {
  const small = { width: 1, height: 1 };
  const pixels = chunk("IDAT", deflateSync(rowsOf(small, () => [0, 0, 0])));
  for (const second of [small, { width: 65_535, height: 65_535 }]) {
    const bytes = Buffer.concat([signature, imageHeader(small), imageHeader(second), pixels, chunk("IEND")]);
    assert.equal(await codeOf(bytes), "Damaged");
  }
});

test("a PNG's texts and colour profiles are not inflated", async () => {
  const noZlib = Buffer.from("Comment\0\0this does not inflate");
  const chunks = ["zTXt", "iTXt", "iCCP"].map((type) => chunk(type, noZlib));
  assert.deepEqual((await seen(png({ width: 1, height: 1, chunks }, () => [1, 2, 3]))).at(0, 0), [1, 2, 3, 255]);
});

test("a PNG of 25 megapixels is taken", async () => {
  const size = { width: 5_000, height: 5_000, colourType: 6 as const };
  const deflated = deflateSync(Buffer.alloc(5_000 * 20_001), { level: 1 });
  const bytes = Buffer.concat([signature, imageHeader(size), chunk("IDAT", deflated), chunk("IEND")]);
  const { width, height } = await thumbnailOf(bytes);
  assert.deepEqual([width, height], [800, 800]);
});

test("a PNG of too many chunks is refused", async () => {
  const empty = chunk("IDAT");
  const pixels = chunk("IDAT", deflateSync(rowsOf({ width: 1, height: 1 }, () => [0, 0, 0])));
  const bytes = (count: number) =>
    Buffer.concat([
      signature,
      imageHeader({ width: 1, height: 1 }),
      ...Array<Buffer>(count).fill(empty),
      pixels,
      chunk("IEND"),
    ]);
  assert.equal(await codeOf(bytes(1_000)), "none");
  assert.equal(await codeOf(bytes(100_000)), "TooManyChunks");
});

test("a JPEG of too many scans is refused", async () => {
  assert.equal(await codeOf(withScans(jpeg("progressive"), 91)), "TooManyScans");
  // As many as there may be: libjpeg itself says then that they repeat each other.
  assert.equal(await codeOf(withScans(jpeg("progressive"), 90)), "Damaged");
});
