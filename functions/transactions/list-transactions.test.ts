// On a PostgreSQL of the test's own: a request in, an answer out.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type { Handler } from "../../stage/answer";
import { credentials } from "../aws-fixture";
import { ask } from "../request-fixture";
import { type TransactionsDatabase, transactionsDatabase } from "./database-fixture";
import { factory } from "./list-transactions";

let database: TransactionsDatabase;
let handler: Handler;

before(async () => {
  database = await transactionsDatabase();
  await database.sql`
    insert into transactions.daily_totals
      (seller_id, day, product_id, category, currency, transactions, quantity, amount, revenue)
    select seller, '2026-03-01'::date + day, 'p1', 'toys', 'EUR', 1, 1, day, day
    from unnest(array['acme', 'berg']) as seller, generate_series(0, 149) as day`;
  const { host, port } = database.sql.options;
  const address = {
    DATABASE_ENDPOINT: `${host[0]}:${port[0]}`,
    DATABASE_NAME: "postgres",
    DATABASE_USER: "transactions_api",
  };
  Object.assign(process.env, credentials, address);
  handler = factory();
  // All clients of this database are one session.
  await database.sql`set role transactions_api`;
});
after(async () => {
  await database.end();
});

test("list-transactions gives a hundred rows and where to go on", async () => {
  const first = await ask(handler, {});
  assert.equal(first.status, 200, JSON.stringify(first.body));
  const rows = first.body.transactions as { seller: string; day: string }[];
  assert.equal(rows.length, 100);
  const { body } = await ask(handler, { query: { cursor: String(first.body.cursor), limit: "500" } });
  const rest = body.transactions as { seller: string; day: string }[];
  assert.equal(rest.length, 50);
  assert.equal(body.cursor, undefined);
  assert.deepEqual([...new Set([...rows, ...rest].map(({ seller }) => seller))], ["acme"]);
});

test("list-transactions takes each parameter as what it is, and refuses what is none by its name", async () => {
  for (const [name, value] of [
    ["level", "month"],
    ["from", "2026-02-30"],
    ["to", "'; drop table transactions.daily_totals; --"],
    ["category", "a\0b"],
    ["product", ""],
    ["currency", "eur'--"],
    ["seller", "acme' or '1'='1"],
    ["sort", "day; drop table x"],
    ["sort", "--day"],
    ["sort", "toString"],
    ["limit", "1; drop table x"],
    ["cursor", "'; drop table x; --"],
    ["offset", "10"],
    ["__proto__", "x"],
  ] as const) {
    const { status, body } = await ask(handler, { query: Object.fromEntries([[name, value]]) });
    assert.equal(status, 400, `${name} ${value}`);
    assert.deepEqual(
      (body.errors as { in: string; field: string }[]).map((it) => [it.in, it.field]),
      [["query", name]],
    );
  }
  const sql = { category: "' or '1'='1", product: "'; drop table transactions.daily_totals; --" };
  assert.deepEqual((await ask(handler, { query: sql })).body, { transactions: [] });
  assert.equal((await ask(handler, { query: { seller: "berg" } })).body.code, "NotYourSeller");
});

test("list-transactions does not take a cursor of one seller for another's", async () => {
  const { body } = await ask(handler, { query: { limit: "1" } });
  const { status } = await ask(handler, { query: { limit: "1", cursor: String(body.cursor) }, sellers: ["berg"] });
  assert.equal(status, 400);
});
