// On a DynamoDB of the test's own, with a server that stands where S3 does: a request in, an answer and requests to S3 out.

import assert from "node:assert/strict";
import { after, before, beforeEach, test } from "node:test";
import type { Handler } from "../../stage/answer";
import { type Answered, s3Error, standIn } from "../aws-fixture";
import { ask } from "../request-fixture";
import { errorId, errorsTable, feedError } from "./errors-fixture";
import { factory } from "./reprocess-error";

let s3: Awaited<ReturnType<typeof standIn>>;
let table: Awaited<ReturnType<typeof errorsTable>>;
let handler: Handler;

const kept = (): Answered => ({
  status: 200,
  headers: { "content-type": "application/xml" },
  body: '<CopyObjectResult><ETag>"e"</ETag><LastModified>2026-03-01T10:00:00.000Z</LastModified></CopyObjectResult>',
});

before(async () => {
  s3 = await standIn(kept);
  table = await errorsTable();
  process.env.FEEDS_BUCKET = "feeds";
  handler = factory();
  const by = { object: "o", version: "v", uploadId: "u", at: "2026-03-02T00:00:00.000Z", rowsCorrected: 1 };
  await table.put(
    feedError(),
    feedError({ errorId: errorId(1), status: "resolved", resolvedBy: by }),
    feedError({ errorId: errorId(2), seller: "berg" }),
  );
});
beforeEach(() => {
  s3.answer = kept;
  s3.seen.length = 0;
});
after(async () => {
  await s3.end();
  await table.end();
});

const path = { id: errorId(0) };
const csv = { headers: { "content-type": "text/csv" }, body: "transaction_id\n1\n" };

test("reprocess-error keeps a corrected file for the error, under its own name or another one", async () => {
  const { status, body } = await ask(handler, { ...csv, path });
  assert.equal(status, 202);
  const object = `reprocess/acme/${errorId(0)}/März 1.csv`;
  assert.deepEqual(body, { errorId: errorId(0), seller: "acme", object, status: `/api/errors/${errorId(0)}` });
  const [sent] = s3.seen;
  assert.equal(decodeURIComponent(sent?.path ?? ""), `/feeds/${object}`);
  assert.equal(sent?.body.toString(), csv.body);
  assert.equal(sent?.headers["x-amz-meta-uploaded-at"], undefined);

  const other = await ask(handler, { ...csv, path, query: { file: "again.csv" } });
  assert.equal(other.body.object, `reprocess/acme/${errorId(0)}/again.csv`);
});

test("reprocess-error without a body copies the version that the error names, as of when that was uploaded", async () => {
  const { status, body } = await ask(handler, { path });
  assert.deepEqual([status, body.object], [202, `reprocess/acme/${errorId(0)}/März 1.csv`]);
  const [sent] = s3.seen;
  assert.equal(s3.seen.length, 1);
  assert.equal(sent?.headers["x-amz-copy-source"], "feeds/uploads/acme/u1/M%C3%A4rz%201.csv?versionId=v%2B1%2F%3D");
  assert.equal(sent?.headers["x-amz-metadata-directive"], "REPLACE");
  assert.equal(sent?.headers["x-amz-meta-uploaded-at"], "2026-03-01T10:00:00.000Z");
});

test("reprocess-error says so where the original is gone", async () => {
  for (const code of ["NoSuchKey", "NoSuchVersion"]) {
    s3.answer = () => s3Error(404, code);
    const { status, body } = await ask(handler, { path });
    assert.deepEqual([status, body.code], [409, "OriginalGone"]);
  }
});

test("reprocess-error refuses what it cannot process, and keeps nothing of it", async () => {
  for (const [request, status, code] of [
    [{ ...csv, path: { id: errorId(1) } }, 409, "AlreadyResolved"],
    [{ path: { id: errorId(1) } }, 409, "AlreadyResolved"],
    [{ path: { id: errorId(2) } }, 404, "NotFound"],
    [{ path, query: { seller: "berg" } }, 403, "NotYourSeller"],
    [{ path, query: { file: "../x" } }, 400, "BadRequest"],
    [{ path: { id: "x" } }, 400, "BadRequest"],
    [{ ...csv, path, headers: { "content-type": "image/png" } }, 415, "WrongMediaType"],
    [{ ...csv, path, headers: { ...csv.headers, "content-encoding": "zstd" } }, 415, "UnsupportedEncoding"],
    [{ ...csv, path, body: new Uint8Array(4_500_001) }, 413, "TooLarge"],
  ] as const) {
    const answer = await ask(handler, request);
    assert.deepEqual([answer.status, answer.body.code], [status, code], JSON.stringify(request).slice(0, 200));
  }
  assert.equal(s3.seen.length, 0);
});
