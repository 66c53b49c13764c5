import assert from "node:assert/strict";
import { test } from "node:test";
import { holtWinters, holtWintersForecast } from "./holt-winters";
import { airPassengers } from "./known-series";
import { normal } from "./simulated-series";

// R's stats::HoltWinters stops its search where it likes, so what must agree is the error that is left.

test("holtWinters() of airline passengers is as close as R's, multiplicative", () => {
  const { sse, level, trend, season } = holtWinters(airPassengers, { period: 12, kind: "multiplicative" });
  assert.ok(sse <= 16_570.78 * 1.0001, `${sse}`);
  assert.ok(
    Math.abs(level - 469.32) < 0.1 && Math.abs(trend - 3.0215) < 0.01 && Math.abs((season[0] ?? 0) - 0.9465) < 1e-3,
  );
});

test("holtWinters() of airline passengers is as close as R's, additive", () => {
  const { sse, level, season } = holtWinters(airPassengers, { period: 12, kind: "additive" });
  assert.ok(sse <= 21_860.18 * 1.0001, `${sse}`);
  assert.ok(Math.abs(level - 477.82) < 0.1 && Math.abs((season[0] ?? 0) + 27.45) < 0.1);
});

for (const kind of ["additive", "multiplicative"] as const) {
  test(`holtWinters() finds the constants of a simulated series again, ${kind}`, () => {
    const noise = normal(11);
    let [level, trend] = [1_000, 0.2];
    const season = kind === "additive" ? [-60, -30, 0, 10, 30, 80, -30] : [0.8, 0.9, 1, 1, 1.1, 1.4, 0.8];
    const series = Array.from({ length: 3_000 }, (_, time) => {
      const index = season[time % 7] ?? 0;
      const line = level + trend;
      const value = kind === "additive" ? line + index + 10 * noise() : line * index + 10 * noise();
      const before = level;
      level = 0.3 * (kind === "additive" ? value - index : value / index) + 0.7 * line;
      trend = 0.05 * (level - before) + 0.95 * trend;
      season[time % 7] = 0.2 * (kind === "additive" ? value - level : value / level) + 0.8 * index;
      return value;
    });
    const { alpha, beta, gamma } = holtWinters(series, { period: 7, kind });
    assert.ok(
      Math.abs(alpha - 0.3) < 0.05 && Math.abs(beta - 0.05) < 0.03 && Math.abs(gamma - 0.2) < 0.05,
      `${alpha} ${beta} ${gamma}`,
    );
  });

  test(`holtWinters() goes on with a line that has a season, ${kind}`, () => {
    const at = (time: number) => {
      const [line, index] = [200 + 2 * time, [1, 2, 3, 6][time % 4] ?? 0];
      return kind === "additive" ? line + index : line * index;
    };
    const series = Array.from({ length: 40 }, (_, time) => at(time));
    for (const [step, value] of holtWintersForecast(holtWinters(series, { period: 4, kind }), 9).entries())
      assert.ok(Math.abs(value / at(40 + step) - 1) < 0.02, `${value} for ${at(40 + step)}`);
  });

  test(`holtWinters() scales with its series, ${kind}`, () => {
    const forecast = (values: readonly number[]) => holtWintersForecast(holtWinters(values, { period: 12, kind }), 12);
    const scaled = forecast(airPassengers.map((value) => value * 1e9));
    for (const [step, value] of forecast(airPassengers).entries())
      assert.ok(Math.abs((scaled[step] ?? 0) / (value * 1e9) - 1) < 1e-3);
  });
}
