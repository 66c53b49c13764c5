import assert from "node:assert/strict";
import { test } from "node:test";
import { temporaryDirectory } from "../../../temporary-directory";
import { openEngine } from "./duckdb";
import { javaDouble } from "./print";

test("months between two moments are as many as can be added to the first without passing the second", async (t) => {
  const engine = await openEngine(temporaryDirectory());
  t.after(() => engine.end());
  // Both orders, ends of months and times of day among them.
  const result = await engine.connection.runAndReadAll(`
    WITH pairs AS (
      SELECT TIMESTAMP '2023-12-25 12:00:00' + to_hours(CAST(12 * (i % 97) AS INTEGER)) AS a,
        TIMESTAMP '2023-10-20 00:00:00' + to_hours(CAST(12 * (i % 941) AS INTEGER)) AS b
      FROM range(20000) AS t (i)
    ), counted AS (SELECT least(a, b) AS a, greatest(a, b) AS b, trino_months(a, b) AS signed FROM pairs),
    found AS (SELECT a, b, abs(signed) AS n FROM counted)
    SELECT count(*) FILTER (WHERE a + to_months(CAST(n AS INTEGER)) > b OR a + to_months(CAST(n + 1 AS INTEGER)) <= b), count(*)
    FROM found`);
  assert.deepEqual(result.getRows(), [[0n, 20_000n]]);
});

test("an error of a function stops the query, and NULL goes through", async (t) => {
  const engine = await openEngine(temporaryDirectory());
  t.after(() => engine.end());
  const run = async (sql: string) => (await engine.connection.runAndReadAll(sql)).getRows();
  assert.deepEqual(await run("SELECT trino_substr(NULL, 1, 1), trino_substr('abc', 2, 9)"), [[null, "bc"]]);
  assert.deepEqual(await run("SELECT TRY(trino_failure('X: y'))"), [[null]]);
  await assert.rejects(
    run("SELECT trino_split('a', '', 1)"),
    /trino: INVALID_FUNCTION_ARGUMENT: The delimiter may not be the empty string/,
  );
  const [[count]] = (await run(
    "SELECT count(DISTINCT trino_reverse(CAST(i AS VARCHAR))) FROM range(100000) AS t (i)",
  )) as [[bigint]];
  assert.equal(count, 100_000n);
});

test("a double is printed as Java prints it", () => {
  // https://docs.oracle.com/en/java/javase/21/docs/api/java.base/java/lang/Double.html#toString(double)
  for (const [value, text] of [
    [0, "0.0"],
    [-0, "-0.0"],
    [1, "1.0"],
    [-1.5, "-1.5"],
    [0.001, "0.001"],
    [0.00099999, "9.9999E-4"],
    [100, "100.0"],
    [9_999_999.5, "9999999.5"],
    [1e7, "1.0E7"],
    [1.234e22, "1.234E22"],
    [2e-323, "2.0E-323"],
    [Number.MAX_VALUE, "1.7976931348623157E308"],
    [Number.NaN, "NaN"],
    [Number.NEGATIVE_INFINITY, "-Infinity"],
  ] as const) {
    assert.equal(javaDouble(value), text);
  }
});
