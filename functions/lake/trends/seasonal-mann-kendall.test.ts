import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { closeTo } from "./close-to";
import { airPassengers, nottingham } from "./golden-series";
import { mannKendall } from "./mann-kendall";
import { seasonalMannKendall } from "./seasonal-mann-kendall";

// pymannkendall 1.4.3 seasonal_test and seasonal_sens_slope, period 12.
test("seasonalMannKendall() gives the known answers for published series", () => {
  const months = seasonalMannKendall(nottingham, 12);
  assert.deepEqual([months.s, months.variance], [224, 11_364]);
  closeTo(months.z, 2.0918919588776657);
  closeTo(months.p, 0.036448181572619864);
  closeTo(months.slope, 0.05, 1e-12);

  const passengers = seasonalMannKendall(airPassengers, 12);
  assert.deepEqual([passengers.s, passengers.variance], [784, 2_550]);
  closeTo(passengers.z, 15.50571052301472);
  closeTo(passengers.slope, 30.23611111111111);
});

test("seasonalMannKendall() of one season is Mann-Kendall", () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: -9, max: 9 }), { maxLength: 40 }), (values) => {
      const [{ s, variance, z, p }, plain] = [seasonalMannKendall(values, 1), mannKendall(values)];
      assert.deepEqual([s, variance, z, p], [plain.s, plain.variance, plain.z, plain.p]);
    }),
  );
});

test("seasonalMannKendall() takes no season for a trend", () => {
  const season = Array.from({ length: 60 }, (_, index) => 100 * (index % 12));
  assert.deepEqual(seasonalMannKendall(season, 12), { s: 0, variance: 0, z: 0, p: 1, slope: 0 });
});

test("seasonalMannKendall() is defined for less than one period, and refuses a period that is none", () => {
  for (const values of [[], [1], [1, 2, 3]]) {
    assert.deepEqual(seasonalMannKendall(values, 12), { s: 0, variance: 0, z: 0, p: 1, slope: undefined });
  }
  assert.equal(seasonalMannKendall([1, 2, 3], 2).s, 1);
  for (const period of [0, -1, 1.5, Number.NaN]) assert.throws(() => seasonalMannKendall([1], period), RangeError);
});
