import assert from "node:assert/strict";
import { test } from "node:test";
import { maxImageBytes } from "../../../schemas/image-types";
import { exifSegment, tiffBlock } from "./exif-fixture";
import { readHeader } from "./header";
import { jpeg, withoutSegment, withSegment } from "./jpeg-fixture";
import { codeOf } from "./picture-fixture";
import { chunk, imageHeader, png, signature, withWrongChecksum } from "./png-fixture";

const app1 = 0xe1;
const startOfFrame = Buffer.from([0xff, 0xc0]);
const dot = png({ width: 1, height: 1 }, () => [9, 8, 7]);

/** A JPEG whose frame has other bytes than it had, from its precision on. */
function withFrame(...bytes: readonly number[]): Buffer {
  const changed = jpeg("baseline");
  changed.set(bytes, changed.indexOf(startOfFrame) + 4);
  return changed;
}

test("readHeader() tells a picture by its bytes, whatever its name says", () => {
  assert.deepEqual(readHeader(jpeg("progressive"), "u/a.png"), {
    type: "jpeg",
    name: "u/a.png",
    width: 32,
    height: 16,
    orientation: 1,
    components: 3,
    isAdobe: false,
  });
  const wide = png({ width: 300, height: 2, bitDepth: 16, colourType: 6, isInterlaced: true }, () => [0, 0, 0, 0]);
  assert.deepEqual(readHeader(wide, "u/a.jpg"), {
    type: "png",
    name: "u/a.jpg",
    width: 300,
    height: 2,
    orientation: 1,
    bitDepth: 16,
    colourType: 6,
    isInterlaced: true,
  });
  assert.equal(
    readHeader(jpeg("cmyk"), "").type === "jpeg" && (readHeader(jpeg("cmyk"), "") as { components: number }).components,
    4,
  );
});

test("readHeader() finds the orientation in either order of bytes, in a JPEG and in a PNG", () => {
  for (const order of ["II", "MM"] as const) {
    for (const orientation of [1, 2, 3, 4, 5, 6, 7, 8]) {
      const fixture = { orientation, order };
      const taken = withSegment(jpeg("baseline"), app1, exifSegment(fixture));
      const drawn = png({ width: 1, height: 1, chunks: [chunk("eXIf", tiffBlock(fixture))] }, () => [0, 0, 0]);
      assert.equal(readHeader(taken, "").orientation, orientation);
      assert.equal(readHeader(drawn, "").orientation, orientation);
    }
  }
});

test("an EXIF that says nothing of use leaves the picture as it is", () => {
  const wrong = {
    "a directory beyond its end": exifSegment({ orientation: 6, directory: 4_000_000_000 }),
    "a directory at its very end": exifSegment({ orientation: 6, directory: 25 }),
    "a directory within its own head": exifSegment({ orientation: 6, directory: 3 }),
    "more entries than bytes": exifSegment({ orientation: 0, entries: 65_535 }),
    "no entries": exifSegment({ orientation: 6, entries: 0 }),
    "an orientation that there is not": exifSegment({ orientation: 9 }),
    "an orientation of another type": exifSegment({ orientation: 6, type: 2 }),
    "its first eight bytes only": exifSegment({ orientation: 6 }).subarray(0, 14),
    nothing: exifSegment({ orientation: 6 }).subarray(0, 6),
    "another order of bytes": Buffer.from("Exif\0\0XX*\0\0\0\0\x08"),
  };
  for (const [what, segment] of Object.entries(wrong)) {
    const { orientation, width } = readHeader(withSegment(jpeg("baseline"), app1, segment), "");
    assert.deepEqual([orientation, width], [1, 32], what);
  }
});

test("segments of any number and size may stand before the picture, with pictures of their own in them", () => {
  let bytes = withSegment(jpeg("grey"), app1, exifSegment({ orientation: 8 }));
  const profile = Buffer.alloc(65_533, jpeg("baseline"));
  for (let count = 0; count < 50; count++) bytes = withSegment(bytes, 0xe2, profile);
  const { width, height, orientation } = readHeader(bytes, "");
  assert.deepEqual([width, height, orientation], [32, 16, 8]);
});

test("what is no picture is told from a picture of another kind", async () => {
  const other = {
    Empty: [Buffer.alloc(0)],
    NotAnImage: [Buffer.from("Not a picture at all, but named one.jpg"), Buffer.from([0xff]), Buffer.alloc(5_000)],
    UnknownType: [
      Buffer.from("GIF89a\x01\0\x01\0", "latin1"),
      Buffer.from("RIFF\x24\0\0\0WEBPVP8 ", "latin1"),
      Buffer.from("\0\0\0\x18ftypheic\0\0\0\0", "latin1"),
      Buffer.from("II*\0\x08\0\0\0", "latin1"),
      Buffer.from("%PDF-1.7", "latin1"),
      Buffer.concat([signature, chunk("CgBI", Buffer.alloc(4)), dot.subarray(8)]),
      png({ width: 1, height: 1, chunks: [chunk("NEWc")] }, () => [0, 0, 0]),
      withFrame(12),
    ],
    TooLarge: [Buffer.alloc(maxImageBytes + 1, jpeg("baseline"))],
  };
  for (const [code, samples] of Object.entries(other)) {
    for (const bytes of samples) assert.equal(await codeOf(bytes), code, bytes.toString("latin1", 0, 20));
  }
  const message = 'Cannot make a thumbnail of "u/a.jpg": it is a HEIC, and JPEG and PNG are taken';
  assert.throws(() => readHeader(Buffer.from("\0\0\0\x18ftypheic"), "u/a.jpg"), { name: "BadImage", message });
});

