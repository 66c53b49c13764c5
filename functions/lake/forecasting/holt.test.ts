import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { holt, holtForecast } from "./holt";
import { nile } from "./known-series";
import { normal } from "./simulated-series";

test("holt() of the Nile, damped, is that of statsmodels", () => {
  // statsmodels 0.15.0, Holt(nile, damped_trend=True, initialization_method="estimated")
  //   .fit(smoothing_level=0.2, smoothing_trend=0.1, damping_trend=0.9)
  const fit = holt(nile, { damped: true, given: { alpha: 0.2, beta: 0.1, phi: 0.9 } });
  assert.ok(Math.abs(fit.sse - 2_116_796.93) < 0.01, `${fit.sse}`);
  const published = [812.36979616, 805.62771513, 799.5598422];
  for (const [step, value] of holtForecast(fit, 3).entries())
    assert.ok(Math.abs(value - (published[step] ?? 0)) < 1e-4, `${value}`);
});

test("holt() fits constants that no given ones beat by more than the search's tolerance", () => {
  for (const damped of [true, false]) {
    const { sse } = holt(nile, { damped });
    for (const alpha of [0.05, 0.1, 0.2, 0.4])
      for (const beta of [0.01, 0.1, 0.5])
        assert.ok(sse <= 1.001 * holt(nile, { damped, given: { alpha, beta, phi: damped ? 0.95 : 1 } }).sse);
  }
});

test("holt() goes on with any line", () => {
  const whole = fc.integer({ min: -1_000, max: 1_000 });
  fc.assert(
    fc.property(whole, whole, fc.integer({ min: 3, max: 40 }), (first, slope, length) => {
      const series = Array.from({ length }, (_, time) => first + slope * time);
      for (const [step, value] of holtForecast(holt(series, { damped: false }), 5).entries())
        assert.ok(Math.abs(value - (first + slope * (length + step))) < 1e-4 * (1 + Math.abs(slope)), `${value}`);
    }),
  );
});

test("holtForecast() of a damped trend comes to rest, and of another goes on", () => {
  const rest = 100 + 10 * (0.9 / (1 - 0.9));
  assert.ok(Math.abs((holtForecast({ level: 100, trend: 10, phi: 0.9 }, 200).at(-1) ?? 0) - rest) < 1e-6);
  assert.deepEqual(holtForecast({ level: 100, trend: 10, phi: 1 }, 3), [110, 120, 130]);
});

test("holt() finds the constants of a long simulated series again", () => {
  const noise = normal(5);
  let [level, trend] = [50, 0.5];
  const series = Array.from({ length: 4_000 }, () => {
    const error = noise();
    const value = level + trend + error;
    level += trend + 0.4 * error;
    trend += 0.4 * 0.2 * error;
    return value;
  });
  const { alpha, beta } = holt(series, { damped: false });
  assert.ok(Math.abs(alpha - 0.4) < 0.05 && Math.abs(beta - 0.2) < 0.05, `${alpha} ${beta}`);
});

test("holt() moves with its series, and scales with it", () => {
  const series = nile.slice(0, 30);
  const forecast = (values: readonly number[]) => holtForecast(holt(values, { damped: true }), 5);
  const moved = forecast(series.map((value) => 5_000 + 2 * value));
  for (const [step, value] of forecast(series).entries())
    assert.ok(Math.abs((moved[step] ?? 0) - (5_000 + 2 * value)) < 1e-6 * 5_000, `${moved[step]}`);
});

test("holt() of one value, two values and of a constant is defined", () => {
  assert.deepEqual(holtForecast(holt([7], { damped: true }), 2), [7, 7]);
  for (const value of holtForecast(holt([7, 9], { damped: true }), 2)) assert.ok(Number.isFinite(value));
  for (const value of holtForecast(holt([4, 4, 4, 4], { damped: false }), 3)) assert.ok(Math.abs(value - 4) < 1e-12);
});
