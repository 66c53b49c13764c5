// A request in, an answer and requests to S3 out.

import assert from "node:assert/strict";
import { after, before, beforeEach, test } from "node:test";
import { gzipSync } from "node:zlib";
import type { Handler } from "../../stage/answer";
import { type Answered, type Sent, s3Error, standIn } from "../aws-fixture";
import { ask } from "../request-fixture";
import { factory } from "./upload-transactions";

let s3: Awaited<ReturnType<typeof standIn>>;
let handler: Handler;
const kept = (): Answered => ({ status: 200 });

before(async () => {
  s3 = await standIn(kept);
  Object.assign(process.env, { FEEDS_BUCKET: "feeds", POWERTOOLS_LOG_LEVEL: "SILENT" });
  handler = factory();
});
beforeEach(() => {
  s3.answer = kept;
  s3.seen.length = 0;
});
after(() => s3.end());

const csv = { headers: { "content-type": "text/csv" }, body: "transaction_id\n1\n" };

/** What S3 keeps: an object once under a key. */
function keepingOnce() {
  const objects = new Map<string, Sent>();
  s3.answer = (sent) => {
    const object = objects.get(sent.path);
    if (sent.method === "HEAD") {
      return { status: 200, headers: { "x-amz-meta-sha256": String(object?.headers["x-amz-meta-sha256"]) } };
    }
    if (object !== undefined) return s3Error(412, "PreconditionFailed");
    objects.set(sent.path, sent);
    return kept();
  };
  return objects;
}

test("upload-transactions keeps the body under the seller and an id of its own", async () => {
  const { status, body } = await ask(handler, { ...csv, query: { file: "März 1.csv" } });
  assert.equal(status, 202);
  assert.deepEqual(body, {
    uploadId: body.uploadId,
    seller: "acme",
    file: "März 1.csv",
    bytes: 17,
    status: `/api/transactions/uploads/${body.uploadId}`,
  });
  const [sent] = s3.seen;
  assert.equal(s3.seen.length, 1);
  assert.equal(sent?.method, "PUT");
  assert.equal(decodeURIComponent(sent?.path ?? ""), `/feeds/uploads/acme/${body.uploadId}/März 1.csv`);
  assert.equal(sent?.headers["content-type"], "text/csv");
  assert.equal(sent?.headers["if-none-match"], "*");
  assert.equal(sent?.body.toString(), csv.body);
});

test("upload-transactions keeps bytes as they came, with the encoding that they have", async () => {
  const body = gzipSync(csv.body);
  const encoded = { ...csv.headers, "content-encoding": "gzip" };
  assert.equal((await ask(handler, { headers: encoded, body })).status, 202);
  assert.equal((await ask(handler, { headers: { "content-type": "application/gzip" }, body })).status, 202);
  const [first, second] = s3.seen;
  assert.deepEqual([first?.body, second?.body], [body, body]);
  assert.deepEqual([first?.headers["content-encoding"], second?.headers["content-encoding"]], ["gzip", undefined]);
});

test("upload-transactions keeps one object of a request that comes twice with its Idempotency-Key", async () => {
  const objects = keepingOnce();
  const request = { ...csv, headers: { ...csv.headers, "idempotency-key": "k1" }, query: { file: "a.csv" } };
  const first = await ask(handler, request);
  const second = await ask(handler, request);
  assert.equal(first.status, 202);
  assert.deepEqual(second, first);
  assert.equal(objects.size, 1);

  const other = await ask(handler, { ...request, sellers: ["berg"] });
  assert.notEqual(other.body.uploadId, first.body.uploadId);
  assert.equal(objects.size, 2);
});

test("upload-transactions refuses another file with the same Idempotency-Key, which would be lost", async () => {
  keepingOnce();
  const headers = { ...csv.headers, "idempotency-key": "k1" };
  assert.equal((await ask(handler, { ...csv, headers })).status, 202);
  const { status, body } = await ask(handler, { headers, body: "transaction_id\n2\n" });
  assert.equal(status, 422);
  assert.equal(body.code, "IdempotencyKeyReused");
});

test("upload-transactions asks to try again where S3 has the same request in hand", async () => {
  s3.answer = () => s3Error(409, "ConditionalRequestConflict");
  const { status, body } = await ask(handler, csv);
  assert.deepEqual([status, body.code], [503, "Unavailable"]);
});

test("upload-transactions takes two uploads of the same file for two", async () => {
  const first = await ask(handler, csv);
  const second = await ask(handler, csv);
  assert.notEqual(first.body.uploadId, second.body.uploadId);
});

test("upload-transactions acts for the seller that is named, where there are several", async () => {
  const sellers = ["acme", "berg"];
  const { body } = await ask(handler, { ...csv, sellers, query: { seller: "berg" } });
  assert.equal(body.seller, "berg");
  const unnamed = await ask(handler, { ...csv, sellers });
  assert.deepEqual([unnamed.status, unnamed.body.code], [400, "BadRequest"]);
});

test("upload-transactions refuses what it cannot keep, and keeps nothing of it", async () => {
  for (const [request, status, code] of [
    [{ ...csv, query: { seller: "berg" } }, 403, "NotYourSeller"],
    [{ ...csv, sellers: [] }, 403, "NoSeller"],
    [{ ...csv, query: { file: "../../other/x.csv" } }, 400, "BadRequest"],
    [{ ...csv, query: { file: "a/b" } }, 400, "BadRequest"],
    [{ ...csv, query: { seller: "acme/../berg" } }, 400, "BadRequest"],
    [{ ...csv, query: { flie: "a.csv" } }, 400, "BadRequest"],
    [{ ...csv, body: "" }, 400, "BadRequest"],
    [{ ...csv, headers: { ...csv.headers, "idempotency-key": "" } }, 400, "BadRequest"],
    [{ ...csv, headers: { ...csv.headers, "idempotency-key": "k".repeat(101) } }, 400, "BadRequest"],
    [{ ...csv, headers: { "content-type": "application/zip" } }, 415, "WrongMediaType"],
    [{ body: "a" }, 415, "WrongMediaType"],
    [{ ...csv, headers: { ...csv.headers, "content-encoding": "br" } }, 415, "UnsupportedEncoding"],
    [{ ...csv, body: new Uint8Array(4_500_001) }, 413, "TooLarge"],
  ] as const) {
    const answer = await ask(handler, request);
    assert.deepEqual([answer.status, answer.body.code], [status, code], JSON.stringify(request).slice(0, 200));
    assert.equal(answer.type, "application/problem+json");
  }
  assert.equal(s3.seen.length, 0);
  assert.equal((await ask(handler, { ...csv, body: new Uint8Array(4_500_000) })).status, 202);
});
