import assert from "node:assert/strict";
import { test } from "node:test";
import { closeTo } from "./close-to";
import { airPassengers, lakeHuron, nile, nottingham } from "./golden-series";
import { detrended, hamedRao } from "./hamed-rao";
import { mannKendall } from "./mann-kendall";
import { share, simulate } from "./simulated-series";
import { firstOrderRatio, significantLagsRatio } from "./variance-ratio";

// pymannkendall 1.4.3 hamed_rao_modification_test, over all lags.
test("hamedRao() gives the known answers for published series", () => {
  for (const [values, variance, z, p] of [
    [nile, 241_565.3569166269, -2.8199791956451388, 0.004802676310182719],
    [lakeHuron, 348_825.2192890224, -2.8461892597018994, 0.004424588915476146],
  ] as const) {
    const found = hamedRao(values);
    closeTo(found.variance, variance);
    closeTo(found.z, z);
    closeTo(found.p, p);
    assert.equal(found.s, mannKendall(values).s);
  }
  closeTo(hamedRao(airPassengers).z, 11.40492600315139);
});

// The same, over 3 lags: variance / variance of original_test.
test("significantLagsRatio() can be told to count the first lags only", () => {
  const three = (values: readonly number[]) => significantLagsRatio(detrended(values), { maxLag: 3 });
  closeTo(three(nile), 2.5025778323535874);
  closeTo(three(lakeHuron), 3.722419436953656);
  closeTo(three(nottingham), 3.4559606634113527);
});

// The same, over all lags and over 10: in the second, the reference's z is NaN.
test("a ratio below 1 does not make hamedRao() more certain than the plain test", () => {
  closeTo(significantLagsRatio(detrended(nottingham)), 0.18687715631451662);
  closeTo(significantLagsRatio(detrended(nottingham), { maxLag: 10 }), -1.944553125224596);
  assert.equal(hamedRao(nottingham).ratio, 1);
  assert.equal(hamedRao(nottingham).p, mannKendall(nottingham).p);
});

test("hamedRao() is defined for few values, equal values and a perfect line", () => {
  for (const values of [[], [1], [1, 2], [1, 2, 3], [5, 5, 5, 5, 5, 5]]) {
    for (const ratioOf of [significantLagsRatio, firstOrderRatio]) {
      assert.deepEqual(hamedRao(values, { ratioOf }), { ...mannKendall(values), ratio: 1 });
    }
  }
  // In decimals that no double holds: what the line leaves is rounding, and must not be read as dependence.
  const line = Array.from({ length: 50 }, (_, index) => 0.1 + 0.1 * index);
  assert.deepEqual(hamedRao(line), { ...mannKendall(line), ratio: 1 });
  assert.ok(detrended(line).every((value) => value === 0));
});

test("firstOrderRatio() grows with dependence, and is 1 where neighbours differ", () => {
  const mean = (memory: number) => {
    const ratios = simulate(200, { n: 104, memory }).map((values) => firstOrderRatio(values));
    return ratios.reduce((sum, ratio) => sum + ratio, 0) / ratios.length;
  };
  assert.ok(mean(0) < 1.3 && mean(0) < mean(0.3) && mean(0.3) < mean(0.6));
  assert.equal(firstOrderRatio(Array.from({ length: 52 }, (_, index) => index % 2)), 1);
});

test("hamedRao() finds fewer trends than the plain test in dependent values that have none", () => {
  for (const memory of [0.3, 0.6]) {
    const nothing = simulate(600, { n: 52, memory });
    const plain = share(nothing, (values) => mannKendall(values).p <= 0.05);
    const corrected = share(nothing, (values) => hamedRao(values).p <= 0.05);
    const firstOrder = share(nothing, (values) => hamedRao(values, { ratioOf: firstOrderRatio }).p <= 0.05);
    const said = `memory ${memory}: plain ${plain}, corrected ${corrected}, first order ${firstOrder}`;
    assert.ok(0.05 < firstOrder && firstOrder < corrected && corrected < plain, said);
    assert.ok(firstOrder < 0.1, said);
  }
});

test("hamedRao() still finds the trends of dependent values that have one", () => {
  const rising = simulate(200, { n: 104, memory: 0.3, slope: 0.03 });
  assert.ok(share(rising, (values) => hamedRao(values, { ratioOf: firstOrderRatio }).p <= 0.05) > 0.95);
});
