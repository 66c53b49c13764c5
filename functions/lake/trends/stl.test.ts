import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { closeTo } from "./close-to";
import { airPassengers, nottingham } from "./golden-series";
import { stl, strengths } from "./stl";

const irregular = Array.from({ length: 61 }, (_, i) => ((i * i * 7 + i * 13) % 23) + (i % 7) * 2.5 + i * 0.3);

// statsmodels 0.15.0 STL(np.log(x), period=12, seasonal=span).fit(); the strengths from numpy's var.
test("stl() has the known strengths of trend and season for published series", () => {
  for (const [values, seasonSpan, trend, season] of [
    [airPassengers, 13, 0.9972690938243853, 0.9714784413587836],
    [airPassengers, 7, 0.9977034286875957, 0.9760490926864728],
    [nottingham, 13, 0.21824176822913177, 0.9454265145916741],
    [nottingham, 7, 0.2340185807569776, 0.9520086547621477],
  ] as const) {
    const found = strengths(stl(values.map(Math.log), { period: 12, seasonSpan }));
    closeTo(found.trend, trend);
    closeTo(found.season, season);
  }
});

// The same: values 0, 71 and 143; then of a series that ends within a period, 0, 30 and 60; then of just two periods, 0, 7 and 13.
test("stl() agrees with the reference value for value, at the ends and in the middle", () => {
  for (const [values, spans, places, trend, season] of [
    [
      airPassengers.map(Math.log),
      { period: 12, seasonSpan: 13 },
      [0, 71, 143],
      [4.804636407631178, 5.544858179143541, 6.190975304562681],
      [-0.09122180072290499, -0.10181946734709658, -0.1235661408397593],
    ],
    [
      irregular,
      { period: 7, seasonSpan: 9 },
      [0, 30, 60],
      [14.910794870692843, 25.11031190331964, 37.30487898999173],
      [-8.749228169043926, -2.041600199592003, 5.603931720838626],
    ],
    [
      irregular.slice(0, 14),
      { period: 7 },
      [0, 7, 13],
      [14.989795918367339, 18.946938775510205, 22.338775510204066],
      [-14.989795918367342, 3.153061224489793, 14.561224489795933],
    ],
  ] as const) {
    const found = stl(values, spans);
    for (const [index, place] of places.entries()) {
      closeTo(found.trend[place], trend[index] ?? Number.NaN);
      closeTo(found.season[place], season[index] ?? Number.NaN);
    }
  }
});

test("stl() takes a series apart into what adds up to it", () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: -1_000, max: 1_000 }), { minLength: 14, maxLength: 50 }), (values) => {
      const { trend, season, remainder } = stl(values, { period: 7 });
      for (const [index, value] of values.entries()) {
        const sum = (trend[index] ?? 0) + (season[index] ?? 0) + (remainder[index] ?? 0);
        assert.ok(Math.abs(sum - value) < 1e-9);
      }
    }),
    { numRuns: 20 },
  );
});

test("strengths() of a pure season and a pure line are 1, and of equal values 0", () => {
  const season = strengths(
    stl(
      Array.from({ length: 70 }, (_, index) => (index % 7) ** 2),
      { period: 7 },
    ),
  );
  assert.ok(season.season > 1 - 1e-9);
  const line = strengths(
    stl(
      Array.from({ length: 70 }, (_, index) => 3 * index),
      { period: 7 },
    ),
  );
  assert.ok(line.trend > 1 - 1e-9);
  assert.deepEqual(strengths(stl(Array(70).fill(0), { period: 7 })), { trend: 0, season: 0 });
});

test("strengths() does not depend on the size of the values", () => {
  const [plain, huge] = [irregular, irregular.map((value) => value * 1e290)].map((values) =>
    strengths(stl(values, { period: 7 })),
  );
  closeTo(huge?.trend, plain?.trend ?? 0);
  closeTo(huge?.season, plain?.season ?? 0);
});

test("stl() refuses fewer than two periods and spans that are none", () => {
  assert.throws(() => stl(irregular.slice(0, 13), { period: 7 }), /two of them are the least/);
  for (const period of [1, 0, 2.5]) assert.throws(() => stl(irregular, { period }), RangeError);
  for (const seasonSpan of [5, 8, Number.NaN])
    assert.throws(() => stl(irregular, { period: 7, seasonSpan }), RangeError);
  assert.throws(() => stl([...irregular, Number.NaN], { period: 7 }), { code: "NotFinite" });
});
