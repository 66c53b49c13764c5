import assert from "node:assert/strict";
import { test } from "node:test";
import { ranks, tieSizes } from "./ranks";

test("ranks() gives equal values the mean of their places", () => {
  assert.deepEqual(ranks([30, 10, 20, 10]), [4, 1.5, 3, 1.5]);
  assert.deepEqual(ranks([5, 5, 5]), [2, 2, 2]);
  assert.deepEqual(ranks([0, -0, -1]), [2.5, 2.5, 1]);
  assert.deepEqual(ranks([]), []);
});

test("tieSizes() counts each group of equal values", () => {
  assert.deepEqual(tieSizes([3, 1, 3, 3, 2, 2]), [3, 1, 2]);
});
