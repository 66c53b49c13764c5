// close-to: comparison of numbers that were computed in another order.

import assert from "node:assert/strict";

/** Equal but for `tolerance`, relative to the expected number. */
export function closeTo(actual: number | null | undefined, expected: number, tolerance = 1e-9): void {
  const far = Math.abs((actual ?? Number.NaN) - expected);
  assert.ok(far <= tolerance * Math.abs(expected) || far === 0, `${actual} is not ${expected} but for ${tolerance}`);
}
