// On a PostgreSQL of a test's own, as the role of the API.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import fc from "fast-check";
import { safeParse } from "valibot";
import { listTransactions, type TransactionSort } from "../../../schemas/endpoints/list-transactions";
import { asSellers } from "../as-sellers";
import { type TransactionsDatabase, transactionsDatabase } from "../database-fixture";
import { listPage, type PageAsked } from "./list-page";

let database: TransactionsDatabase;
before(async () => {
  database = await transactionsDatabase();
});
after(() => database.end());

interface Sale {
  readonly seller: string;
  readonly id: string;
  readonly day: string;
  readonly product: string;
  readonly category: string;
  readonly currency: string;
  readonly quantity: number;
  readonly price: string;
}

const sale = (more: Partial<Sale> = {}): Sale => ({
  seller: "acme",
  id: "t1",
  day: "2026-03-01",
  product: "p1",
  category: "toys",
  currency: "EUR",
  quantity: 2,
  price: "12.50",
  ...more,
});

async function hold(sales: readonly Sale[]) {
  const { sql } = database;
  await sql`truncate transactions.transactions, transactions.daily_totals, transactions.products`;
  await add(sales);
}

async function add(sales: readonly Sale[]) {
  const { sql } = database;
  await sql`
    insert into transactions.transactions (
      seller_id, transaction_id, occurred_at, product_id, product_name, category, currency, quantity, unit_price,
      discount, uploaded_at, upload_id, upload_version, source_row
    )
    select
      seller, id, (day || 'T10:00:00.123456Z')::timestamptz, product, product || ' name', category, currency, quantity,
      price, 0, '2026-04-01T00:00:00Z', 'u1', 'v1', 1
    from json_to_recordset(${JSON.stringify(sales)}::text::json) as sale (
      seller text, id text, day text, product text, category text, currency text, quantity bigint, price numeric
    )`;
  await sql`
    insert into transactions.daily_totals
    select seller_id, day, product_id, category, currency, count(*), sum(quantity), sum(amount), sum(revenue)
    from transactions.transactions
    group by seller_id, day, product_id, category, currency
    on conflict do nothing`;
  await sql`
    insert into transactions.products
    select distinct on (seller_id, product_id) seller_id, product_id, product_name, category, 7, occurred_at
    from transactions.transactions
    order by seller_id, product_id, occurred_at desc
    on conflict do nothing`;
}

/** As a user of `sellers` sees it. */
const page = (asked: Partial<PageAsked> = {}, sellers = ["acme"]) =>
  database.as("transactions_api", (sql) =>
    asSellers(sql, sellers, (transaction) =>
      listPage(transaction, sellers, { level: "day", sort: "day", limit: 100, ...asked }),
    ),
  );

async function all(
  asked: Partial<PageAsked>,
  sellers?: string[],
  between: () => Promise<void> = async () => undefined,
) {
  const rows: Record<string, unknown>[] = [];
  for (let cursor: string | undefined, first = true; first || cursor !== undefined; first = false) {
    const { transactions, cursor: next } = await page({ ...asked, cursor }, sellers);
    assert.ok(transactions.length > 0 || next === undefined);
    assert.ok(transactions.length <= (asked.limit ?? 100));
    rows.push(...transactions);
    cursor = next;
    assert.ok(rows.length <= 500, "the pages have no end");
    if (cursor !== undefined) await between();
  }
  return rows;
}

test("a day's transactions come with the product's name and what is left of it, and their money exactly", async () => {
  await hold([
    sale({ price: "0.1" }),
    sale({ id: "t2", price: "0.2" }),
    sale({ id: "t3", price: "99999999999999.9999" }),
  ]);
  const { transactions, cursor } = await page();
  assert.deepEqual(transactions, [
    {
      day: "2026-03-01",
      seller: "acme",
      productId: "p1",
      productName: "p1 name",
      category: "toys",
      currency: "EUR",
      transactions: 3,
      quantity: 6,
      amount: "200000000000000.5998",
      revenue: "200000000000000.5998",
      inventoryLevel: 7,
    },
  ]);
  assert.equal(cursor, undefined);
});

