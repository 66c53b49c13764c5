import assert from "node:assert/strict";
import { test } from "node:test";
import { beta, exponential, gamma, logNormal, poisson, weighted } from "./draw";
import { xoshiro128 } from "./xoshiro128";

test("Draws have the mean and variance of their distribution", () => {
  const random = xoshiro128(1, "draw.test");
  for (const [name, draw, mean, variance] of [
    ["gamma(3, 2)", () => gamma(random, 3, 2), 6, 12],
    ["gamma(0.6, 0.5)", () => gamma(random, 0.6, 0.5), 0.3, 0.15],
    ["beta(0.8, 3.2)", () => beta(random, 0.8, 3.2), 0.2, 0.032],
    ["exponential(4)", () => exponential(random, 4), 4, 16],
    ["poisson(1.5)", () => poisson(random, 1.5), 1.5, 1.5],
    [
      "logNormal(10, 0.5)",
      () => logNormal(random, 10, 0.5),
      10 * Math.exp(0.125),
      100 * Math.exp(0.25) * (Math.exp(0.25) - 1),
    ],
    ["weighted 1:3", () => weighted([0, 1], (value) => [1, 3][value] ?? 0)(random), 0.75, 0.1875],
  ] as const) {
    const values = Array.from({ length: 40_000 }, draw);
    const average = values.reduce((sum, value) => sum + value, 0) / values.length;
    const spread = values.reduce((sum, value) => sum + (value - average) ** 2, 0) / values.length;
    assert.ok(Math.abs(average - mean) < 0.03 * mean, `${name}: mean ${average}, not ${mean}`);
    assert.ok(Math.abs(spread - variance) < 0.08 * variance, `${name}: variance ${spread}, not ${variance}`);
  }
});
