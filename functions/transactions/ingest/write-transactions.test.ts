// On a PostgreSQL of its own, as the role that the stages log in as.

import assert from "node:assert/strict";
import { after, before, beforeEach, test } from "node:test";
import fc from "fast-check";
import type { TransactionSql } from "postgres";
import { asSellers } from "../as-sellers";
import { type TransactionsDatabase, transactionsDatabase } from "../database-fixture";
import type { Transaction } from "../feed/read-feed";
import { applyChange, beginChange, writeTransactions } from "./write-transactions";

let database: TransactionsDatabase;

before(async () => {
  database = await transactionsDatabase();
});
after(() => database.end());
beforeEach(async () => {
  await database.sql`truncate transactions.transactions, transactions.daily_totals, transactions.products`;
});

const first = { uploadedAt: "2026-03-01T10:00:00Z", uploadId: "u1", version: "v1" };
const second = { uploadedAt: "2026-03-01T11:00:00Z", uploadId: "u2", version: "v1" };

const row = (transactionId: string, more: Partial<Transaction> = {}): Transaction => ({
  row: 1,
  transactionId,
  occurredAt: "2026-02-01T10:00:00Z",
  productId: "p1",
  productName: "Chair",
  category: "Garden",
  currency: "EUR",
  quantity: "2",
  unitPrice: "10.10",
  discount: "0.20",
  inventoryLevel: null,
  ...more,
});

function write(source: typeof first, rows: readonly Transaction[], seller = "acme") {
  return asIngest([seller], async (sql) => {
    await beginChange(sql);
    // In two batches.
    let accepted = 0;
    for (const batch of [rows.slice(0, 2), rows.slice(2)]) {
      accepted += await writeTransactions(sql, { ...source, seller }, batch);
    }
    await applyChange(sql, seller);
    return accepted;
  });
}

const asIngest = <T>(sellers: readonly string[], work: (sql: TransactionSql) => Promise<T>) =>
  database.as("transactions_ingest", (sql) => asSellers(sql, sellers, work));

const totals = async () => [
  ...(await database.sql`
    select seller_id, day::text, product_id, category, currency, transactions, quantity, amount, revenue
    from transactions.daily_totals order by 1, 2, 3, 4, 5`),
];
const recomputed = async () => [
  ...(await database.sql`
    select seller_id, day::text, product_id, category, currency, count(*) as transactions,
      sum(quantity)::bigint as quantity, sum(amount) as amount, sum(revenue) as revenue
    from transactions.transactions group by 1, 2, 3, 4, 5 order by 1, 2, 3, 4, 5`),
];
const products = async () => [
  ...(await database.sql`
    select product_id, product_name, inventory_level from transactions.products order by 1`),
];

test("writeTransactions() adds up what is sold and what comes back, exactly and per currency", async () => {
  const rows = [
    row("t1"),
    row("t2", { row: 2, quantity: "-1", discount: "0.10" }),
    row("t3", { row: 3, currency: "JPY", unitPrice: "999999999999999", quantity: "1000000000", discount: "0" }),
  ];
  assert.equal(await write(first, rows), 3);
  assert.deepEqual(
    (await totals()).map(({ currency, transactions, quantity, amount, revenue }) => [
      currency,
      transactions,
      quantity,
      amount,
      revenue,
    ]),
    [
      ["EUR", "2", "1", "10.1000", "10.0000"],
      ["JPY", "1", "1000000000", "999999999999999000000000.0000", "999999999999999000000000.0000"],
    ],
  );
});

test("writeTransactions() takes the same rows again without counting them", async () => {
  await write(first, [row("t1"), row("t2")]);
  const before = await totals();
  assert.equal(await write(first, [row("t1"), row("t2")]), 0);
  assert.equal(await write(second, [row("t1"), row("t2")]), 0);
  assert.deepEqual(await totals(), before);
});

test("writeTransactions() puts the newer version in the place of the older one, in whichever order they come", async () => {
  const changed = row("t1", {
    quantity: "5",
    category: "Kitchen",
    occurredAt: "2026-02-03T00:00:00Z",
    productId: "p2",
  });
  await write(first, [row("t1")]);
  assert.equal(await write(second, [changed]), 1);
  const [inOrder, shown] = [await totals(), await products()];
  assert.deepEqual(shown, [{ product_id: "p2", product_name: "Chair", inventory_level: null }]);
  await database.sql`truncate transactions.transactions, transactions.daily_totals, transactions.products`;
  await write(second, [changed]);
  assert.equal(await write(first, [row("t1")]), 0);
  assert.deepEqual(await totals(), inOrder);
  assert.deepEqual(await products(), shown);
});

