import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { candidates } from "./candidates";
import { originsOf, rollingOrigin } from "./rolling-origin";
import { dailySales } from "./simulated-series";

test("originsOf() lie whole periods apart, and the last leaves just the horizon", () => {
  assert.deepEqual(originsOf(182, { period: 7, horizon: 28, count: 8 }), [56, 70, 84, 98, 112, 126, 140, 154]);
  assert.deepEqual(originsOf(364, { period: 7, horizon: 28, count: 6 }), [196, 224, 252, 280, 308, 336]);
  assert.deepEqual(originsOf(144, { period: 12, horizon: 12, count: 4 }), [96, 108, 120, 132]);
});

test("originsOf() comes down to three, and then to none", () => {
  assert.deepEqual(originsOf(63, { period: 7, horizon: 28, count: 8 }), [21, 28, 35]);
  assert.deepEqual(originsOf(62, { period: 7, horizon: 28, count: 8 }), []);
  assert.deepEqual(originsOf(1, { period: 7, horizon: 28, count: 8 }), []);
  assert.deepEqual(originsOf(20, { period: 1, horizon: 5, count: 2 }), []);
});

test("originsOf() always leaves three periods before and a horizon after", () => {
  const count = fc.integer({ min: 1, max: 400 });
  fc.assert(
    fc.property(
      count,
      fc.integer({ min: 1, max: 30 }),
      fc.integer({ min: 1, max: 60 }),
      fc.integer({ min: 1, max: 20 }),
      (length, period, horizon, wanted) => {
        const origins = originsOf(length, { period, horizon, count: wanted });
        assert.ok(origins.length === 0 || (origins.length >= 3 && origins.length <= wanted));
        for (const [index, origin] of origins.entries()) {
          assert.ok(origin >= 3 * period && origin >= 8 && origin + horizon <= length && Number.isInteger(origin));
          const apart = origin - (origins[index - 1] ?? origin - 1);
          assert.ok(apart >= 1 && apart <= horizon);
        }
      },
    ),
  );
});

test("rollingOrigin() forecasts from what was known: what comes later changes nothing", () => {
  const task = { period: 7, horizon: 14 };
  const series = dailySales(4, 140);
  const later = series.map((value, day) => (day < 98 ? value : 10 * value));
  const origins = [70, 84, 98];
  const [one, other] = [rollingOrigin(series, origins, task), rollingOrigin(later, origins, task)];
  assert.deepEqual(one.backtested, other.backtested);
  assert.notDeepEqual(one.following, other.following);
});

test("rollingOrigin() tries all methods for positive daily sales", () => {
  const { backtested, following } = rollingOrigin(dailySales(4, 140), [70, 84, 98], { period: 7, horizon: 14 });
  const methods = ["seasonal-naive", "naive2", "simple-exponential-smoothing", "damped-holt", "theta", "comb"];
  const seasonal = ["holt-winters-additive", "holt-winters-multiplicative", "ets-a-ad-a", "ets-m-ad-m"];
  assert.deepEqual(
    backtested.map(({ method }) => method),
    [...methods, ...seasonal],
  );
  assert.deepEqual(
    following.map(({ method }) => method),
    [...methods, ...seasonal],
  );
  for (const { forecasts } of backtested)
    assert.deepEqual(
      forecasts.map((one) => one.length),
      [14, 14, 14],
    );
});

test("candidates() leave out what a series does not allow", () => {
  const methods = (series: readonly number[], period: number) =>
    candidates(series, { period, horizon: 3 }).candidates.map(({ method }) => method);
  const everyDay = Array.from({ length: 40 }, (_, day) => 5 + (day % 7));
  const someDays = everyDay.map((value, day) => (day % 3 === 0 ? value : 0));
  assert.ok(methods(everyDay, 7).includes("ets-m-ad-m") && !methods(everyDay, 7).includes("tsb"));
  assert.ok(methods(someDays, 7).includes("tsb") && methods(someDays, 7).includes("croston-sba"));
  assert.ok(!methods(someDays, 7).includes("holt-winters-multiplicative"));
  assert.ok(
    !methods(
      someDays.map((value) => -value),
      7,
    ).includes("croston-sba"),
  );
  assert.ok(!methods(everyDay, 1).includes("holt-winters-additive"));
  assert.ok(!methods(everyDay.slice(0, 20), 7).includes("ets-a-ad-a"));
});

test("candidates() leave out what is not a number, which factors of forty orders of magnitude lead to", () => {
  const exponents = [
    -18.3, -6.3, -21.9, -38.9, -24.1, -37.2, -34.8, -3.9, 0, -37.1, -29.4, -16.3, -8.5, -8.9, -35.8, -1.7, -3.4, -27.5,
    -7.3, -38.7, -13.9,
  ];
  const found = candidates(
    exponents.map((exponent) => 10 ** exponent),
    { period: 7, horizon: 12 },
  ).candidates;
  assert.ok(found.some(({ method }) => method === "ets-m-ad-m"));
  assert.ok(!found.some(({ method }) => method === "holt-winters-multiplicative"));
  for (const { mean } of found) assert.ok(mean.every(Number.isFinite));
});

test("candidates() are below 0 only where the series was", () => {
  const falling = Array.from({ length: 40 }, (_, day) => Math.max(0, 100 - 3 * day));
  for (const { mean } of candidates(falling, { period: 7, horizon: 20 }).candidates) assert.ok(Math.min(...mean) >= 0);
  const below = candidates(
    falling.map((value) => value - 1),
    { period: 7, horizon: 20 },
  ).candidates;
  assert.ok(below.some(({ mean }) => Math.min(...mean) < -1));
});
