// On a PostgreSQL of the test's own, with a server that stands where S3 does: a request in, an answer out.

import assert from "node:assert/strict";
import { after, before, beforeEach, test } from "node:test";
import { safeParse } from "valibot";
import { showUpload } from "../../schemas/endpoints/show-upload";
import type { Handler } from "../../stage/answer";
import { standIn } from "../aws-fixture";
import { ask } from "../request-fixture";
import { type TransactionsDatabase, transactionsDatabase } from "./database-fixture";
import { errorId } from "./errors-fixture";
import { factory } from "./show-upload";

let database: TransactionsDatabase;
let s3: Awaited<ReturnType<typeof standIn>>;
let handler: Handler;

const rejected = errorId(2);
const failed = errorId(3);

/** What S3 lists, of keys that are there. */
const holding = (...keys: readonly string[]) =>
  standIn(({ query }) => ({
    status: 200,
    headers: { "content-type": "application/xml" },
    body: `<ListBucketResult>${keys
      .filter((key) => key.startsWith(query.get("prefix") ?? ""))
      .map((key) => `<Contents><Key>${key}</Key></Contents>`)
      .join("")}</ListBucketResult>`,
  }));

before(async () => {
  database = await transactionsDatabase();
  await database.sql`
    insert into transactions.uploads (
      seller_id, upload_id, version, object, file_name, uploaded_at, outcome, rows_in, rows_accepted, rows_duplicate,
      rows_rejected, error_id, error_code, error_message, processed_at
    )
    values
      ('acme', 'u1', 'v1', 'o', 'a.csv', '2026-03-01', 'processed', 1, 1, 0, 0, null, null, null, '2026-03-01'),
      ('acme', 'u2', 'v1', 'o', 'b.csv', '2026-03-01', 'processed_with_rejects', 2, 1, 0, 1, ${rejected}, null, null,
        '2026-03-01'),
      ('acme', 'u3', 'v1', 'o', 'c d.csv', '2026-03-01', 'failed', 0, 0, 0, 0, ${failed}, 'NotCsv', 'no', '2026-03-01')`;
  s3 = await holding("uploads/acme/u9/new one.csv", "uploads/acme/u99/x.csv", "uploads/berg/u8/x.csv");
  const { host, port } = database.sql.options;
  Object.assign(process.env, {
    DATABASE_ENDPOINT: `${host[0]}:${port[0]}`,
    DATABASE_NAME: "postgres",
    DATABASE_USER: "transactions_api",
    FEEDS_BUCKET: "feeds",
    REJECTED_BUCKET: "rejected-feeds",
  });
  handler = factory();
  // All clients of this database are one session.
  await database.sql`set role transactions_api`;
});
beforeEach(() => {
  s3.seen.length = 0;
});
after(async () => {
  await database.end();
  await s3.end();
});

const show = (id: string, sellers?: readonly string[]) =>
  ask(handler, { path: { id }, ...(sellers === undefined ? {} : { sellers }) });

test("show-upload tells what was processed, with a link to what was rejected", async () => {
  for (const [id, outcome, link] of [
    ["u1", "processed", undefined],
    ["u2", "processed_with_rejects", `/rejected-feeds/rows/acme/${rejected}.csv`],
    ["u3", "failed", `/rejected-feeds/files/acme/${failed}/c%20d.csv`],
  ] as const) {
    const { status, body } = await show(id);
    assert.deepEqual([status, body.outcome], [200, outcome], JSON.stringify(body));
    const rejected = body.rejected as { url: string } | undefined;
    assert.equal(rejected && new URL(rejected.url).pathname, link);
    const { success, issues } = safeParse(showUpload.answer.schema, body);
    assert.ok(success, JSON.stringify(issues));
  }
  assert.equal(s3.seen.length, 0);
});

test("show-upload calls waiting what has come and is not processed", async () => {
  const { body } = await show("u9", ["berg", "acme"]);
  assert.deepEqual(body, { uploadId: "u9", seller: "acme", file: "new one.csv", outcome: "waiting" });
});

test("what has not come, or is another seller's, is not there", async () => {
  for (const id of ["u7", "u8", "u", "..", "../berg/u8", "' or '1'='1"]) {
    const { status, body } = await show(id);
    assert.deepEqual([status, body.code], [404, "NotFound"], id);
  }
  assert.equal((await show("u1", ["berg"])).status, 404);
});
