import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { closeTo } from "./close-to";
import { airPassengers, lakeHuron, nile, nottingham } from "./golden-series";
import { mannKendall } from "./mann-kendall";
import { share, simulate } from "./simulated-series";

const series = fc.array(fc.integer({ min: -5, max: 5 }), { maxLength: 60 });

// pymannkendall 1.4.3 original_test; tau-b by scipy 1.17.1 kendalltau.
test("mannKendall() gives the known answers for published series", () => {
  for (const [values, s, variance, z, tau] of [
    [nile, -1387, 112_728.33333333333, -4.128066522844101, -0.2807413347246131],
    [lakeHuron, -1682, 106_136.66666666667, -5.159825226030389, -0.35436670750282584],
    [nottingham, 976, 1_545_380.6666666667, 0.7843084216095282, 0.03410568421309206],
    [airPassengers, 8327, 335_164.3333333333, 14.381610025544802, 0.8098232119400294],
  ] as const) {
    const found = mannKendall(values);
    assert.equal(found.s, s);
    closeTo(found.variance, variance);
    closeTo(found.z, z);
    closeTo(found.tau, tau);
  }
  closeTo(mannKendall(nile).p, 3.658262921657496e-5);
  closeTo(mannKendall(lakeHuron).p, 2.471804838588554e-7);
  closeTo(mannKendall(nottingham).p, 0.43285915909601735);
});

test("mannKendall() of what cannot show a trend is certain of none", () => {
  for (const values of [[], [3], [7, 7, 7, 7]]) {
    assert.deepEqual(mannKendall(values), { n: values.length, s: 0, variance: 0, z: 0, p: 1, tau: 0 });
  }
  assert.deepEqual(mannKendall([1, 2]), { n: 2, s: 1, variance: 1, z: 0, p: 1, tau: 1 });
});

test("mannKendall() holds for negative and huge values, and refuses the others by place and value", () => {
  assert.equal(mannKendall([-1e300, 0, 1e300]).s, 3);
  for (const value of [Number.NaN, Number.POSITIVE_INFINITY, -1e301]) {
    assert.throws(() => mannKendall([1, value, 3]), {
      code: "NotFinite",
      message: new RegExp(`value 1 of 3 is ${value}`.replace("+", "\\+")),
    });
  }
});

test("mannKendall() turns its sign when a series runs backwards or upside down", () => {
  fc.assert(
    fc.property(series, (values) => {
      const { s, p } = mannKendall(values);
      for (const turned of [values.toReversed(), values.map((value) => -value)]) {
        const found = mannKendall(turned);
        assert.equal(found.s + s, 0);
        assert.equal(found.p, p);
      }
    }),
  );
});

test("mannKendall() asks for the order of values and not for their size", () => {
  fc.assert(
    fc.property(series, (values) => {
      assert.deepEqual(mannKendall(values.map((value) => Math.exp(value))), mannKendall(values));
    }),
  );
});

test("mannKendall() keeps s and tau within the number of pairs", () => {
  fc.assert(
    fc.property(series, (values) => {
      const { n, s, tau, p } = mannKendall(values);
      assert.ok(Math.abs(s) <= (n * (n - 1)) / 2 && Math.abs(tau) <= 1 + 1e-12 && p >= 0 && p <= 1);
    }),
  );
});

// Four standard errors of a binomial share around each level; S being a whole number, the small levels are missed from below.
test("mannKendall() of independent values has p-values as small as chance allows", () => {
  const nothing = simulate(2_000, { n: 30 });
  for (const level of [0.01, 0.05, 0.2, 0.5]) {
    const found = share(nothing, (values) => mannKendall(values).p <= level);
    const margin = 4 * Math.sqrt((level * (1 - level)) / 2_000);
    assert.ok(Math.abs(found - level) <= margin, `p <= ${level} in a share of ${found}`);
  }
});
