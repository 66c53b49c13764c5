import assert from "node:assert/strict";
import { test } from "node:test";
import { xoshiro128 } from "../../xoshiro128";
import { coarse, noise } from "./noise";
import { ridge, under } from "./ridge";

test("ridge() lies between its top and its bottom, and touches both", () => {
  for (const roughness of [0.2, 0.5, 0.8]) {
    const line = ridge(xoshiro128(1, "ridge.test"), { width: 512, top: 20, bottom: 90, roughness });
    const heights = Array.from({ length: 513 }, (_, x) => line(x));
    assert.ok(Math.abs(Math.min(...heights) - 20) < 1e-6, `${Math.min(...heights)}`);
    assert.ok(Math.abs(Math.max(...heights) - 90) < 1e-6, `${Math.max(...heights)}`);
    assert.equal(line(-40), line(0));
  }
});

test("ridge() is the rougher, the more its halves may be bent", () => {
  const [smooth, rough] = [0.25, 0.6].map((roughness) => {
    const line = ridge(xoshiro128(2, "ridge.test"), { width: 512, top: 0, bottom: 100, roughness });
    return Array.from({ length: 512 }, (_, x) => Math.abs(line(x + 1) - line(x))).reduce((sum, step) => sum + step, 0);
  });
  assert.ok((rough ?? 0) > 2 * (smooth ?? 0), `${smooth} and ${rough}`);
});

test("under() reaches down to the floor", () => {
  const land = under((x) => x / 2, 10, 50);
  assert.deepEqual(land[3], [6, 3]);
  assert.deepEqual(land.slice(-2), [
    [12, 50],
    [0, 50],
  ]);
});

test("noise() is smooth and between 0 and 1, and coarse() follows it", () => {
  const fine = noise(xoshiro128(3, "ridge.test"), 3);
  const known = coarse((x, y) => fine(x / 60, y / 60), 200, 100);
  for (let at = 0; at < 2_000; at++) {
    const [x, y] = [(at * 37) % 200, (at * 61) % 100];
    const value = fine(x / 60, y / 60);
    assert.ok(value >= 0 && value <= 1, `${value}`);
    assert.ok(Math.abs(value - fine((x + 0.5) / 60, y / 60)) < 0.1);
    assert.ok(Math.abs(value - known(x, y)) < 0.06, `${value}, ${known(x, y)}`);
  }
});
