import assert from "node:assert/strict";
import { test } from "node:test";
import { seasonallyAdjusted } from "./decomposition";
import { airPassengers } from "./known-series";
import { naive2 } from "./naive2";
import { seasonalNaive } from "./seasonal-naive";

test("seasonalNaive() repeats the last period, in step with it", () => {
  assert.deepEqual(seasonalNaive([9, 9, 1, 2, 3], 3, 7), [1, 2, 3, 1, 2, 3, 1]);
  assert.deepEqual(seasonalNaive([5, 8], 1, 3), [8, 8, 8]);
});

test("seasonalNaive() repeats the last value of less than a period", () => {
  assert.deepEqual(seasonalNaive([4, 6], 7, 3), [6, 6, 6]);
});

test("naive2() is the last value where there is no season, and follows the season where there is one", () => {
  assert.deepEqual(naive2(seasonallyAdjusted([3, 1, 4, 1, 5], 7), 2), [5, 5]);
  // The last December over its index, times January's and July's index of the decomposition that statsmodels 0.15.0 gives.
  const following = naive2(seasonallyAdjusted(airPassengers, 12), 7);
  assert.ok(Math.abs((following[0] ?? 0) - (432 / 0.898824) * 0.91023) < 1e-3);
  assert.ok(Math.abs((following[6] ?? 0) - (432 / 0.898824) * 1.226556) < 1e-3);
});
