import assert from "node:assert/strict";
import { test } from "node:test";
import { immuneSera } from "./known-series";
import { uniform } from "./simulated-series";
import { tsb } from "./tsb";

test("tsb() of a known series is that of statsforecast", () => {
  // statsforecast 2.1.1, TSB(alpha_d=0.2, alpha_p=0.1).forecast
  assert.ok(Math.abs(tsb(immuneSera, { alpha: 0.2, beta: 0.1 }).rate - 0.01153584) < 1e-8);
});

test("tsb() fades while nothing happens, by beta a step", () => {
  const [before, after] = [
    [0, 4, 0, 5],
    [0, 4, 0, 5, 0, 0, 0],
  ].map((series) => tsb(series, { alpha: 0.1, beta: 0.2 }));
  assert.ok(before && after);
  assert.equal(after.size, before.size);
  assert.ok(Math.abs(after.rate - before.rate * 0.8 ** 3) < 1e-12);
});

test("tsb() finds the mean of a simulated series", () => {
  const random = uniform(21);
  let mean = 0;
  for (let run = 0; run < 400; run++) {
    const series = Array.from({ length: 300 }, () => (random() < 0.3 ? 5 + 10 * random() : 0));
    mean += tsb(series, { alpha: 0.1, beta: 0.1 }).rate / 400;
  }
  assert.ok(Math.abs(mean - 3) < 0.12, `${mean}`);
});

test("tsb() chooses constants of the usual range", () => {
  const { alpha, beta, sse } = tsb(immuneSera);
  for (const constant of [alpha, beta]) assert.ok(constant >= 0.02 && constant <= 0.3);
  assert.ok(sse <= tsb(immuneSera, { alpha: 0.2, beta: 0.1 }).sse);
});
