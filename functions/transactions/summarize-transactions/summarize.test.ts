// On a PostgreSQL of a test's own, as the role of the API.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { safeParse } from "valibot";
import { type Dimension, dimensions, summarizeTransactions } from "../../../schemas/endpoints/summarize-transactions";
import type { TransactionFilters } from "../../../schemas/transaction-filters";
import { asSellers } from "../as-sellers";
import { type TransactionsDatabase, transactionsDatabase } from "../database-fixture";
import { summarize } from "./summarize";

let database: TransactionsDatabase;
before(async () => {
  database = await transactionsDatabase();
  await database.sql`
    insert into transactions.daily_totals
      (seller_id, day, product_id, category, currency, transactions, quantity, amount, revenue)
    values
      ('acme', '2026-03-01', 'p1', 'toys', 'EUR', 2, 3, 30.3, 30.1),
      ('acme', '2026-03-02', 'p1', 'toys', 'EUR', 1, 1, 10.1, 10.1),
      ('acme', '2026-03-02', 'p2', 'toys', 'USD', 1, 4, 8, 8),
      ('acme', '2026-03-09', 'p3', 'books', 'EUR', 1, -1, -5.5, -5.5),
      ('acme', '2026-04-01', 'p3', 'books', 'EUR', 1, 1, 0.2, 0.2),
      ('berg', '2026-03-01', 'p1', 'wine', 'EUR', 1, 1, 99999999999999.9999, 99999999999999.9999)`;
  await database.sql`
    insert into transactions.products (seller_id, product_id, product_name, category, inventory_level, inventory_at)
    values
      ('acme', 'p1', 'Kite', 'toys', 7, '2026-03-02T10:00:00Z'),
      ('acme', 'p3', 'Atlas', 'books', null, null),
      ('berg', 'p1', 'Riesling', 'wine', 12, '2026-03-01T09:00:00.5Z')`;
});
after(() => database.end());

const ask = (by: readonly Dimension[], filters: TransactionFilters = {}, sellers: readonly string[] = ["acme"]) =>
  database.as("transactions_api", (sql) =>
    asSellers(sql, sellers, (transaction) => summarize(transaction, sellers, filters, by)),
  );

const brief = async (...asked: Parameters<typeof ask>) =>
  (await ask(...asked)).groups.map((group) => [
    group.day ?? group.week ?? group.month ?? group.category,
    group.revenue,
  ]);

test("a summary without groups adds up each currency by itself", async () => {
  assert.deepEqual(await ask([]), {
    filters: {},
    groups: [
      { currency: "EUR", transactions: 5, quantity: 4, amount: "35.1000", revenue: "34.9000" },
      { currency: "USD", transactions: 1, quantity: 4, amount: "8.0000", revenue: "8.0000" },
    ],
    truncated: false,
  });
});

test("weeks begin on Monday, months and days are in order", async () => {
  const euro = { currency: "EUR" };
  assert.deepEqual(await brief(["week"], euro), [
    ["2026-02-23", "30.1000"],
    ["2026-03-02", "10.1000"],
    ["2026-03-09", "-5.5000"],
    ["2026-03-30", "0.2000"],
  ]);
  assert.deepEqual(await brief(["month"], euro), [
    ["2026-03", "34.7000"],
    ["2026-04", "0.2000"],
  ]);
  assert.deepEqual(await brief(["day"], { ...euro, to: "2026-03-02" }), [
    ["2026-03-01", "30.1000"],
    ["2026-03-02", "10.1000"],
  ]);
});

test("products come with their names and what is left of them, each of its own seller", async () => {
  const { groups } = await ask(["product"], { currency: "EUR", to: "2026-03-02" }, ["acme", "berg"]);
  assert.deepEqual(groups, [
    {
      productId: "p1",
      seller: "acme",
      productName: "Kite",
      currency: "EUR",
      transactions: 3,
      quantity: 4,
      amount: "40.4000",
      revenue: "40.2000",
      inventory: { level: 7, at: "2026-03-02T10:00:00.000000Z" },
    },
    {
      productId: "p1",
      seller: "berg",
      productName: "Riesling",
      currency: "EUR",
      transactions: 1,
      quantity: 1,
      amount: "99999999999999.9999",
      revenue: "99999999999999.9999",
      inventory: { level: 12, at: "2026-03-01T09:00:00.500000Z" },
    },
  ]);
});

test("a product of which nobody has said what is left has no level, one without a name its id", async () => {
  const of = async (product: string) => (await ask(["product"], { product })).groups[0];
  assert.deepEqual((await of("p3"))?.inventory, { level: null, at: null });
  assert.equal((await of("p2"))?.productName, "p2");
});

test("filters are told, and exact", async () => {
  const filters = { from: "2026-03-02", to: "2026-03-09", category: "toys", product: undefined };
  const { filters: told, groups } = await ask(["category"], filters);
  assert.deepEqual(told, { from: "2026-03-02", to: "2026-03-09", category: "toys" });
  assert.deepEqual(
    groups.map(({ currency, revenue }) => [currency, revenue]),
    [
      ["EUR", "10.1000"],
      ["USD", "8.0000"],
    ],
  );
});

test("the groups of any three dimensions add up to the whole, and are what the endpoint describes", async () => {
  const [whole] = (await ask([])).groups;
  for (const one of dimensions)
    for (const other of dimensions) {
      const summary = await ask(one === other ? [one] : [one, other, "seller"].filter(isDimension).filter(isFirst));
      const { success, issues } = safeParse(summarizeTransactions.answer.schema, summary);
      assert.ok(success, JSON.stringify(issues));
      const euros = summary.groups.filter(({ currency }) => currency === "EUR");
      const cents = euros.reduce((sum, { revenue }) => sum + BigInt(revenue.replace(".", "")), 0n);
      assert.equal(cents, BigInt((whole?.revenue ?? "").replace(".", "")), `${one}, ${other}`);
    }
});

const isDimension = (word: string): word is Dimension => dimensions.some((it) => it === word);
const isFirst = <T>(it: T, index: number, list: readonly T[]) => list.indexOf(it) === index;

test("a seller adds up their own rows only", async () => {
  assert.deepEqual((await ask([], {}, ["nobody"])).groups, []);
  const others = await database.as("transactions_api", (sql) =>
    asSellers(sql, ["acme"], (transaction) => summarize(transaction, ["berg"], {}, [])),
  );
  assert.deepEqual(others.groups, []);
});

test("SQL in a filter is a value that nothing has", async () => {
  for (const bad of ["' or '1'='1", "'; drop table transactions.daily_totals; --", "$1", "\\"])
    for (const name of ["category", "product", "currency"])
      assert.deepEqual((await ask(["product"], { [name]: bad })).groups, [], `${name} ${bad}`);
  assert.equal((await ask([])).groups.length, 2);
});

test("of more than a thousand groups the first thousand come, and it is said", async () => {
  await database.sql`
    insert into transactions.daily_totals
      (seller_id, day, product_id, category, currency, transactions, quantity, amount, revenue)
    select 'many', '2026-03-01'::date + day, 'p', 'c', 'EUR', 1, 1, 1, 1 from generate_series(0, 1000) as day`;
  const { groups, truncated } = await ask(["day"], {}, ["many"]);
  assert.deepEqual([groups.length, truncated, groups.at(-1)?.day], [1_000, true, "2028-11-24"]);
  const fewer = await ask(["day"], { from: "2026-03-02" }, ["many"]);
  assert.deepEqual([fewer.groups.length, fewer.truncated], [1_000, false]);
});
