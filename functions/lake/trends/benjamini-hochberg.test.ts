import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { benjaminiHochberg } from "./benjamini-hochberg";
import { closeTo } from "./close-to";

const pValues = fc.array(fc.option(fc.double({ min: 0, max: 1, noNaN: true })), { maxLength: 40 });

// statsmodels 0.15.0 multipletests, method fdr_bh.
test("benjaminiHochberg() gives the known answers", () => {
  const p = [0.041, 0.212, 0.001, 0.039, 0.986, 0.042, 0.06, 0.074, 0.205, 0.008];
  const q = [
    0.084, 0.23555555555555557, 0.01, 0.084, 0.986, 0.084, 0.1, 0.10571428571428572, 0.23555555555555557, 0.04,
  ];
  for (const [index, value] of benjaminiHochberg(p).entries()) closeTo(value, q[index] ?? 0);
});

test("benjaminiHochberg() lets pass what has no p-value, and does not count it", () => {
  assert.deepEqual(benjaminiHochberg([null, 0.01, Number.NaN, 0.02]), [null, 0.02, Number.NaN, 0.02]);
  assert.deepEqual(benjaminiHochberg([null]), [null]);
  assert.deepEqual(benjaminiHochberg([]), []);
  assert.deepEqual(benjaminiHochberg([0.3]), [0.3]);
});

test("benjaminiHochberg() gives numbers from p to 1 that rise with p", () => {
  fc.assert(
    fc.property(pValues, (values) => {
      const q = benjaminiHochberg(values);
      const pairs = values
        .flatMap((p, index) => (p === null ? [] : [{ p, q: q[index] ?? Number.NaN }]))
        .sort((a, b) => a.p - b.p);
      let before = 0;
      for (const pair of pairs) {
        assert.ok(pair.p <= pair.q + 1e-15 && before <= pair.q && pair.q <= 1, JSON.stringify(pairs));
        before = pair.q;
      }
    }),
  );
});

test("benjaminiHochberg() does not depend on the order of the tests", () => {
  fc.assert(
    fc.property(pValues, (values) => {
      assert.deepEqual(benjaminiHochberg(values.toReversed()), benjaminiHochberg(values).toReversed());
    }),
  );
});

test("benjaminiHochberg() refuses what is no probability", () => {
  for (const p of [-0.1, 1.1, Number.POSITIVE_INFINITY]) {
    assert.throws(() => benjaminiHochberg([0.5, p]), { message: new RegExp(`p-value 1 .* value is ${p}`) });
  }
});
