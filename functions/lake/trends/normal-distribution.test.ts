import assert from "node:assert/strict";
import { test } from "node:test";
import { closeTo } from "./close-to";
import { normalQuantile, twoSidedP } from "./normal-distribution";

// scipy 1.17.1: 2 * norm.sf(z).
test("twoSidedP() is exact from the centre to the last tail that a double holds", () => {
  for (const [z, p] of [
    [0, 1],
    [0.5, 0.6170750774519738],
    [1.959963984540054, 0.05],
    [5, 5.733031437583866e-7],
    [10, 1.523970604832094e-23],
    [37, 1.1451142445047853e-299],
  ] as const) {
    closeTo(twoSidedP(z), p, 1e-12);
    closeTo(twoSidedP(-z), p, 1e-12);
  }
});

// scipy 1.17.1: norm.ppf(p).
test("normalQuantile() gives the z of a share, and its negative for the rest", () => {
  for (const [p, z] of [
    [0.9, 1.2815515655446004],
    [0.975, 1.959963984540054],
    [0.995, 2.5758293035489004],
    [1e-10, -6.361340902404056],
    [1e-300, -37.0470962993612],
  ] as const) {
    closeTo(normalQuantile(p), z, 1e-12);
  }
  assert.ok(Math.abs(normalQuantile(0.5)) < 1e-15);
});

test("normalQuantile() refuses what is no share", () => {
  for (const p of [-1, 0, 1, 2, Number.NaN]) assert.throws(() => normalQuantile(p), RangeError, String(p));
});
