// On a PostgreSQL of its own, as the role that the stages log in as, also by way of a wire that breaks.

import assert from "node:assert/strict";
import { type AddressInfo, connect, createServer } from "node:net";
import { Readable } from "node:stream";
import { after, before, beforeEach, type TestContext, test } from "node:test";
import { S3Client } from "@aws-sdk/client-s3";

import postgres = require("postgres");

import { type TransactionsDatabase, transactionsDatabase } from "../database-fixture";
import { isBadFeed } from "../feed/read-feed";
import { type FeedObject, feedObjectOf } from "./feed-object";
import { loadFeed, recordFailure } from "./load-feed";
import { rejectedFile } from "./rejected-file";
import type { Upload } from "./upload-row";

let database: TransactionsDatabase;

before(async () => {
  database = await transactionsDatabase();
});
after(() => database.end());
beforeEach(async () => {
  await database.sql`
    truncate transactions.uploads, transactions.transactions, transactions.daily_totals, transactions.products`;
});

const header = "transaction_id,occurred_at,product_id,product_name,category,quantity,unit_price,currency\n";
const lines = (count: number) =>
  Array.from({ length: count }, (_, n) => `T-${n},2026-02-01,P-${n % 7},Chair,Garden,1,10.00,EUR\n`).join("");

const feedAt = (key: string, versionId = "v1"): FeedObject =>
  feedObjectOf({
    eventTime: "2026-03-01T10:00:00.000Z",
    s3: { bucket: { name: "feeds" }, object: { key, versionId, size: 1 } },
  } as Parameters<typeof feedObjectOf>[0]);

function load(sql: postgres.Sql, text: string | Buffer, feed = feedAt("uploads/acme/u1/feed.csv")): Promise<Upload> {
  const rejected = rejectedFile(new S3Client({}), { Bucket: "rejected", Key: "none" });
  const open = async () => Readable.from([Buffer.from(text)]);
  const keep = async () => undefined;
  return loadFeed({ sql, seller: "acme", feed, open, rejected, keep }).finally(() => rejected.end());
}

const asIngest = <T>(work: (sql: postgres.Sql) => Promise<T>) => database.as("transactions_ingest", work);

const counts = async () => {
  const [row] = await database.sql`
    select (select count(*) from transactions.uploads) as uploads,
      (select count(*) from transactions.transactions) as transactions,
      (select coalesce(sum(transactions), 0) from transactions.daily_totals) as totals,
      (select count(*) from transactions.products) as products`;
  return Object.fromEntries(Object.entries(row ?? {}).map(([name, value]) => [name, Number(value)]));
};
const nothing = { uploads: 0, transactions: 0, totals: 0, products: 0 };

test("loadFeed() takes a feed of several batches, and recognises it when it comes again", async () => {
  const first = await asIngest((sql) => load(sql, header + lines(12_000)));
  assert.partialDeepStrictEqual(first, {
    outcome: "processed",
    rowsIn: 12_000,
    rowsAccepted: 12_000,
    rowsDuplicate: 0,
  });
  const all = { uploads: 1, transactions: 12_000, totals: 12_000, products: 7 };
  assert.deepEqual(await counts(), all);
  // It is not even looked into again.
  const again = await asIngest((sql) => load(sql, "no feed at all"));
  assert.deepEqual(again, first);
  assert.deepEqual(await counts(), all);
});

test("loadFeed() leaves nothing of a feed that breaks off after many rows", async () => {
  const broken = `${header}${lines(12_000)}T-x,"2026-02-01`;
  await assert.rejects(
    asIngest((sql) => load(sql, broken)),
    (error: unknown) => isBadFeed(error) && error.code === "UnclosedQuote",
  );
  assert.deepEqual(await counts(), nothing);
});

test("a failed feed is recorded once, with its reason", async () => {
  const feed = feedAt("uploads/acme/u1/feed.csv");
  const error = { code: "Empty", message: "it is empty" };
  for (const _ of ["first", "again"]) {
    const upload = await asIngest((sql) =>
      recordFailure({ sql, seller: "acme", feed, keep: async () => undefined }, error),
    );
    assert.partialDeepStrictEqual(upload, { outcome: "failed", rowsIn: 0, error });
    assert.match(upload.errorId ?? "", /^20260301T100000000Z-[0-9a-f]{12}$/);
  }
  assert.deepEqual(await counts(), { ...nothing, uploads: 1 });
});

test("a database that goes away in the middle leaves no half feed, and the retry completes it", async (t) => {
  const lossy = await breakingWire(t, database.sql, "T-11000");
  await lossy`set role transactions_ingest`;
  await assert.rejects(load(lossy, header + lines(12_000)), /CONNECTION/);
  await database.sql`reset role`;
  assert.deepEqual(await counts(), nothing);
  const retried = await asIngest((sql) => load(sql, header + lines(12_000)));
  assert.equal(retried.rowsAccepted, 12_000);
  assert.deepEqual(await counts(), { uploads: 1, transactions: 12_000, totals: 12_000, products: 7 });
});

/** A client whose connection ends when it says `word`. */
async function breakingWire(t: TestContext, sql: postgres.Sql, word: string): Promise<postgres.Sql> {
  const [port = 0] = sql.options.port;
  const wire = createServer((client) => {
    const upstream = connect({ host: "127.0.0.1", port });
    client.on("data", (data) => (data.includes(word) ? client.destroy() : upstream.write(data)));
    client.on("close", () => upstream.destroy()).on("error", () => undefined);
    upstream.on("error", () => undefined);
    upstream.pipe(client);
  });
  await new Promise<void>((listening) => wire.listen(0, "127.0.0.1", listening));
  const lossy = postgres(`postgres://postgres@127.0.0.1:${(wire.address() as AddressInfo).port}/postgres`, {
    max: 1,
    fetch_types: false,
    prepare: false,
    onnotice: () => undefined,
  });
  t.after(async () => {
    await lossy.end({ timeout: 0 });
    wire.close();
  });
  return lossy;
}
