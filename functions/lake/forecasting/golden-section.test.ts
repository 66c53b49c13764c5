import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { goldenSection } from "./golden-section";

test("goldenSection() finds the bottom of a parabola wherever it lies, the ends of the interval among it", () => {
  const bottoms = fc.double({ min: -1, max: 3, noNaN: true });
  fc.assert(
    fc.property(bottoms, (bottom) => {
      const { x } = goldenSection((at) => (at - bottom) ** 2, { from: -1, to: 3 });
      assert.ok(Math.abs(x - bottom) < 1e-6, `${x} for ${bottom}`);
    }),
    { examples: [[-1], [3]] },
  );
});

test("goldenSection() finds the lower of two valleys, which the section alone would miss", () => {
  const twoValleys = (x: number) => Math.min((x - 0.1) ** 2, 10 * (x - 0.93) ** 2 - 0.5);
  const { x, value } = goldenSection(twoValleys, { from: 0, to: 1 });
  assert.ok(Math.abs(x - 0.93) < 1e-6 && Math.abs(value + 0.5) < 1e-9, `${x}`);
});

test("goldenSection() gives the value at the point that it gives", () => {
  const wave = (x: number) => Math.sin(7 * x) + 0.1 * x;
  const { x, value } = goldenSection(wave, { from: 0, to: 5 });
  assert.equal(value, wave(x));
});