test("writeTransactions() takes of a transaction that is there twice the later row, also from another batch", async () => {
  assert.equal(await write(first, [row("t1", { row: 1 }), row("t1", { row: 2, quantity: "7" })]), 1);
  assert.equal(await write(first, [row("t1", { row: 3, quantity: "9" })]), 0);
  assert.deepEqual(
    (await totals()).map(({ quantity }) => quantity),
    ["9"],
  );
});

test("a product's stock is what its newest transaction says that says one", async () => {
  await write(first, [
    row("t1", { row: 1, occurredAt: "2026-02-02T00:00:00Z", inventoryLevel: "5" }),
    row("t2", { row: 2, occurredAt: "2026-02-01T00:00:00Z", inventoryLevel: "9" }),
    row("t3", { row: 3, occurredAt: "2026-02-03T00:00:00Z", productName: "Chair, new" }),
  ]);
  assert.deepEqual(await products(), [{ product_id: "p1", product_name: "Chair, new", inventory_level: "5" }]);
  // The newest one is corrected: it was long before.
  await write(second, [row("t1", { occurredAt: "2026-01-01T00:00:00Z", inventoryLevel: "5" })]);
  assert.deepEqual(await products(), [{ product_id: "p1", product_name: "Chair, new", inventory_level: "9" }]);
});

test("quotes, backslashes and braces in a text stay as they are", async () => {
  const odd = `a"b\\c{d},e'f NULL`;
  await write(first, [row(odd, { productName: odd, productId: "NULL" })]);
  const [stored] = await database.sql`select transaction_id, product_name, product_id from transactions.transactions`;
  assert.deepEqual({ ...stored }, { transaction_id: odd, product_name: odd, product_id: "NULL" });
});

test("a seller's rows touch no other seller's, and none is written for whom the transaction is not", async () => {
  await write(first, [row("t1")], "acme");
  await write(first, [row("t1", { quantity: "3" })], "berg");
  assert.deepEqual(
    (await totals()).map(({ seller_id, quantity }) => [seller_id, quantity]),
    [
      ["acme", "2"],
      ["berg", "3"],
    ],
  );
  const forAnother = asIngest(["acme"], async (sql) => {
    await beginChange(sql);
    return writeTransactions(sql, { ...first, seller: "berg" }, [row("t9")]);
  });
  await assert.rejects(forAnother, /row-level security/);
});

test("whatever is uploaded in whatever order, the totals are those of the transactions that stand", async () => {
  const transaction = fc.record({
    transactionId: fc.constantFrom("t1", "t2", "t3", "t4"),
    occurredAt: fc.constantFrom("2026-02-01T23:59:59Z", "2026-02-02T00:00:00Z"),
    productId: fc.constantFrom("p1", "p2"),
    category: fc.constantFrom("Garden", "Kitchen"),
    currency: fc.constantFrom("EUR", "USD"),
    quantity: fc.constantFrom("1", "-2", "3"),
    unitPrice: fc.constantFrom("0.10", "0.20", "19.99"),
  });
  const feed = fc.record({ hour: fc.integer({ min: 0, max: 5 }), rows: fc.array(transaction, { maxLength: 6 }) });
  await fc.assert(
    fc.asyncProperty(fc.array(feed, { maxLength: 6 }), async (feeds) => {
      await database.sql`truncate transactions.transactions, transactions.daily_totals, transactions.products`;
      for (const { hour, rows } of feeds) {
        const source = { uploadedAt: `2026-03-01T0${hour}:00:00Z`, uploadId: `u${hour}`, version: "v1" };
        await write(
          source,
          rows.map((each, index) => row(each.transactionId, { ...each, row: index + 1, discount: "0" })),
        );
      }
      assert.deepEqual(await totals(), await recomputed());
      const newest = new Map<string, string>();
      for (const { hour, rows } of [...feeds].sort((one, other) => one.hour - other.hour))
        for (const { transactionId } of rows) newest.set(transactionId, `u${hour}`);
      const stored = await database.sql`select transaction_id, upload_id from transactions.transactions`;
      assert.deepEqual(new Map(stored.map(({ transaction_id, upload_id }) => [transaction_id, upload_id])), newest);
    }),
    { numRuns: 40 },
  );
});
