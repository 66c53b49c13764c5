// export-cases: what export-tables does, as tests that run on a PostgreSQL and on a MySQL alike.

import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import type { Exported, TableResult } from "../functions/lake/export-tables";
import { longestText } from "../functions/lake/export-tables/table-plan";
import type { TableName } from "../schemas/tables";
import type { Evaluation } from "../stage/evaluation/evaluate";
import { createTables, insert, openExport, type ShopDatabase, wayTo } from "./export-fixture";
import { cards, order, payment } from "./lake-fixture";

export interface Database {
  readonly name: string;
  /** With no tables; it goes with the test. */
  open(t: Pick<TestContext, "after">): Promise<ShopDatabase>;
  program(): Evaluation;
  /** Its type of a text of any length. */
  readonly text: string;
  /** Why it is not here. */
  readonly skip?: string | false;
}

export function exportCases({ name, open, program, text, skip = false }: Database): void {
  const it = (says: string, run: (t: TestContext) => Promise<void>) => test(`${name}: ${says}`, { skip }, run);

  it("the first run exports every row, and they arrive in the curated tables", async (t) => {
    const shop = await open(t);
    await createTables(shop);
    const orders = Array.from({ length: 30 }, (_, index) => row(index + 1));
    await insert(shop, "orders", orders);
    await insert(shop, "payments", [payment({ payment_id: 1, card_number: cards.visa }) as never]);
    const { run, raw, lake } = await openExport(t, program(), shop.url);

    const { tables } = await run();

    assert.deepEqual(outcomes(tables), {
      customers: "empty 0",
      products: "empty 0",
      orders: "exported 30",
      order_items: "empty 0",
      payments: "exported 1",
      search_queries: "empty 0",
    });
    const files = await lake.keys(lake.buckets.raw);
    assert.equal(files.length, 2);
    assert.match(files[0] ?? "", /^raw\/orders\/20260501100001-20260501100030-[0-9a-f]{16}\.parquet$/);
    assert.deepEqual(
      (await raw("orders")).map(({ order_id, total, notes, updated_at }) => [order_id, total, notes, updated_at]),
      orders.map(({ order_id, updated_at }) => [String(order_id), "12.50", null, updated_at]),
    );
    assert.equal((await lake.curated("orders")).length, 30);
    assert.equal((await lake.curated("payments"))[0]?.card_last4, "1111");

    const [audit] = (await lake.audits(files[0])).filter(({ stage }) => stage === "export-tables");
    const { outcome, table, rowsIn, rowsOut, quarantined, outputs } = audit ?? {};
    assert.deepEqual(
      { outcome, table, rowsIn, rowsOut, quarantined, outputs },
      {
        outcome: "exported",
        table: "orders",
        rowsIn: 30,
        rowsOut: 30,
        quarantined: 0,
        outputs: [`${lake.buckets.raw}/${files[0]}`],
      },
    );
  });

  it("a later run exports what is new, and what came to light within the overlap; without either it exports nothing", async (t) => {
    const shop = await open(t);
    await createTables(shop);
    await insert(shop, "orders", [row(1, "2026-05-01 08:00:00"), row(2, "2026-05-01 10:00:00")]);
    const { run, lake, position } = await openExport(t, program(), shop.url);

    const first = await run();
    assert.equal(outcomes(first.tables).orders, "exported 2");
    assert.equal((await position(first.source, "orders"))?.watermark, "2026-05-01 10:00:00.000000");
    assert.equal(outcomes((await run()).tables).orders, "unchanged 0");

    // Written before the watermark, and committed after it was set.
    await insert(shop, "orders", [row(3, "2026-05-01 09:50:00")]);
    assert.equal(outcomes((await run()).tables).orders, "exported 2");
    assert.equal(outcomes((await run()).tables).orders, "unchanged 0");

    await shop.run(
      "UPDATE orders SET status = 'shipped', updated_at = '2026-05-02 00:00:00.123456' WHERE order_id = 1",
    );
    assert.equal(outcomes((await run()).tables).orders, "exported 3");
    assert.equal((await position(first.source, "orders"))?.watermark, "2026-05-02 00:00:00.123456");
    assert.equal(outcomes((await run()).tables).orders, "unchanged 0");
    assert.deepEqual(
      (await lake.curated("orders")).map(({ order_id, status }) => [order_id, status]),
      [
        ["1", "shipped"],
        ["2", "paid"],
        ["3", "paid"],
      ],
    );
    assert.equal(outcomes((await run({ full: true, tables: ["orders"] })).tables).orders, "exported 3");
  });

  it("values arrive as they are, and a row with one that is none of its type lies in quarantine with the reason", async (t) => {
    const shop = await open(t);
    await createTables(shop, { "orders.total": text, "orders.customer_id": text, "orders.created_at": text });
    const notes = [
      "",
      "\\N",
      "NULL",
      ' "quoted", and\nbroken\r\nin lines\t',
      "ünï€😀",
      "'; DROP TABLE orders; --",
      "\\",
      "%00",
      "\\\\N\n",
    ];
    await insert(shop, "orders", [
      ...notes.map((note, index) => row(index + 1, undefined, { notes: note })),
      row(20, undefined, { notes: null, total: "-0.01", created_at: "1969-12-31 23:59:59.999999" }),
      row(21, undefined, { total: "9999999999.99", created_at: "9999-12-31 23:59:59" }),
      row(22, undefined, { total: "12.500", customer_id: "-9223372036854775808" }),
      row(23, undefined, { notes: "x".repeat(longestText) }),
      // None of their type.
      row(40, undefined, { total: "12.505" }),
      row(41, undefined, { total: "NaN" }),
      row(42, undefined, { total: "10000000000.00" }),
      row(43, undefined, { total: cards.amex }),
      row(44, undefined, { customer_id: "1.5" }),
      row(45, undefined, { customer_id: "9223372036854775808" }),
      row(46, undefined, { created_at: "0000-00-00 00:00:00" }),
      row(47, undefined, { created_at: "2026-05-01 10:00:00+02" }),
      row(48, undefined, { customer_id: "1e3", created_at: "yesterday", notes: cards.visa }),
      row(49, undefined, { notes: "y".repeat(longestText + 1) }),
    ]);
    const { run, raw, lake } = await openExport(t, program(), shop.url);

    const { tables } = await run({ tables: ["orders"] });

    const [result] = tables;
    assert.equal(outcomes(tables).orders, "exported 23");
    assert.equal(result?.outcome !== "failed" && result?.quarantined, 10);
    const good = await raw("orders");
    assert.deepEqual(
      good.slice(0, notes.length).map((each) => each.notes),
      notes,
    );
    assert.deepEqual(
      good
        .slice(notes.length)
        .map(({ order_id, total, customer_id, created_at, notes }) =>
          [order_id, total, customer_id, created_at, notes === null ? null : notes?.length].join(),
        ),
      [
        "20,-0.01,7,1969-12-31 23:59:59.999999,",
        "21,9999999999.99,7,9999-12-31 23:59:59,",
        "22,12.50,-9223372036854775808,2026-05-01 10:00:00,",
        `23,12.50,7,2026-05-01 10:00:00,${longestText}`,
      ],
    );
    const [key = ""] = (await lake.keys(lake.buckets.quarantine)).filter((each) =>
      each.endsWith("/export-tables.ndjson"),
    );
    const body = (await lake.read(lake.buckets.quarantine, key)).toString();
    const lines = body
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line));
    const told = lines.map(({ record, problems }) => [
      record.order_id,
      ...problems.map(({ field, reason }: { field: string; reason: string }) => `${field} ${reason}`),
    ]);
    assert.deepEqual(told.sort(), [
      ["40", "total is no decimal(12,2)"],
      ["41", "total is no decimal(12,2)"],
      ["42", "total is no decimal(12,2)"],
      ["43", "total is no decimal(12,2)"],
      ["44", "customer_id is no bigint"],
      ["45", "customer_id is no bigint"],
      ["46", "created_at is no timestamp"],
      ["47", "created_at is no timestamp"],
      ["48", "customer_id is no bigint", "created_at is no timestamp"],
      ["49", `notes is longer than ${longestText} bytes`],
    ]);
    assert.equal(body.includes(cards.amex) || body.includes(cards.visa), false);
  });

  it("a connection that breaks in the middle fails the run, keeps what came, and the next run goes on behind it", async (t) => {
    const shop = await open(t);
    await createTables(shop);
    const rows = Array.from({ length: 40_000 }, (_, index) => row(index + 1, undefined, { notes: "n".repeat(50) }));
    await insert(shop, "orders", rows);
    await insert(shop, "payments", [payment({}) as never]);
    const way = await wayTo(t, shop.url);
    const { run, fail, raw, lake, position } = await openExport(t, program(), way.url);

    way.cutAfter(4_000_000);
    const { errorType, errorMessage } = await fail({ tables: ["orders", "payments"] });

    assert.equal(errorType, "ExportFailed");
    assert.match(errorMessage, /^Cannot export 1 of 2 tables of (postgres|mysql):\/\/127\.0\.0\.1\/\w+/);
    assert.equal(errorMessage.includes("payments"), false);
    const before = await raw("orders");
    assert.ok(before.length > 5_000 && before.length < 40_000, `${before.length} rows came`);
    assert.equal((await raw("payments")).length, 1);
    const source = /tables of (\S+):/.exec(errorMessage)?.[1] ?? "";
    assert.ok((await position(source, "orders"))?.behind);

    const { tables } = await run();
    assert.equal(outcomes(tables).orders, `exported ${40_000 - before.length}`);
    assert.deepEqual(
      (await raw("orders")).map(({ order_id }) => Number(order_id)),
      rows.map(({ order_id }) => order_id),
    );
    assert.equal((await position(source, "orders"))?.behind, undefined);
    assert.equal((await lake.curated("orders")).length, 40_000);
  });

  it("a table or a column that the source lacks fails the run by name, when the others are exported", async (t) => {
    const shop = await open(t);
    await createTables(shop, { "order_items.updated_at": text });
    await shop.run("ALTER TABLE orders DROP COLUMN region");
    await shop.run("ALTER TABLE orders DROP COLUMN notes");
    await shop.run("DROP TABLE products");
    await insert(shop, "payments", [payment({}) as never]);
    const { fail, raw } = await openExport(t, program(), shop.url);

    const { errorType, errorMessage } = await fail();

    assert.equal(errorType, "ExportFailed");
    assert.match(errorMessage, /Cannot export 3 of 6 tables/);
    assert.match(errorMessage, /Cannot export "orders": the source's table lacks "region", "notes"/);
    assert.match(errorMessage, /Cannot export "products": the source has no such table/);
    assert.match(
      errorMessage,
      /Cannot export "order_items": its "updated_at" is \w+ in the source and must be a timestamp/,
    );
    assert.equal((await raw("payments")).length, 1);
  });

  it("a run that another one has overtaken leaves the table and its watermark to the other", async (t) => {
    const shop = await open(t);
    await createTables(shop);
    const rows = Array.from({ length: 10_000 }, (_, index) => row(index + 1, undefined, { notes: "n".repeat(200) }));
    await insert(shop, "orders", rows);
    const way = await wayTo(t, shop.url);
    const { run, position, setPosition } = await openExport(t, program(), way.url);
    const { source } = await run({ tables: ["orders"] });
    await shop.run("UPDATE orders SET updated_at = '2026-05-02 00:00:00'");

    const held = way.holdAfter(500_000);
    const slow = run({ tables: ["orders"] });
    await held;
    const other = { revision: 9, watermark: "2026-06-01 00:00:00.000000" };
    await setPosition(source, "orders", other);
    way.release();

    assert.match(outcomes((await slow).tables).orders ?? "", /^overtaken \d+$/);
    assert.deepEqual(await position(source, "orders"), other);
  });

  it("two runs at once lose nothing", async (t) => {
    const shop = await open(t);
    await createTables(shop);
    await insert(
      shop,
      "orders",
      Array.from({ length: 500 }, (_, index) => row(index + 1)),
    );
    const { run, lake, position } = await openExport(t, program(), shop.url);

    const both = await Promise.all([run({ tables: ["orders"] }), run({ tables: ["orders"] })]);

    const told = both.map(({ tables }) => outcomes(tables).orders);
    assert.ok(told.includes("exported 500"), told.join());
    assert.equal((await position(both[0].source, "orders"))?.watermark, "2026-05-01 10:08:20.000000");
    assert.equal((await lake.curated("orders")).length, 500);
  });

  it("a row without a version is exported and told of once, and a row of the future hides none that comes after it", async (t) => {
    const shop = await open(t);
    await createTables(shop);
    await insert(shop, "orders", [row(1, null), row(2, "2099-01-01 00:00:00"), row(3, "2026-05-01 10:00:00")]);
    const { run, lake, raw } = await openExport(t, program(), shop.url);

    const [first] = (await run({ tables: ["orders"] })).tables;
    assert.equal(first?.outcome !== "failed" && first?.undated, 1);
    assert.equal((await raw("orders")).length, 3);
    assert.equal(outcomes((await run()).tables).orders, "unchanged 0");

    const [now = ""] = new Date().toISOString().split(".");
    await insert(shop, "orders", [row(4, now.replace("T", " "))]);
    assert.equal(outcomes((await run()).tables).orders, "exported 2");
    await shop.run("UPDATE orders SET total = 1 WHERE order_id = 1");
    assert.equal(outcomes((await run()).tables).orders, "exported 1");
    assert.deepEqual(
      (await lake.curated("orders")).map(({ order_id }) => order_id),
      ["2", "3", "4"],
    );
    // raw-to-curated says what it misses.
    const problems = (await lake.keys(lake.buckets.quarantine)).map((key) => lake.read(lake.buckets.quarantine, key));
    assert.match((await Promise.all(problems)).join("\n"), /"updated_at","reason":"is missing"/);
  });
}

/** An order that differs from others by its key; its version is the key's second of an hour, where it is not given. */
function row(id: number, version?: string | null, own: object = {}) {
  const second = new Date(Date.UTC(2026, 4, 1, 10) + id * 1_000).toISOString().slice(0, 19).replace("T", " ");
  return { ...order({ order_id: id, ...own }), updated_at: version === undefined ? second : version } as Readonly<
    Record<string, string | number | null>
  >;
}

const outcomes = (tables: Exported["tables"]): Partial<Record<TableName, string>> =>
  Object.fromEntries(tables.map((result: TableResult) => [result.table, told(result)]));

const told = (result: TableResult) =>
  `${result.outcome} ${result.outcome === "failed" ? result.error.message : result.rows}`;