test("a single transaction comes with its moment, price and upload", async () => {
  await hold([sale({ quantity: -1 })]);
  const { transactions } = await page({ level: "transaction" });
  assert.deepEqual(transactions, [
    {
      day: "2026-03-01",
      seller: "acme",
      productId: "p1",
      productName: "p1 name",
      category: "toys",
      currency: "EUR",
      quantity: -1,
      amount: "-12.5000",
      revenue: "-12.5000",
      inventoryLevel: 7,
      transactionId: "t1",
      occurredAt: "2026-03-01T10:00:00.123456Z",
      unitPrice: "12.5000",
      discount: "0.0000",
      uploadId: "u1",
    },
  ]);
});

test("every answer is one that the endpoint describes", async () => {
  await hold([sale(), sale({ id: "t2", product: "p2" })]);
  for (const level of ["day", "transaction"] as const) {
    const { success, issues } = safeParse(listTransactions.answer.schema, await page({ level, limit: 1 }));
    assert.ok(success, JSON.stringify(issues));
  }
});

test("filters are exact, and days inclusive", async () => {
  await hold([
    sale({ id: "1", day: "2026-02-28" }),
    sale({ id: "2", day: "2026-03-01", category: "books", product: "p2" }),
    sale({ id: "3", day: "2026-03-31", currency: "USD" }),
    sale({ id: "4", day: "2026-04-01" }),
  ]);
  const ids = async (asked: Partial<PageAsked>) =>
    (await page({ level: "transaction", ...asked })).transactions.map(
      (row) => "transactionId" in row && row.transactionId,
    );
  assert.deepEqual(await ids({}), ["1", "2", "3", "4"]);
  assert.deepEqual(await ids({ from: "2026-03-01", to: "2026-03-31" }), ["2", "3"]);
  assert.deepEqual(await ids({ category: "books" }), ["2"]);
  assert.deepEqual(await ids({ product: "p1" }), ["1", "3", "4"]);
  assert.deepEqual(await ids({ currency: "USD" }), ["3"]);
  assert.deepEqual(await ids({ from: "2026-04-02" }), []);
});

test("a seller sees their own rows only, whatever they ask for", async () => {
  await hold([sale(), sale({ seller: "berg", id: "b1" }), sale({ seller: "cato", id: "c1" })]);
  const sellers = async (own: string[], level: "day" | "transaction") =>
    (await page({ level }, own)).transactions.map((row) => row.seller).sort();
  for (const level of ["day", "transaction"] as const) {
    assert.deepEqual(await sellers(["acme"], level), ["acme"]);
    assert.deepEqual(await sellers(["acme", "berg"], level), ["acme", "berg"]);
    assert.deepEqual(await sellers(["nobody"], level), []);
  }
  // The policies hold where the statement itself asks for somebody else.
  const others = await database.as("transactions_api", (sql) =>
    asSellers(sql, ["acme"], (transaction) =>
      listPage(transaction, ["berg"], { level: "day", sort: "day", limit: 10 }),
    ),
  );
  assert.deepEqual(others.transactions, []);
});

test("SQL in a filter is a value that nothing has", async () => {
  await hold([sale()]);
  for (const bad of ["' or '1'='1", "'; drop table transactions.transactions; --", "\\", "$1", "%", "*/ or true /*"]) {
    for (const name of ["category", "product", "currency"])
      for (const level of ["day", "transaction"] as const)
        assert.deepEqual((await page({ level, [name]: bad })).transactions, [], `${name} ${bad}`);
    assert.deepEqual((await page({}, [bad.replaceAll(",", "")])).transactions, []);
  }
  assert.equal((await page()).transactions.length, 1);
});

test("a name with SQL in it is found by it, and pages go on behind it", async () => {
  const odd = ["'; drop table x; --", 'a"b', "a\\b", "a,b", "{a}", "ä\tb", "\u{1f6d2}"];
  await hold(odd.map((product, index) => sale({ id: `${index}`, product })));
  for (const product of odd) {
    const { transactions } = await page({ product });
    assert.deepEqual(
      transactions.map((row) => row.productId),
      [product],
    );
  }
  const found = await all({ sort: "product", limit: 1 });
  assert.deepEqual(found.map((row) => row.productId).sort(), [...odd].sort());
});

test("a cursor of other filters, or of another order, is refused", async () => {
  await hold([sale(), sale({ id: "t2", product: "p2" })]);
  const { cursor } = await page({ limit: 1 });
  assert.ok(cursor !== undefined);
  for (const other of [{ category: "toys" }, { sort: "-day" }, { level: "transaction" }] as const)
    await assert.rejects(page({ limit: 1, cursor, ...other }), { code: "BadRequest" });
  await assert.rejects(page({ limit: 1, cursor }, ["berg"]), { code: "BadRequest" });
  assert.equal((await page({ limit: 2, cursor })).transactions.length, 1);
});

