// On a PostgreSQL of the test's own: a request in, an answer out.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type { Handler } from "../../stage/answer";
import { credentials } from "../aws-fixture";
import { ask } from "../request-fixture";
import { type TransactionsDatabase, transactionsDatabase } from "./database-fixture";
import { factory } from "./summarize-transactions";

let database: TransactionsDatabase;
let handler: Handler;

before(async () => {
  database = await transactionsDatabase();
  await database.sql`
    insert into transactions.daily_totals
      (seller_id, day, product_id, category, currency, transactions, quantity, amount, revenue)
    values
      ('acme', '2026-03-01', 'p1', 'toys', 'EUR', 1, 2, 3.5, 3.5),
      ('berg', '2026-03-01', 'p1', 'toys', 'EUR', 1, 1, 1, 1)`;
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

test("summarize-transactions groups by a list, and tells the filters", async () => {
  const { status, body } = await ask(handler, { query: { group_by: "month,category", from: "2026-01-01" } });
  assert.equal(status, 200, JSON.stringify(body));
  const group = { month: "2026-03", category: "toys", currency: "EUR" };
  assert.deepEqual(body, {
    filters: { from: "2026-01-01" },
    groups: [{ ...group, transactions: 1, quantity: 2, amount: "3.5000", revenue: "3.5000" }],
    truncated: false,
  });
});

test("summarize-transactions takes blanks after the commas of a list", async () => {
  const bare = await ask(handler, { query: { group_by: "month,category" } });
  assert.deepEqual((await ask(handler, { query: { group_by: "month, category" } })).body, bare.body);
  assert.deepEqual((await ask(handler, { query: { group_by: " month ,category," } })).body, bare.body);
});

test("summarize-transactions refuses days that end before they begin, and takes one day", async () => {
  const { status, body } = await ask(handler, { query: { from: "2026-03-02", to: "2026-03-01" } });
  assert.equal(status, 400);
  assert.deepEqual(body.errors, [{ in: "query", field: "to", reason: "must not be earlier than `from`" }]);
  assert.equal((await ask(handler, { query: { from: "2026-03-01", to: "2026-03-01" } })).status, 200);
});

test("summarize-transactions adds up the sellers of the token, or the one that is named", async () => {
  const sellers = ["acme", "berg"];
  const revenues = async (query: Record<string, string>) =>
    ((await ask(handler, { sellers, query })).body.groups as { revenue: string }[]).map(({ revenue }) => revenue);
  assert.deepEqual(await revenues({}), ["4.5000"]);
  assert.deepEqual(await revenues({ group_by: "seller" }), ["3.5000", "1.0000"]);
  assert.deepEqual(await revenues({ seller: "berg" }), ["1.0000"]);
});

test("summarize-transactions refuses what it cannot group or filter by, by the parameter's name", async () => {
  for (const [name, value] of [
    ["group_by", "day,week,month,category"],
    ["group_by", "day,day"],
    ["group_by", "revenue"],
    ["group_by", "day;drop table x"],
    ["group_by", "constructor"],
    ["from", "yesterday"],
    ["to", "2026-13-01"],
    ["currency", "' or 1=1"],
    ["groupby", "day"],
  ] as const) {
    const { status, body } = await ask(handler, { query: { [name]: value } });
    assert.equal(status, 400, `${name} ${value}`);
    assert.deepEqual(
      (body.errors as { field: string }[]).map(({ field }) => field),
      [name],
    );
  }
});
