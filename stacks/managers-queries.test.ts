// The named queries: Trino's grammar takes them, DuckDB runs them over the tables as they are defined, and they answer.

import assert from "node:assert/strict";
import { before, test } from "node:test";
import { type DuckDBConnection, DuckDBInstance } from "@duckdb/node-api";
import { TrinoSQL } from "dt-sql-parser";
import { duckdbType } from "../schemas/column-types";
import { curatedTypes } from "../schemas/curated-columns";
import { athenaTable, datasetsOf, systemNames } from "../schemas/datasets";
import { quoted } from "../schemas/sql-text";
import { type ColumnType, tableNames, tables } from "../schemas/tables";
import { managersQueries } from "./managers-queries";

const queries = managersQueries();
let db: DuckDBConnection;

before(async () => {
  db = await (await DuckDBInstance.create(":memory:")).connect();
  const create = async (name: string, columns: readonly (readonly [string, ColumnType])[]) => {
    const defined = columns.map(([column, type]) => `${quoted(column)} ${duckdbType(type)}`);
    await db.run(`CREATE TABLE ${name} (${defined.join(", ")})`);
  };
  for (const name of tableNames) {
    await create(`curated_${name}`, [...Object.entries(curatedTypes(tables[name])), ["dt", "varchar"]]);
  }
  for (const system of systemNames) {
    for (const [name, { columns, partitioned }] of Object.entries(datasetsOf(system))) {
      const types = Object.entries(columns).map(([column, { type }]) => [column, type] as const);
      await create(athenaTable(system, name), partitioned ? [...types, ["dt", "varchar"]] : types);
    }
  }
  // Three weeks of two categories; the last has begun.
  const weeks = "FROM (VALUES (DATE '2026-03-02', 100, 80), (DATE '2026-03-09', 150, 60), (DATE '2026-03-16', 1, 1))";
  for (const [category, column] of [
    ["Books", "books"],
    ["Toys", "toys"],
  ]) {
    await db.run(`INSERT INTO market_intelligence_sales_weekly BY NAME
      SELECT week, '${category}' AS category, 'EUR' AS currency, 'web' AS channel, ${column} AS revenue, 1 AS orders
      ${weeks} AS weeks (week, books, toys)`);
  }
  await db.run(`INSERT INTO market_intelligence_sales_daily BY NAME
    SELECT DATE '2026-03-01' + CAST(n AS INTEGER) AS day, n % 3 AS product_id, 'P' || (n % 3) AS product, 'Books' AS category,
      'EUR' AS currency, 4 AS units, n % 2 AS returned_units, 10 AS revenue, 10 AS gross, 1 AS returned
    FROM range(120) AS days (n)`);
  await db.run(
    `INSERT INTO curated_orders BY NAME SELECT 1 AS order_id, TIMESTAMP '2026-03-01 10:00:00' AS updated_at`,
  );
});

for (const { name, question, sql } of queries) {
  test(`${name} asks a question, is one statement of Trino's, and runs`, async () => {
    assert.match(question, /\?/);
    assert.deepEqual(new TrinoSQL().validate(`${sql};`), []);
    assert.doesNotMatch(sql, /;|--/);
    await ask(name);
  });

  test(`${name} divides no integers and leaves no null's place to chance`, () => {
    for (const [, divisor] of sql.matchAll(/\/\s*(\w+)/g))
      assert.equal(divisor, "nullif", "a zero would be an error in Trino");
    for (const [, dividend] of sql.matchAll(/(\S+)\s+\*\s+CAST/g)) assert.match(dividend ?? "", /e0$/);
  });
}

test("revenue-by-category compares the last week that is over with the one before", async () => {
  const rows = await ask("revenue-by-category");
  assert.deepEqual(
    rows.map(({ category, last_week, week_before, change, change_percent }) => [
      category,
      Number(last_week),
      Number(week_before),
      Number(change),
      change_percent,
    ]),
    [
      ["Books", 150, 100, 50, 50],
      ["Toys", 60, 80, -20, -25],
    ],
  );
});

test("channel-mix gives shares that sum to 100 in every week that is over", async () => {
  const rows = await ask("channel-mix");
  assert.deepEqual(
    rows.map(({ week, share_percent }) => [String(week), share_percent]),
    [
      ["2026-03-09", 100],
      ["2026-03-02", 100],
    ],
  );
});

test("top-products looks at 28 days and ranks by revenue", async () => {
  const rows = await ask("top-products");
  assert.deepEqual(
    rows.map(({ place }) => Number(place)),
    [1, 2, 3],
  );
  assert.equal(
    rows.reduce((sum, { revenue }) => sum + Number(revenue), 0),
    280,
  );
});

test("return-rate is a share of the pieces sold in 90 days", async () => {
  const [books] = await ask("return-rate");
  assert.deepEqual([Number(books?.units), Number(books?.returned_units), books?.returned_percent], [360, 45, 12.5]);
});

test("freshness speaks of every table of the shop", async () => {
  const rows = await ask("freshness");
  assert.deepEqual(rows.map(({ table_name }) => table_name).sort(), [...tableNames].sort());
  const orders = rows.find(({ table_name }) => table_name === "orders");
  assert.deepEqual([Number(orders?.row_count), String(orders?.newest)], [1, "2026-03-01 10:00:00"]);
});

async function ask(name: string): Promise<Record<string, unknown>[]> {
  const query = queries.find((it) => it.name === name);
  assert.ok(query, `there is a query "${name}"`);
  return (await db.runAndReadAll(query.sql)).getRowObjectsJson();
}
