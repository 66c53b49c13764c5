import assert from "node:assert/strict";
import { test } from "node:test";
import { croston, demandInterval } from "./croston";
import { immuneSera } from "./known-series";
import { uniform } from "./simulated-series";

test("croston() of a known series is that of R, before the correction", () => {
  // forecast::croston(y, alpha), as the tests of sktime quote it (sktime/forecasting/tests/test_croston.py).
  for (const [alpha, published] of [
    [0.1, 0.8688921],
    [0.5, 0.6754646],
    [0.05, 1.405808],
  ] as const) {
    const { size, interval } = croston(immuneSera, { alpha });
    assert.ok(Math.abs(size / interval - published) < 1e-6, `${size / interval}`);
  }
});

test("croston() of a known series is that of statsforecast, corrected", () => {
  // statsforecast 2.1.1, CrostonSBA().forecast
  assert.ok(Math.abs(croston(immuneSera, { alpha: 0.1 }).rate - 0.8254475) < 1e-7);
});

test("croston() of a demand of 6 every third day is nearly 2 a day", () => {
  const series = Array.from({ length: 60 }, (_, day) => (day % 3 === 2 ? 6 : 0));
  assert.ok(Math.abs(croston(series, { alpha: 0.1 }).rate - 0.95 * 2) < 1e-12);
});

test("croston() finds the mean of a rare demand, where the uncorrected ratio is too high", () => {
  const random = uniform(9);
  const [runs, alpha] = [400, 0.2];
  let [corrected, uncorrected] = [0, 0];
  for (let run = 0; run < runs; run++) {
    const series = Array.from({ length: 1_000 }, () => (random() < 0.05 ? 60 : 0));
    const { rate, size, interval } = croston(series, { alpha });
    corrected += rate / runs;
    uncorrected += size / interval / runs;
  }
  // Its expectation is 1 + alpha / (2 - alpha) (1 - 1 / 20) times the mean of 3 (Syntetos and Boylan 2001): 3.32
  assert.ok(Math.abs(uncorrected - 3.32) < 0.15 && Math.abs(corrected - 3) < 0.15, `${corrected} and ${uncorrected}`);
});

test("croston() chooses an alpha of the usual range that leaves the least error", () => {
  const { alpha, sse } = croston(immuneSera);
  assert.ok(alpha >= 0.05 && alpha <= 0.3);
  for (const other of [0.05, 0.1, 0.15, 0.2, 0.25, 0.3])
    assert.ok(sse <= croston(immuneSera, { alpha: other }).sse + 1e-9);
});

test("demandInterval() is the mean interval between demands", () => {
  assert.equal(demandInterval([0, 2, 0, 0, 1, 0]), 3);
  assert.equal(demandInterval([1, 2, 3]), 1);
  assert.equal(demandInterval([0, 0]), Number.POSITIVE_INFINITY);
});
