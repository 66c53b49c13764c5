import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { sparkline } from "./sparkline";

test("sparkline() draws the lowest value lowest and the highest highest", () => {
  assert.equal(sparkline([1, 2, 3, 4, 5, 6, 7, 8]), "▁▂▃▄▅▆▇█");
  assert.equal(sparkline([-5, 0, 5]), "▁▅█");
  assert.equal(sparkline([-1e308, 1e308, Number.MAX_VALUE]), "▁▆█");
});

test("sparkline() of equal values is level, and of none is nothing", () => {
  assert.equal(sparkline([7, 7, 7]), "▅▅▅");
  assert.equal(sparkline([7]), "▅");
  assert.equal(sparkline([]), "");
});

test("sparkline() leaves a blank where there is no number", () => {
  assert.equal(sparkline([1, null, Number.NaN, Number.POSITIVE_INFINITY, 2]), "▁   █");
  assert.equal(sparkline([null, null]), "  ");
});

test("sparkline() puts neighbours together where there are more than fit", () => {
  assert.equal(sparkline([1, 3, 9, 11, 5, 5], 3), "▁█▄");
  assert.equal(sparkline([0, 0, null, null, 1, 1], 3), "▁ █");
  assert.equal(sparkline([1, 2, 3], 0), "▅");
});

test("sparkline() is as long as its series or its width, whichever is less", () => {
  const value = fc.option(fc.double());
  fc.assert(
    fc.property(fc.array(value, { maxLength: 200 }), fc.integer({ min: 1, max: 80 }), (values, width) => {
      const line = sparkline(values, width);
      assert.match(line, /^[ ▁▂▃▄▅▆▇█]*$/);
      assert.equal(line.length, Math.min(values.length, width));
    }),
  );
});
