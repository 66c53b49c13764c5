import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { halfWidths, measuredCoverage, quantile } from "./conformal";
import { normal, uniform } from "./simulated-series";

test("quantile() takes the rank of the finite sample, and none where there is none", () => {
  const errors = Array.from({ length: 19 }, (_, index) => 19 - index);
  assert.equal(quantile(errors, 0.95), 19); // ceil(20 x 0.95)
  assert.equal(quantile(errors, 0.8), 16);
  assert.equal(quantile(errors.slice(1), 0.95), null);
  assert.equal(quantile([1, 2, 3], 0.8), null);
  assert.equal(quantile([1, 2, 3, 4], 0.8), 4);
  assert.equal(quantile([], 0.5), null);
});

test("quantile() covers the next error as often as it says, within binomial bounds", () => {
  const random = uniform(1);
  for (const [count, coverage] of [
    [19, 0.95],
    [40, 0.95],
    [40, 0.8],
    [9, 0.8],
  ] as const) {
    const runs = 10_000;
    let covered = 0;
    for (let run = 0; run < runs; run++) {
      const errors = Array.from({ length: count }, () => random() ** 3);
      if (random() ** 3 <= (quantile(errors, coverage) ?? 0)) covered++;
    }
    const exact = Math.ceil((count + 1) * coverage) / (count + 1);
    const four = 4 * Math.sqrt((exact * (1 - exact)) / runs);
    assert.ok(exact >= coverage && Math.abs(covered / runs - exact) < four, `${covered / runs} for ${exact}`);
  }
});

test("halfWidths() pools neighbouring horizons to forty errors or more", () => {
  // The error is its horizon: the largest in a pool tells how far it reaches.
  const errors = Array.from({ length: 8 }, () => Array.from({ length: 28 }, (_, step) => step));
  const origins = [56, 70, 84, 98, 112, 126, 140, 154];
  const widths = halfWidths({ origins, errors }, 0.97);
  assert.deepEqual(widths.slice(0, 5), [4, 4, 4, 5, 6]);
  assert.deepEqual(widths.slice(-3), [27, 27, 27]);
});

test("halfWidths() are null where all errors together are too few", () => {
  const backtest = {
    origins: [10, 11, 12],
    errors: [
      [1, 2],
      [3, 4],
      [5, 6],
    ],
  };
  assert.deepEqual(halfWidths(backtest, 0.8), [6, 6]);
  assert.deepEqual(halfWidths(backtest, 0.95), [null, null]);
  assert.equal(measuredCoverage(backtest, 0.95), null);
});

test("halfWidths() are wider for more coverage, and scale with the errors", () => {
  const error = fc.double({ min: 0, max: 1e6, noNaN: true });
  fc.assert(
    fc.property(fc.array(fc.array(error, { minLength: 8, maxLength: 8 }), { minLength: 3, maxLength: 8 }), (errors) => {
      const origins = errors.map((_, index) => 20 + 8 * index);
      const [narrow, wide] = [halfWidths({ origins, errors }, 0.8), halfWidths({ origins, errors }, 0.95)];
      for (const [step, width] of wide.entries()) assert.ok(width === null || width >= (narrow[step] ?? 0));
      const doubled = errors.map((each) => each.map((one) => 2 * one));
      assert.deepEqual(
        halfWidths({ origins, errors: doubled }, 0.8),
        narrow.map((width) => (width ?? 0) * 2),
      );
    }),
  );
});

test("measuredCoverage() of noise is what was asked for", () => {
  const noise = normal(17);
  const origins = Array.from({ length: 400 }, (_, index) => 30 + 10 * index);
  const errors = origins.map(() => Array.from({ length: 10 }, () => Math.abs(noise())));
  for (const coverage of [0.8, 0.95]) {
    const measured = measuredCoverage({ origins, errors }, coverage) ?? 0;
    assert.ok(Math.abs(measured - coverage) < 4 * Math.sqrt((coverage * (1 - coverage)) / 4_000), `${measured}`);
  }
});

test("measuredCoverage() counts an error as covered up to the one of that rank, and not beyond", () => {
  const backtest = { origins: [20, 30, 40, 50, 60], errors: [[1], [2], [3], [4], [5]] };
  assert.equal(measuredCoverage(backtest, 0.8), 4 / 5); // of four others the largest: 5 lies beyond it
  assert.equal(measuredCoverage(backtest, 0.6), 3 / 5);
  assert.equal(measuredCoverage({ ...backtest, errors: [[3], [3], [3], [3], [3]] }, 0.6), 1);
});

test("measuredCoverage() sees that one origin is unlike the others", () => {
  const errors = Array.from({ length: 6 }, (_, origin) => Array.from({ length: 10 }, () => (origin === 5 ? 100 : 1)));
  const origins = [20, 30, 40, 50, 60, 70];
  assert.equal(measuredCoverage({ origins, errors }, 0.8), 5 / 6);
});

test("measuredCoverage() does not use errors at the time of the window that it covers", () => {
  // Two origins see the same hard days; either would vouch for the other.
  const origins = [20, 24, 60, 80, 100];
  const errors = origins.map((_, index) =>
    Array.from({ length: 8 }, (_, step) => ((index === 0 && step >= 4) || (index === 1 && step < 4) ? 9 : 1)),
  );
  const hard = 8;
  assert.equal(measuredCoverage({ origins, errors }, 0.9), (5 * 8 - hard) / (5 * 8));
});
