import assert from "node:assert/strict";
import { test } from "node:test";
import { type JpegKind, jpeg, jpegKinds, withoutSegment, withSegment } from "./jpeg-fixture";
import {
  assertCorners,
  assertNear,
  black,
  blue,
  type Colour,
  codeOf,
  corners,
  green,
  red,
  seen,
  white,
} from "./picture-fixture";

const app14 = 0xee;

/** In the corners of every JPEG of jpeg-fixture.ts. */
const colours: Readonly<Record<JpegKind, readonly Colour[]>> = {
  baseline: [red, green, blue, white],
  progressive: [red, green, blue, white],
  restarts: [red, green, blue, white],
  cmyk: [red, green, blue, white],
  grey: [[76, 76, 76, 255], [150, 150, 150, 255], [29, 29, 29, 255], white],
};

test("a JPEG of any kind comes out in its colours", async () => {
  for (const kind of jpegKinds) {
    const picture = await seen(jpeg(kind));
    assert.deepEqual([picture.width, picture.height], [32, 16]);
    assertCorners(picture, colours[kind]);
  }
});

test("the inks of a JPEG are what is there of them, unless Adobe says that it is what is missing", async () => {
  const picture = await seen(withoutSegment(jpeg("cmyk"), app14));
  // What was missing of black is all there: nothing is to be seen through it.
  for (const colour of corners(picture)) assertNear(colour, black);
});

test("a JPEG that was cut off is truncated, and damaged if an end was put behind it", async () => {
  for (const kind of jpegKinds) {
    const bytes = jpeg(kind);
    const scan = bytes.indexOf(Buffer.from([0xff, 0xda]));
    const cut = bytes.subarray(0, scan + 2 + bytes.readUInt16BE(scan + 2) + 2);
    assert.equal(await codeOf(cut), "Truncated", kind);
    assert.equal(await codeOf(bytes.subarray(0, -2)), "Truncated", kind);
    assert.equal(await codeOf(Buffer.concat([cut, bytes.subarray(-2)])), "Damaged", kind);
  }
});

test("bytes that belong nowhere cost a JPEG nothing", async () => {
  const bytes = jpeg("baseline");
  const samples = {
    "before the end": Buffer.concat([bytes.subarray(0, -2), Buffer.from([1, 2, 3, 4]), bytes.subarray(-2)]),
    "behind the end": Buffer.concat([bytes, Buffer.alloc(1_000, "x")]),
    "another picture behind it": Buffer.concat([bytes, jpeg("grey")]),
    "in a comment": withSegment(bytes, 0xfe, Buffer.from([0xff, 0xd9])),
  };
  for (const [where, sample] of Object.entries(samples)) {
    assert.equal(await codeOf(sample), "none", where);
    assertCorners(await seen(sample), colours.baseline);
  }
});

test("a bad JPEG leaves the decoder good for the next", async () => {
  const bytes = jpeg("baseline");
  bytes.fill(0xff, bytes.indexOf(Buffer.from([0xff, 0xc4])) + 5, bytes.indexOf(Buffer.from([0xff, 0xc4])) + 20);
  assert.equal(await codeOf(bytes), "Damaged");
  assertNear((await seen(jpeg("baseline"))).at(0, 0), red);
});
