import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { comb } from "./comb";
import { nile } from "./known-series";
import { leastSquaresLine } from "./least-squares-line";
import { simpleExponentialSmoothing } from "./simple-exponential-smoothing";
import { theta } from "./theta";

test("theta() of the Nile is that of statsmodels", () => {
  // statsmodels 0.15.0, ThetaModel(nile, deseasonalize=False).fit().forecast(5, theta=2); it smooths from the first value on.
  const published = [799.5394286, 798.1822759, 796.8251232, 795.4679705, 794.1108178];
  const line = leastSquaresLine(nile);
  assert.ok(Math.abs(line.slope + 2.714305) < 1e-6);
  const { mean } = theta(nile, 5, { alpha: 0.246542, start: 2 * 1120 - line.at(0) });
  for (const [step, value] of mean.entries())
    assert.ok(Math.abs(value - (published[step] ?? 0)) < 2e-3, `${value} for ${published[step]}`);
});

test("theta() is simple exponential smoothing with half the slope as drift", () => {
  // Hyndman and Billah 2003: l_n + b/2 (h - 1 + 1/alpha - (1 - alpha)^n / alpha)
  const values = fc.array(fc.integer({ min: -1_000, max: 1_000 }), { minLength: 3, maxLength: 40 });
  fc.assert(
    fc.property(values, fc.double({ min: 0.05, max: 0.95, noNaN: true }), (series, alpha) => {
      const line = leastSquaresLine(series);
      const [first = 0] = series;
      const { level } = simpleExponentialSmoothing(series, { alpha, start: first });
      const { mean } = theta(series, 4, { alpha, start: 2 * first - line.at(0) });
      for (const [step, value] of mean.entries()) {
        const drift = step + 1 / alpha - (1 - alpha) ** series.length / alpha;
        assert.ok(Math.abs(value - (level + (line.slope / 2) * drift)) < 1e-6);
      }
    }),
  );
});

test("theta() goes on from a line with half of its slope", () => {
  const series = Array.from({ length: 30 }, (_, time) => 10 + 4 * time);
  const last = 10 + 4 * 29;
  for (const [step, value] of theta(series, 5).mean.entries())
    assert.ok(Math.abs(value - (last + 2 * (step + 1))) < 0.01, `${value}`);
});

test("leastSquaresLine() is the line that points lie on", () => {
  const { slope, at } = leastSquaresLine([5, 8, 11, 14]);
  assert.deepEqual([slope, at(0), at(-1), at(10)], [3, 5, 2, 35]);
  assert.deepEqual([leastSquaresLine([6]).slope, leastSquaresLine([6]).at(3)], [0, 6]);
});

test("comb() is the mean of the forecasts, step by step", () => {
  assert.deepEqual(
    comb([
      [1, 2],
      [3, 4],
      [8, 0],
    ]),
    [4, 2],
  );
});
