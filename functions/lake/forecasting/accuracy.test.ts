import assert from "node:assert/strict";
import { test } from "node:test";
import { bias, maseScale, meanAbsoluteError, owa, rootMeanSquaredError, smape } from "./accuracy";

test("errors are counted as their names say", () => {
  const [actual, forecast] = [
    [10, 20, 30, 40],
    [12, 20, 26, 48],
  ];
  assert.equal(meanAbsoluteError(actual, forecast), (2 + 0 + 4 + 8) / 4);
  assert.equal(rootMeanSquaredError(actual, forecast), Math.sqrt((4 + 0 + 16 + 64) / 4));
  assert.equal(bias(actual, forecast), (2 + 0 - 4 + 8) / 4);
  assert.ok(Math.abs(smape(actual, forecast) - (400 / 22 + 0 + 800 / 56 + 1_600 / 88) / 4) < 1e-12);
});

test("smape() lies between 0 and 200, also for nothing, for returns and for nothing expected", () => {
  assert.equal(smape([0, 0], [0, 0]), 0);
  assert.equal(smape([5], [0]), 200);
  assert.equal(smape([5], [-5]), 200);
  assert.equal(smape([-5], [-5]), 0);
});

test("maseScale() is the seasonal naive forecast's mean error within the training part", () => {
  assert.equal(maseScale([1, 5, 2, 9, 4, 6], 2), (1 + 4 + 2 + 3) / 4);
  assert.equal(maseScale([1, 5, 2, 9], 1), (4 + 3 + 7) / 3);
});

test("maseScale() is never 0: without seasonal errors it is the naive forecast's, then the mean size, then 1", () => {
  assert.equal(maseScale([1, 5, 1, 5, 1, 5], 2), 4);
  assert.equal(maseScale([-3, -3, -3], 2), 3);
  assert.equal(maseScale([0, 0, 0], 2), 1);
  assert.equal(maseScale([8], 7), 8);
});

test("owa() is the mean of both ratios, 1 where neither made an error, and undefined where only Naive2 made none", () => {
  assert.equal(owa({ smape: 5, mase: 1 }, { smape: 10, mase: 2 }), 0.5);
  assert.equal(owa({ smape: 0, mase: 0 }, { smape: 0, mase: 0 }), 1);
  assert.equal(owa({ smape: 3, mase: 1 }, { smape: 0, mase: 0 }), undefined);
});

test("series that do not fit together are refused", () => {
  assert.throws(() => meanAbsoluteError([1, 2], [1]), /Cannot compare value 1 with a forecast: there are 1/);
});