const sorts: readonly TransactionSort[] = [
  ...(["day", "product", "quantity", "amount", "revenue"] as const),
  ...(["-day", "-product", "-quantity", "-amount", "-revenue"] as const),
];

const anySale = fc.record({
  seller: fc.constantFrom("acme", "berg"),
  day: fc.constantFrom("2026-02-28", "2026-03-01", "2026-03-02"),
  product: fc.constantFrom("p1", "p2", "p10"),
  category: fc.constantFrom("toys", "books"),
  currency: fc.constantFrom("EUR", "USD"),
  quantity: fc.integer({ min: -3, max: 3 }).filter((quantity) => quantity !== 0),
  price: fc.constantFrom("0", "0.1", "9.99", "10", "99999999999999.9999"),
});

/** Texts by their code units, as the test's database has them; money and counts by what they are worth. */
function byField(field: string) {
  const worth = (text: unknown) =>
    BigInt(
      String(text)
        .replace(/^(-?\d+)$/, "$1.0000")
        .replace(".", ""),
    );
  const numeric = ["quantity", "amount", "revenue"].includes(field);
  return (a: Record<string, unknown>, b: Record<string, unknown>) => {
    const [x, y] = numeric ? [worth(a[field]), worth(b[field])] : [String(a[field]), String(b[field])];
    return x < y ? -1 : x > y ? 1 : 0;
  };
}

test("pages of any size in any order are the whole, sorted, each row once", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(anySale, { maxLength: 25 }),
      fc.constantFrom("day" as const, "transaction" as const),
      fc.constantFrom(...sorts),
      fc.integer({ min: 1, max: 12 }),
      async (sales, level, sort, limit) => {
        await hold(sales.map((it, index) => ({ ...it, id: `t${index}` })));
        const both = ["acme", "berg"];
        const rows = await all({ level, sort, limit }, both);
        const { transactions: whole } = await page({ level, sort, limit: 500 }, both);
        assert.deepEqual(rows, whole);
        assert.equal(new Set(rows.map((row) => JSON.stringify(row))).size, rows.length);
        if (level === "transaction") assert.equal(rows.length, sales.length);
        const field = sort.replace("-", "").replace("product", "productId");
        const sorted = [...rows].sort(byField(field));
        const values = (list: readonly Record<string, unknown>[]) => list.map((row) => String(row[field]));
        assert.deepEqual(values(rows), values(sort.startsWith("-") ? sorted.reverse() : sorted));
      },
    ),
    { numRuns: 60 },
  );
});

test("pages give each row once while others are added before and behind", async () => {
  const days = ["2026-03-02", "2026-03-04", "2026-03-06", "2026-03-08"];
  for (const sort of ["day", "-day"] as const) {
    await hold(days.map((day, index) => sale({ id: `t${index}`, day })));
    let more = 0;
    const rows = await all({ level: "transaction", sort, limit: 1 }, undefined, async () => {
      more += 1;
      if (more > 4) return;
      await add([sale({ id: `early${more}`, day: "2026-03-01" }), sale({ id: `late${more}`, day: "2026-03-09" })]);
    });
    const ids = rows.map((row) => String(row.transactionId));
    assert.equal(new Set(ids).size, ids.length);
    const kept = ids.filter((id) => id.startsWith("t"));
    assert.deepEqual(kept, sort === "day" ? ["t0", "t1", "t2", "t3"] : ["t3", "t2", "t1", "t0"]);
  }
});

test("a seller's transactions are read in the order of an index, page for page", async () => {
  const { sql } = database;
  await hold(Array.from({ length: 400 }, (_, index) => sale({ id: `t${index}`, seller: `s${index % 40}` })));
  await sql`analyze transactions.transactions`;
  const plan = await sql.begin(async (transaction) => {
    await transaction`set local enable_seqscan = off`;
    return transaction`
      explain select * from transactions.transactions rows
      where rows.seller_id = 's1' and (rows.day, rows.transaction_id, rows.seller_id) > ('2026-03-01', 't1', 's1')
      order by rows.day, rows.transaction_id, rows.seller_id limit 3`;
  });
  const text = plan.map((row) => row["QUERY PLAN"]).join("\n");
  assert.match(text, /Index Scan using transactions_seller_id_day_transaction_id_idx/);
  assert.doesNotMatch(text, /Sort/);
});
