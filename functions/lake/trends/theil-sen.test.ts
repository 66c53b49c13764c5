import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { closeTo } from "./close-to";
import { airPassengers, lakeHuron, nile, nottingham } from "./golden-series";
import { share, simulate } from "./simulated-series";
import { median, theilSen } from "./theil-sen";

// scipy 1.17.1 theilslopes over 0, 1, 2, ... at 95 % and 90 %.
test("theilSen() gives the known slopes and intervals for published series", () => {
  for (const [values, slope, intercept, lower95, upper95, lower90, upper90] of [
    [nile, -2.6, 1022.2, -3.627906976744186, -1.4285714285714286, -3.4285714285714284, -1.6590909090909092],
    [lakeHuron, -0.025125, 580.3385625, -0.03492957746478899, -0.01657534246575392, -0.03352941176470548, -0.018],
    [
      nottingham,
      0.005896841495218826,
      46.64532744132134,
      -0.00909090909090922,
      0.020833333333333332,
      -0.006586826347305398,
      0.018018018018018018,
    ],
    [
      airPassengers,
      2.451216287678477,
      90.23803543098887,
      2.2941176470588234,
      2.6216216216216215,
      2.3185185185185184,
      2.590909090909091,
    ],
  ] as const) {
    const [at95, at90] = [theilSen(values), theilSen(values, { confidence: 0.9 })];
    for (const [actual, expected] of [
      [at95?.slope, slope],
      [at95?.intercept, intercept],
      [at95?.lower, lower95],
      [at95?.upper, upper95],
      [at90?.lower, lower90],
      [at90?.upper, upper90],
    ] as const) {
      closeTo(actual, expected);
    }
  }
});

test("theilSen() of fewer than two values is undefined, and of two it is the line through them", () => {
  assert.equal(theilSen([]), undefined);
  assert.equal(theilSen([5]), undefined);
  assert.deepEqual(theilSen([5, 3]), { slope: -2, intercept: 5, lower: -2, upper: -2 });
  assert.deepEqual(theilSen([4, 4, 4]), { slope: 0, intercept: 4, lower: 0, upper: 0 });
  assert.equal(theilSen([-1e300, 1e300])?.slope, 2e300);
});

test("theilSen() is not moved by a few absurd values", () => {
  const line = Array.from({ length: 40 }, (_, index) => 10 + 3 * index);
  const absurd = line.map((value, index) => (index % 5 === 2 ? 1e12 : value));
  const slope = theilSen(absurd)?.slope ?? 0;
  assert.ok(Math.abs(slope - 3) < 0.5, `${slope}`);
});

test("theilSen() follows a series that is stretched, moved and tilted", () => {
  fc.assert(
    fc.property(
      fc.array(fc.integer({ min: -1_000, max: 1_000 }), { minLength: 2, maxLength: 40 }),
      fc.integer({ min: -9, max: 9 }),
      fc.integer({ min: -100, max: 100 }),
      fc.integer({ min: -50, max: 50 }),
      (values, stretch, move, tilt) => {
        const slope = theilSen(values)?.slope ?? Number.NaN;
        const changed = theilSen(values.map((value, index) => value * stretch + move + tilt * index))?.slope;
        assert.ok(Math.abs((changed ?? Number.NaN) - (slope * stretch + tilt)) < 1e-9);
      },
    ),
  );
});

test("theilSen() has the true slope in 95 of 100 intervals, and wider ones for dependent values", () => {
  const inside = share(simulate(1_000, { n: 40, slope: 0.1 }), (values) => {
    const { lower = 0, upper = 0 } = theilSen(values) ?? {};
    return lower <= 0.1 && 0.1 <= upper;
  });
  assert.ok(Math.abs(inside - 0.95) < 4 * Math.sqrt((0.95 * 0.05) / 1_000), `${inside}`);
  const [plain, wide] = [theilSen(nile), theilSen(nile, { varianceRatio: 2 })];
  assert.ok(plain && wide && wide.lower < plain.lower && plain.upper < wide.upper && wide.slope === plain.slope);
});

test("theilSen() refuses more values than it can hold the slopes of, and confidences that are none", () => {
  assert.throws(() => theilSen(Array(5_001).fill(1)), /5000 are the most/);
  for (const confidence of [-1, 1, 2]) assert.throws(() => theilSen([1, 2], { confidence }), RangeError);
  for (const varianceRatio of [0, -1, Number.NaN]) assert.throws(() => theilSen([1, 2], { varianceRatio }), RangeError);
});

test("median() is the middle value or between the two middle ones", () => {
  assert.equal(median([3, 1, 2]), 2);
  assert.equal(median([1e300, -1e300, 1, 2]), 1.5);
  assert.ok(Number.isNaN(median([])));
});
