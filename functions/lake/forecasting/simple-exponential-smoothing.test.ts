import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { nile } from "./known-series";
import { simpleExponentialSmoothing } from "./simple-exponential-smoothing";

const values = fc.array(fc.integer({ min: -1_000, max: 1_000 }), { minLength: 2, maxLength: 40 });
const share = fc.double({ min: 0.01, max: 0.99, noNaN: true });

test("simpleExponentialSmoothing() of the Nile is that of R's HoltWinters, which starts at the first value", () => {
  const { alpha, level, sse } = simpleExponentialSmoothing(nile, { start: 1120 });
  assert.ok(Math.abs(alpha - 0.24656) < 1e-5, `${alpha}`);
  assert.ok(Math.abs(level - 805.037) < 1e-3, `${level}`);
  assert.ok(Math.abs(sse - 2_038_872) < 1, `${sse}`);
});

test("simpleExponentialSmoothing() of the Nile is that of statsmodels, which fits the start", () => {
  // statsmodels 0.15.0, SimpleExpSmoothing(initialization_method="estimated"): 0.245729, 1110.7549, 2038674.4322
  const fitted = simpleExponentialSmoothing(nile);
  assert.ok(Math.abs(fitted.alpha - 0.245729) < 1e-5 && Math.abs(fitted.start - 1110.755) < 0.01);
  assert.ok(Math.abs(fitted.sse - 2_038_674.432) < 0.01, `${fitted.sse}`);
  // The same with smoothing_level=0.3: 2043009.5774, forecast 788.4401
  const given = simpleExponentialSmoothing(nile, { alpha: 0.3 });
  assert.ok(Math.abs(given.sse - 2_043_009.577) < 0.01 && Math.abs(given.level - 788.4401) < 1e-3);
});

test("simpleExponentialSmoothing() with alpha 1 is the last value", () => {
  fc.assert(
    fc.property(values, (series) =>
      assert.ok(Math.abs(simpleExponentialSmoothing(series, { alpha: 1 }).level - (series.at(-1) ?? 0)) < 1e-9),
    ),
  );
});

test("simpleExponentialSmoothing() finds a start that no other start beats", () => {
  fc.assert(
    fc.property(values, share, fc.integer({ min: -1_000, max: 1_000 }), (series, alpha, start) => {
      const best = simpleExponentialSmoothing(series, { alpha });
      const other = simpleExponentialSmoothing(series, { alpha, start });
      assert.ok(best.sse <= other.sse + 1e-6 * (1 + other.sse), `${best.sse} and ${other.sse}`);
      const same = simpleExponentialSmoothing(series, { alpha, start: best.start });
      assert.ok(Math.abs(same.sse - best.sse) <= 1e-6 * (1 + best.sse) && Math.abs(same.level - best.level) < 1e-6);
    }),
  );
});

test("simpleExponentialSmoothing() moves with its series, and scales with it", () => {
  fc.assert(
    fc.property(values, share, (series, alpha) => {
      const { level } = simpleExponentialSmoothing(series, { alpha });
      const moved = simpleExponentialSmoothing(
        series.map((value) => 1e6 - 3 * value),
        { alpha },
      );
      assert.ok(Math.abs(moved.level - (1e6 - 3 * level)) < 1e-6);
    }),
  );
});

test("simpleExponentialSmoothing() of one value is that value", () => {
  const { level, sse } = simpleExponentialSmoothing([7]);
  assert.deepEqual({ level, sse }, { level: 7, sse: 0 });
});
