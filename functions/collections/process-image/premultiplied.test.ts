import assert from "node:assert/strict";
import { test } from "node:test";
import type { Bitmap } from "./bitmap";
import { premultiply, unpremultiply } from "./premultiplied";

const row = (...pixels: readonly (readonly number[])[]): Bitmap => ({
  data: Buffer.from(pixels.flat()),
  width: pixels.length,
  height: 1,
});

test("premultiply() weighs colours by their alpha, and leaves nothing without alpha", () => {
  const bitmap = row([200, 100, 3, 255], [200, 100, 3, 51], [200, 100, 3, 0]);
  premultiply(bitmap);
  assert.deepEqual([...bitmap.data], [200, 100, 3, 255, 40, 20, 1, 51, 0, 0, 0, 1]);
});

test("unpremultiply() gives colours back as nearly as alpha lets tell them apart", () => {
  for (let alpha = 2; alpha <= 255; alpha++) {
    for (let colour = 0; colour <= 255; colour++) {
      const bitmap = row([colour, 255 - colour, 255, alpha]);
      premultiply(bitmap);
      unpremultiply(bitmap);
      const [found = 0, other = 0, white, opacity] = bitmap.data;
      assert.deepEqual([white, opacity], [255, alpha]);
      const most = 0.5 + 127.5 / alpha;
      assert.ok(Math.abs(found - colour) <= most && Math.abs(other - 255 + colour) <= most, `${colour} of ${alpha}`);
    }
  }
});

test("unpremultiply() has no colour for what is not there", () => {
  const bitmap = row([200, 100, 3, 0]);
  premultiply(bitmap);
  unpremultiply(bitmap);
  assert.deepEqual([...bitmap.data], [0, 0, 0, 0]);
});
