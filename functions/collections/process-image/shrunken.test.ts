import assert from "node:assert/strict";
import { test } from "node:test";
import type { Bitmap } from "./bitmap";
import { pixelBoxes } from "./pixel-boxes";
import { shrunken } from "./shrunken";

/** One row of opaque greys. */
const greys = (...shades: readonly number[]): Bitmap => ({
  data: Buffer.from(shades.flatMap((shade) => [shade, shade, shade, 255])),
  width: shades.length,
  height: 1,
});

const shadesOf = ({ data }: Bitmap): readonly number[] => [...data].filter((_, index) => index % 4 === 0);

test("shrunken() gives each area the mean of its pixels, and of those on its edge their share", () => {
  assert.deepEqual(shadesOf(shrunken(greys(0, 90, 180), { width: 2, height: 1 })), [30, 150]);
  assert.deepEqual(shadesOf(shrunken(greys(10, 20, 30, 40), { width: 2, height: 1 })), [15, 35]);
  const { data } = greys(0, 90, 180);
  assert.deepEqual(shadesOf(shrunken({ data, width: 1, height: 3 }, { width: 1, height: 2 })), [30, 150]);
});

test("shrunken() leaves one colour as it is, from any size to any smaller", () => {
  for (const [width, height] of [
    [801, 800],
    [1_599, 3],
    [2_279, 1],
    [7, 1_400],
  ] as const) {
    const data = Buffer.alloc(width * height * 4, Buffer.from([255, 128, 1, 255]));
    for (const divisor of [1.001, 1.9, 2, 7.3]) {
      const to = { width: Math.ceil(width / divisor), height: Math.ceil(height / divisor) };
      const { data: made } = shrunken({ data, width, height }, to);
      assert.deepEqual(
        made,
        Buffer.alloc(to.width * to.height * 4, Buffer.from([255, 128, 1, 255])),
        `${width}x${height}`,
      );
    }
  }
});

test("a mean takes colours as much as they are there", () => {
  const data = Buffer.from([200, 0, 0, 255, 0, 100, 0, 85]);
  const mean = [150, 25, 0, 170];
  assert.deepEqual([...shrunken({ data, width: 2, height: 1 }, { width: 1, height: 1 }).data], mean);
  const boxes = pixelBoxes(2, 1, 2);
  boxes.add(data, 2, 0, 0, 1);
  assert.deepEqual([...boxes.bitmap().data], mean);
});

test("pixelBoxes() takes pixels in any order, and knows that boxes at the edge have fewer", () => {
  const boxes = pixelBoxes(5, 3, 2);
  const row = greys(10, 20, 30, 40, 50).data;
  boxes.add(row, 5, 2, 0, 1);
  boxes.add(Buffer.concat([row.subarray(4, 8), row.subarray(12, 16)]), 2, 0, 1, 2);
  boxes.add(Buffer.concat([row.subarray(0, 4), row.subarray(8, 12), row.subarray(16)]), 3, 0, 0, 2);
  boxes.add(row, 5, 1, 0, 1);
  const bitmap = boxes.bitmap();
  assert.deepEqual([bitmap.width, bitmap.height], [3, 2]);
  assert.deepEqual(shadesOf(bitmap), [15, 35, 50, 15, 35, 50]);
  assert.ok([...bitmap.data].every((value, index) => index % 4 < 3 || value === 255));
});
