import assert from "node:assert/strict";
import { test } from "node:test";
import { darker, lighter, mix, veiled } from "./colour";
import { across, around, downwards, ramp } from "./gradient";

test("ramp() has the stops' colours at the stops, and those of the ends beyond them", () => {
  const colourAt = ramp([
    [0.2, 0x102030ff],
    [0.6, 0xff0000ff],
    [0.6, 0x00ff00ff],
    [1, 0x0000ff00],
  ]);
  assert.equal(colourAt(-3), 0x102030ff);
  assert.equal(colourAt(0.1), 0x102030ff);
  assert.equal(colourAt(0.2), 0x102030ff);
  assert.ok(colourAt(0.59) > 0xf0000000 && colourAt(0.61) < 0x10ff00ff);
  assert.equal(colourAt(1), 0x0000ff00);
  assert.equal(colourAt(7), 0x0000ff00);
});

test("Gradients go downwards, across and around", () => {
  const stops = [
    [0, 0x000000ff],
    [1, 0xffffffff],
  ] as const;
  assert.equal(downwards(0, 10, ...stops)(99, -1), 0x000000ff);
  assert.equal(downwards(0, 10, ...stops)(99, 11), 0xffffffff);
  assert.equal(across([0, 0], [10, 10], ...stops)(0, 9) >>> 24, 128);
  assert.equal(around([5, 5], [4, 2], ...stops)(4.5, 4.5), 0x000000ff);
  assert.equal(around([5, 5], [4, 2], ...stops)(4.5, 7), 0xffffffff);
  assert.equal(around([5, 5], [4, 2], ...stops)(6.5, 4.5) >>> 24, 128);
});

test("Colours are made from others", () => {
  assert.equal(mix(0x000000ff, 0xffffff00, 0.5), 0x80808080);
  assert.equal(mix(0x123456ff, 0xffffffff, -1), 0x123456ff);
  assert.equal(lighter(0x80808040, 1), 0xffffff40);
  assert.equal(darker(0x80808040, 1), 0x00000040);
  assert.equal(veiled(0x123456ff, 0.5), 0x12345680);
});
