import assert from "node:assert/strict";
import { test } from "node:test";
import { excludes } from "./glob";

test("excludes() means what Glue's patterns mean", () => {
  for (const [pattern, meant, not] of [
    ["*.csv", ["a.csv"], ["a/b.csv", "a.csv.gz", "acsv"]],
    ["**.csv", ["a.csv", "a/b.csv"], ["a.parquet"]],
    ["**/*.csv", ["a/b.csv", "a/b/c.csv"], ["a.csv"]],
    ["a?.csv", ["ab.csv"], ["a.csv", "a/.csv", "abc.csv"]],
    ["a[0-9].csv", ["a1.csv"], ["ab.csv"]],
    ["a[!0-9].csv", ["ab.csv"], ["a1.csv", "a/.csv"]],
    ["{tmp,_*}/**", ["tmp/a", "_x/a/b"], ["temp/a", "a/tmp/b"]],
    ["{_,.}**", ["_a", ".a/b"], ["a/_b", "a"]],
    ["**/{_,.}**", ["a/_b", "a/b/.c"], ["_a", "a/b"]],
    ["a\\*.csv", ["a*.csv"], ["ab.csv"]],
    ["a+(b).csv", ["a+(b).csv"], ["aab.csv"]],
  ] as const) {
    for (const path of meant) assert.ok(excludes(pattern, path), `${pattern} means ${path}`);
    for (const path of not) assert.ok(!excludes(pattern, path), `${pattern} does not mean ${path}`);
  }
});

test("excludes() refuses a pattern that is not closed", () => {
  assert.throws(() => excludes("a[b", "a"), /"\[" is not closed/);
  assert.throws(() => excludes("{a,b", "a"), /"\{" is not closed/);
});
