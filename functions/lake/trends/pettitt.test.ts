import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { closeTo } from "./close-to";
import { airPassengers, lakeHuron, nile, nottingham } from "./golden-series";
import { pettitt } from "./pettitt";
import { share, simulate } from "./simulated-series";

// By the formula in numpy 2.4.6, ranks by scipy 1.17.1 rankdata. The Nile's 28 years before the change end with 1898.
test("pettitt() gives the known answers for published series", () => {
  for (const [values, statistic, index, p] of [
    [nile, 1617, 28, 3.5910221769362927e-7],
    [lakeHuron, 1511, 46, 1.1062968258309035e-6],
    [nottingham, 1348, 148, 0.9118735717899766],
    [airPassengers, 5119, 74, 3.901708696249635e-23],
  ] as const) {
    const found = pettitt(values);
    assert.deepEqual([found.statistic, found.index], [statistic, index]);
    closeTo(found.p, p);
  }
});

test("pettitt() finds no change in what has none", () => {
  for (const values of [[], [1], [4, 4, 4]]) {
    assert.deepEqual(pettitt(values), { statistic: 0, index: undefined, p: 1 });
  }
  assert.deepEqual(pettitt([1, 2]), { statistic: 1, index: 1, p: 1 });
});

test("pettitt() finds a step where it is", () => {
  fc.assert(
    fc.property(fc.integer({ min: 3, max: 30 }), fc.integer({ min: 3, max: 30 }), (before, after) => {
      const found = pettitt([...Array<number>(before).fill(-1e9), ...Array<number>(after).fill(2e9)]);
      assert.equal(found.index, before);
      assert.equal(found.statistic, before * after);
    }),
  );
});

test("pettitt() gives the same statistic for a series upside down and for one that runs backwards", () => {
  fc.assert(
    fc.property(fc.uniqueArray(fc.integer(), { minLength: 2, maxLength: 40 }), (values) => {
      const found = pettitt(values);
      assert.equal(pettitt(values.map((value) => -value)).statistic, found.statistic);
      assert.equal(pettitt(values.toReversed()).statistic, found.statistic);
    }),
  );
});

test("pettitt() reports a change in independent values no more often than its level says", () => {
  const found = share(simulate(1_000, { n: 52 }), (values) => pettitt(values).p <= 0.05);
  assert.ok(found <= 0.05 && found >= 0.01, `${found}`);
});

test("pettitt() is less certain of values that depend on each other", () => {
  const [plain, corrected] = [pettitt(nile), pettitt(nile, { varianceRatio: 2 })];
  assert.equal(corrected.index, plain.index);
  closeTo(corrected.p, 2 * Math.sqrt(plain.p / 2));
  for (const varianceRatio of [0, -1, Number.NaN]) assert.throws(() => pettitt(nile, { varianceRatio }), RangeError);
});
