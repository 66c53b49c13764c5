import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { isSeasonal, movingAverage, seasonalIndices, seasonallyAdjusted } from "./decomposition";
import { airPassengers, nile } from "./known-series";
import { normal } from "./simulated-series";

// statsmodels 0.15.0, seasonal_decompose(...).seasonal
const factors = [
  0.91023, 0.883625, 1.007366, 0.975906, 0.981378, 1.112776, 1.226556, 1.219911, 1.060492, 0.921757, 0.801178, 0.898824,
];
const summands = [
  -24.748737, -36.188131, -2.241162, -8.036616, -4.506313, 35.402778, 63.830808, 62.823232, 16.520202, -20.642677,
  -53.593434, -28.619949,
];
const ofOddPeriod = [-39.728078, 3.51368, 56.315878, -4.520072, 21.9085, 3.051357, -40.541265];

test("seasonalIndices() are those of statsmodels, as factors, as summands and for an odd period", () => {
  const found = [
    [seasonalIndices(airPassengers, 12, "multiplicative"), factors],
    [seasonalIndices(airPassengers, 12, "additive"), summands],
    [seasonalIndices(nile, 7, "additive"), ofOddPeriod],
  ] as const;
  for (const [indices, published] of found) {
    assert.equal(indices.length, published.length);
    for (const [phase, index] of indices.entries()) assert.ok(Math.abs(index - (published[phase] ?? 0)) < 1e-6);
  }
});

test("movingAverage() of a line is the line, for odd and even periods", () => {
  const line = Array.from({ length: 12 }, (_, time) => 3 + 2 * time);
  assert.deepEqual(movingAverage(line, 5), line.slice(2, -2));
  assert.deepEqual(movingAverage(line, 4), line.slice(2, -2));
  assert.deepEqual(movingAverage(line, 1), line);
});

test("seasonalIndices() finds any season on a line again", () => {
  const season = fc.array(fc.integer({ min: -50, max: 50 }), { minLength: 2, maxLength: 12 });
  fc.assert(
    fc.property(season, fc.integer({ min: -5, max: 5 }), (indices, slope) => {
      const period = indices.length;
      const mean = indices.reduce((sum, index) => sum + index, 0) / period;
      const series = Array.from({ length: 4 * period + 1 }, (_, time) => slope * time + (indices[time % period] ?? 0));
      for (const [phase, index] of seasonalIndices(series, period, "additive").entries())
        assert.ok(Math.abs(index - ((indices[phase] ?? 0) - mean)) < 1e-9);
    }),
  );
});

test("isSeasonal() sees the season of airline passengers, and none in the Nile, a constant or two periods", () => {
  assert.equal(isSeasonal(airPassengers, 12), true);
  assert.equal(isSeasonal(nile, 7), false);
  assert.equal(isSeasonal(new Array<number>(30).fill(4), 7), false);
  assert.equal(isSeasonal(airPassengers.slice(0, 35), 12), false);
  assert.equal(isSeasonal(airPassengers, 1), false);
});

test("isSeasonal() takes noise for a season about as rarely as its 10 % level says", () => {
  let seen = 0;
  for (let seed = 1; seed <= 400; seed++) {
    const noise = normal(seed);
    if (isSeasonal(Array.from({ length: 140 }, noise), 7)) seen++;
  }
  // Binomial with 400 and 0.1: 40, four standard deviations are 24.
  assert.ok(seen >= 16 && seen <= 64, `${seen} of 400`);
});

test("seasonallyAdjusted() is multiplicative only where every value is positive", () => {
  const week = [0, 5, 6, 7, 8, 12, 9];
  const weeks = (shift: number) => Array.from({ length: 35 }, (_, day) => (week[day % 7] ?? 0) + shift);
  assert.equal(seasonallyAdjusted(weeks(1), 7).kind, "multiplicative");
  assert.equal(seasonallyAdjusted(weeks(0), 7).kind, "additive");
  assert.equal(seasonallyAdjusted(weeks(-6), 7).kind, "additive");
  assert.equal(seasonallyAdjusted(nile, 7).kind, "none");
});

test("seasonallyAdjusted() puts back in the next period what it took out of the last one", () => {
  for (const shift of [1, -6]) {
    const series = Array.from({ length: 35 }, (_, day) => ([0, 5, 6, 7, 8, 12, 9][day % 7] ?? 0) + shift);
    const { series: adjusted, withSeason } = seasonallyAdjusted(series, 7);
    for (const [step, value] of withSeason(adjusted.slice(-7)).entries())
      assert.ok(Math.abs(value - (series[28 + step] ?? 0)) < 1e-9);
  }
});