test("a picture of too many pixels is refused by its header alone", async () => {
  const sizes = {
    TooManyPixels: [
      [50_000, 50_000],
      [65_536, 1],
      [1, 4_294_967_295],
      [11_000, 11_000],
    ],
    Damaged: [
      [0, 1],
      [1, 0],
    ],
  };
  for (const [code, pairs] of Object.entries(sizes)) {
    for (const [width = 0, height = 0] of pairs) {
      const bytes = Buffer.concat([signature, imageHeader({ width, height }), chunk("IDAT"), chunk("IEND")]);
      assert.equal(await codeOf(bytes), code, `${width}x${height}`);
    }
  }
  assert.equal(await codeOf(withFrame(8, 0xff, 0xff, 0xff, 0xff)), "TooManyPixels");
  assert.equal(await codeOf(withFrame(8, 0, 0, 0, 16)), "Damaged");
  assert.equal(readHeader(withFrame(8, 0x20, 0, 0x20, 0), "").width, 8_192);
});

test("a PNG has to fit the memory as pngjs holds it, which its depth and its colours decide", async () => {
  const sizes = [
    { most: [5_580, 5_590], colourType: 6, bitDepth: 8 },
    { most: [6_200, 6_200], colourType: 2, bitDepth: 8 },
    { most: [8_400, 8_500], colourType: 3, bitDepth: 8 },
    { most: [3_720, 3_730], colourType: 6, bitDepth: 16 },
    { most: [10_600, 10_700], colourType: 0, bitDepth: 1 },
  ] as const;
  for (const { most, ...kind } of sizes) {
    const [width, height] = most;
    for (const isInterlaced of [false, true]) {
      const code = (more: number) =>
        codeOf(
          Buffer.concat([
            signature,
            imageHeader({ ...kind, isInterlaced, width, height: height + more }),
            chunk("IDAT"),
            chunk("IEND"),
          ]),
        );
      assert.deepEqual([await code(0), await code(200)], ["Truncated", "TooManyPixels"], JSON.stringify(kind));
    }
  }
});

test("what comes in several scans has to fit the memory as a whole, and is refused earlier", async () => {
  const bytes = jpeg("progressive");
  // 8,192 by 8,192 pixels, each colour in full.
  bytes.set([8, 0x20, 0, 0x20, 0, 3, 1, 0x11, 0, 2, 0x11, 1, 3, 0x11], bytes.indexOf(Buffer.from([0xff, 0xc2])) + 4);
  assert.equal(await codeOf(bytes), "TooManyPixels");
});

test("a PNG with a wrong checksum is damaged, where it is in a part that counts", async () => {
  const palette = chunk("PLTE", Buffer.from([1, 2, 3]));
  const text = chunk("tEXt", Buffer.from("Comment\0a picture"));
  const bytes = png({ width: 1, height: 1, colourType: 3, chunks: [text, palette] }, () => [0]);
  for (const type of ["IHDR", "PLTE", "IDAT", "IEND"]) {
    assert.equal(await codeOf(withWrongChecksum(bytes, type)), "Damaged", type);
  }
  assert.equal(await codeOf(withWrongChecksum(bytes, "tEXt")), "none");
});

test("a PNG whose header contradicts the standard is damaged", async () => {
  for (const wrong of [
    { bitDepth: 3 },
    { bitDepth: 0 },
    { bitDepth: 4, colourType: 2 as const },
    { bitDepth: 16, colourType: 3 as const },
    { colourType: 7 as 6 },
  ]) {
    const bytes = Buffer.concat([signature, imageHeader({ width: 1, height: 1, ...wrong }), dot.subarray(33)]);
    assert.equal(await codeOf(bytes), "Damaged", JSON.stringify(wrong));
  }
  assert.equal(await codeOf(Buffer.concat([signature, dot.subarray(33)])), "Damaged");
  assert.equal(await codeOf(png({ width: 1, height: 1, colourType: 3 }, () => [0])), "Damaged", "a missing palette");
});

test("a JPEG whose markers contradict each other is damaged", async () => {
  const bytes = jpeg("baseline");
  const at = bytes.indexOf(startOfFrame);
  const frame = bytes.subarray(at, at + 2 + bytes.readUInt16BE(at + 2));
  assert.equal(await codeOf(Buffer.concat([bytes.subarray(0, 2), frame, bytes.subarray(2)])), "Damaged", "two frames");
  assert.equal(await codeOf(withoutSegment(bytes, 0xc0)), "Damaged", "none");
  assert.equal(await codeOf(Buffer.from([0xff, 0xd8, 0xff, 0xd9])), "Damaged", "nothing");
  assert.equal(await codeOf(withFrame(8, 0, 16, 0, 32, 3, 1, 0x00)), "Damaged", "a sampling of none");
});
