// export-tables on PostgreSQL: the embedded one, which is PostgreSQL itself.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { before, type TestContext, test } from "node:test";

import postgres = require("postgres");

import { exportTable } from "../functions/lake/export-tables/export-table";
import { beginning, type Position } from "../functions/lake/export-tables/position";
import { decodeRecord } from "../functions/lake/export-tables/record";
import { openSource } from "../functions/lake/export-tables/source";
import { readSourceAddress } from "../functions/lake/export-tables/source-address";
import { planTable } from "../functions/lake/export-tables/table-plan";
import { tables } from "../schemas/tables";
import type { Evaluation } from "../stage/evaluation/evaluate";
import { exportCases } from "./export-cases";
import { createTables, insert, openExport, type ShopDatabase } from "./export-fixture";
import { changed, evaluated, order } from "./lake-fixture";
import { postgres as openPostgres } from "./services/postgres/postgres";
import { temporaryDirectory } from "./temporary-directory";

let program: Evaluation;
before(async () => {
  program = await evaluated("dev");
});

exportCases({ name: "PostgreSQL", program: () => program, text: "text", open });

async function open(t: Pick<TestContext, "after">): Promise<ShopDatabase> {
  const place = { directory: temporaryDirectory(), user: "shop", password: "p%@ss/word", database: "shop" };
  const server = await openPostgres(place);
  const sql = postgres(server.url, {
    max: 1,
    idle_timeout: 1,
    onnotice: () => {},
    connection: { search_path: "shop" },
  });
  t.after(async () => {
    await sql.end({ timeout: 0 });
    await server.end();
  });
  await sql.unsafe("CREATE SCHEMA shop");
  return {
    url: `${server.url}?schema=shop`,
    async run(text) {
      await sql.unsafe(text);
    },
    typeOf: ({ type }) => ({ varchar: "text", double: "double precision" })[type as string] ?? type,
  };
}

test("PostgreSQL: an export whose time is up ends after a file, and the next ones go on behind it until all is exported", async (t) => {
  const shop = await open(t);
  await createTables(shop);
  // A hundred at a time have one version, and some have none.
  const rows = Array.from({ length: 12_000 }, (_, index) => ({
    ...order({ order_id: index + 1, notes: "n".repeat(400) }),
    updated_at:
      index % 5 === 0
        ? null
        : new Date(Date.UTC(2026, 4, 1) + Math.floor(index / 100) * 1_000).toISOString().slice(0, -1),
  }));
  await insert(shop, "orders", rows as never);
  const file = join(temporaryDirectory(), "part.csv");
  const seen: string[] = [];
  let position: Position = beginning;

  async function run(files: number, full = false) {
    const source = await openSource(readSourceAddress(shop.url));
    const time = new AbortController();
    try {
      return await exportTable({
        source,
        plan: planTable("orders", tables.orders, await source.columns("orders")),
        position,
        full,
        file,
        partSize: { rows: 1_000, bytes: 1e9 },
        timeIsUp: time.signal,
        async ship(part) {
          const lines = (await readFile(part.file, "utf8")).split("\n").slice(0, part.rows);
          seen.push(...lines.map((line) => decodeRecord(Buffer.from(`${line}\n`))[0] ?? ""));
          if (--files === 0) time.abort();
          return { quarantined: 0, outputs: [] };
        },
        async keep(next) {
          position = { ...next, revision: next.revision + 1 };
          return true;
        },
      });
    } finally {
      await source.end();
    }
  }

  const told: string[] = [];
  do told.push((await run(1)).outcome);
  while (told.at(-1) === "unfinished");

  assert.ok(told.length > 3, told.join());
  assert.equal(new Set(seen).size, 12_000);
  assert.equal(seen.length, 12_000);
  assert.equal(position.behind, undefined);
  assert.equal(position.watermark, "2026-05-01 00:01:59.000000");
  assert.equal((await run(9)).outcome, "unchanged");
  assert.equal((await run(99, true)).rows, 12_000);
  assert.equal((await run(1, true)).outcome, "unfinished");
  const rest = await run(99);
  assert.ok(rest.outcome === "exported" && rest.rows < 12_000, `${rest.rows} rows`);
});

test("A function that has no time for a file begins none", async (t) => {
  const shop = await open(t);
  await createTables(shop);
  await insert(shop, "orders", [order({})] as never);
  const hasty = changed(program, "aws:lambda/function:Function", () => ({ timeout: 60 }));
  const { run, lake } = await openExport(t, hasty, shop.url);
  const { tables } = await run();
  assert.deepEqual([...new Set(tables.map(({ outcome }) => outcome))], ["unfinished"]);
  assert.deepEqual(await lake.keys(lake.buckets.raw), []);
});

test("A secret without a connection string, or with one of another database, fails the run with the remedy", async (t) => {
  const none = await openExport(t, program);
  const { errorType, errorMessage } = await none.fail();
  assert.equal(errorType, "SourceNotConfigured");
  assert.match(
    errorMessage,
    /aws secretsmanager put-secret-value --secret-id arn:aws:secretsmanager:\S+ --secret-string/,
  );

  const other = await openExport(t, program, "oracle://shop:hunter2@db/shop");
  const told = await other.fail();
  assert.equal(told.errorType, "UnknownSource");
  assert.equal(JSON.stringify(told).includes("hunter2"), false);
});

test("A source that is not there fails every table, and a wrong password is not told", async (t) => {
  const { fail } = await openExport(t, program, "postgres://shop:hunter2@127.0.0.1:1/shop");
  const { errorType, errorMessage } = await fail();
  assert.equal(errorType, "ExportFailed");
  assert.match(errorMessage, /Cannot export 6 of 6 tables of postgres:\/\/127\.0\.0\.1\/shop: .*ECONNREFUSED/);
  assert.equal(errorMessage.includes("hunter2"), false);
});
