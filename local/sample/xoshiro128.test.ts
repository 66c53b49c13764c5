import assert from "node:assert/strict";
import { test } from "node:test";
import { xoshiro128 } from "./xoshiro128";

test("xoshiro128() gives one stream per seed and name, evenly between 0 and 1", () => {
  const draws = (seed: number, name: string) => {
    const random = xoshiro128(seed, name);
    return Array.from({ length: 20_000 }, random);
  };
  const some = draws(1, "orders");
  assert.deepEqual(some, draws(1, "orders"));
  assert.notEqual(some[0], draws(2, "orders")[0]);
  assert.notEqual(some[0], draws(1, "dirt")[0]);
  assert.ok(some.every((value) => value >= 0 && value < 1));

  const tenths = Array.from(
    { length: 10 },
    (_, tenth) => some.filter((value) => Math.floor(value * 10) === tenth).length,
  );
  const chiSquare = tenths.reduce((sum, count) => sum + (count - 2_000) ** 2 / 2_000, 0);
  assert.ok(chiSquare < 27.9, `chi-square is ${chiSquare}, above the 99.9 % point of nine degrees of freedom`);
});
