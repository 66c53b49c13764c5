import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { valueAxis } from "./value-axis";

const labels = (...values: number[]) => valueAxis(values, 5).ticks.map(({ label }) => label);

test("valueAxis() has round ticks from 0, in one unit", () => {
  for (const [values, expected] of [
    [[47], ["0", "10", "20", "30", "40"]],
    [[1_100], ["0", "250", "500", "750", "1000"]],
    [
      [45_000, 12],
      ["0", "10k", "20k", "30k", "40k"],
    ],
    [[8_100_000], ["0", "2M", "4M", "6M", "8M"]],
    [[12_000_000], ["0", "2.5M", "5.0M", "7.5M", "10.0M"]],
    [[5e9], ["0", "1bn", "2bn", "3bn", "4bn", "5bn"]],
    [[5e12], ["0", "1tn", "2tn", "3tn", "4tn", "5tn"]],
    [
      [-30, 60],
      ["\u221220", "0", "20", "40", "60"],
    ],
    [
      [-4_000, 4_000],
      ["\u22124k", "\u22122k", "0", "2k", "4k"],
    ],
    [[-500], ["\u2212500", "\u2212400", "\u2212300", "\u2212200", "\u2212100", "0"]],
    [[0.3], ["0", "0.1", "0.2", "0.3"]],
    [[], ["0", "0.2", "0.4", "0.6", "0.8", "1.0"]],
    [[2e20], ["0", "5e19", "1e20", "1.5e20", "2e20"]],
    [[2e-9], ["0", "5e-10", "1e-9", "1.5e-9", "2e-9"]],
  ] as const) {
    assert.deepEqual(labels(...values), expected, String(values));
  }
});

test("valueAxis() holds 0, all values and at least two different labels", () => {
  const value = fc.double({ min: -1e300, max: 1e300, noNaN: true });
  fc.assert(
    fc.property(fc.array(value, { maxLength: 20 }), (values) => {
      const { from, to, ticks } = valueAxis(values, 5);
      assert.ok(from < to && Number.isFinite(from) && Number.isFinite(to));
      for (const one of [0, ...values, ...ticks.map((tick) => tick.value)])
        assert.ok(from <= one && one <= to, `${one}`);
      assert.ok(ticks.length >= 2 && ticks.length <= 8);
      assert.equal(new Set(ticks.map(({ label }) => label)).size, ticks.length);
    }),
  );
});
