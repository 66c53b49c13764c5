import assert from "node:assert/strict";
import { test } from "node:test";
import { DuckDBInstance } from "@duckdb/node-api";
import { TrinoSQL } from "dt-sql-parser";
import { athenaForeignSql, athenaSalesSql, salesSql } from "./sales-sql";

async function sales(lines: readonly string[], orders: readonly string[], products: readonly string[]) {
  const instance = await DuckDBInstance.create();
  const connection = await instance.connect();
  const table = (name: string, columns: string, rows: readonly string[]) =>
    connection.run(
      `CREATE TABLE ${name} (${columns}); ${rows.map((row) => `INSERT INTO ${name} VALUES ${row};`).join("")}`,
    );
  await table(
    "lines",
    "day DATE, order_id BIGINT, product_id BIGINT, quantity INTEGER, unit_price DECIMAL(12,2), discount DECIMAL(12,2)",
    lines,
  );
  await table(
    "orders",
    "day DATE, order_id BIGINT, status VARCHAR, country VARCHAR, region VARCHAR, channel VARCHAR, currency VARCHAR",
    orders,
  );
  await table("products", "product_id BIGINT, product VARCHAR, category VARCHAR", products);
  const rows = (await connection.runAndReadAll(`${salesSql} ORDER BY ALL`)).getRowObjectsJson();
  connection.closeSync();
  instance.closeSync();
  return {
    perProduct: rows.filter(({ product_id }) => product_id !== null),
    perCategory: rows.filter(({ product_id }) => product_id === null),
  };
}

const order = (id: number, status = "paid", currency = "EUR", day = "2026-03-02") =>
  `('${day}', ${id}, '${status}', 'DE', 'Hesse', 'web', '${currency}')`;
const line = (id: number, product: number, quantity: number, price: string, discount = "0", day = "2026-03-02") =>
  `('${day}', ${id}, ${product}, ${quantity}, ${price}, ${discount})`;
const products = ["(1, 'Mug', 'Kitchen')", "(2, 'Pan', 'Kitchen')"];

test("sales are added up per product, and per category with each order once", async () => {
  const lines = [line(7, 1, 2, "9.99", "0.98"), line(7, 2, 1, "30.00"), line(8, 1, 1, "9.99")];
  const { perProduct, perCategory } = await sales(lines, [order(7), order(8)], products);
  assert.deepEqual(
    perProduct.map(({ product, orders, lines, units, gross, discount, revenue }) => [
      product,
      orders,
      lines,
      units,
      gross,
      discount,
      revenue,
    ]),
    [
      ["Mug", "2", "2", "3", "29.97", "0.98", "28.99"],
      ["Pan", "1", "1", "1", "30.00", "0.00", "30.00"],
    ],
  );
  assert.deepEqual(
    perCategory.map(({ category, orders, revenue }) => [category, orders, revenue]),
    [["Kitchen", "2", "58.99"]],
  );
});

test("what came back counts as returned, on its day, and takes the revenue down, below zero too", async () => {
  const back = line(7, 1, -2, "9.50", "0", "2026-03-09");
  const { perCategory } = await sales([back], [order(7, "returned", "EUR", "2026-03-09")], products);
  assert.deepEqual(
    perCategory.map(({ day, orders, units, returned_units, gross, returned, revenue }) => [
      day,
      orders,
      units,
      returned_units,
      gross,
      returned,
      revenue,
    ]),
    [["2026-03-09", "0", "0", "2", "0.00", "19.00", "-19.00"]],
  );
});

test("lines of cancelled orders do not count, lines of unknown orders and products do", async () => {
  const lines = [line(7, 1, 1, "5.00"), line(9, 3, 1, "7.00")];
  const { perProduct } = await sales(lines, [order(7, "cancelled")], products);
  assert.deepEqual(
    perProduct.map(({ product, category, country, channel, currency, revenue }) => [
      product,
      category,
      country,
      channel,
      currency,
      revenue,
    ]),
    [["unknown", "unknown", "unknown", "unknown", "unknown", "7.00"]],
  );
});

test("currencies are never added up", async () => {
  const lines = [line(7, 1, 1, "5.00"), line(8, 1, 1, "7.00")];
  const { perCategory } = await sales(lines, [order(7), order(8, "paid", "GBP")], products);
  assert.deepEqual(
    perCategory.map(({ currency, revenue }) => [currency, revenue]),
    [
      ["EUR", "5.00"],
      ["GBP", "7.00"],
    ],
  );
});

test("absurd amounts are exact", async () => {
  const lines = Array.from({ length: 20 }, (_, index) => line(index, 1, 10_000, "9999999999.99"));
  const { perCategory } = await sales(
    lines,
    lines.map((_, index) => order(index)),
    products,
  );
  assert.deepEqual(
    perCategory.map(({ revenue }) => revenue),
    ["1999999999998000.00"],
  );
});

test("the statement is Trino's as well, alone and over the catalog", () => {
  const trino = new TrinoSQL();
  for (const sql of [salesSql, athenaSalesSql(["2026-03-02", "2026-03-03"]), athenaForeignSql(["2026-03-02"])]) {
    assert.deepEqual(trino.validate(`${sql};`), []);
  }
  assert.notDeepEqual(trino.validate("SELECT quantity::BIGINT FROM lines;"), []);
});
