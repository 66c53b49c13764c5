// On a PostgreSQL and a DynamoDB of the test's own, with a server that stands where S3 does: a request in, an answer out.

import assert from "node:assert/strict";
import { after, before, beforeEach, test } from "node:test";
import { safeParse } from "valibot";
import { showItem } from "../../schemas/endpoints/show-item";
import type { Handler } from "../../stage/answer";
import { ask } from "../request-fixture";
import { apiDatabase } from "./api-fixture";
import { auditTable } from "./audit-fixture";
import { imagesBucket } from "./bucket-fixture";
import { factory } from "./show-item";

let database: Awaited<ReturnType<typeof apiDatabase>>;
let bucket: Awaited<ReturnType<typeof imagesBucket>>;
let audit: Awaited<ReturnType<typeof auditTable>>;
let handler: Handler;

before(async () => {
  database = await apiDatabase();
  bucket = await imagesBucket();
  audit = await auditTable();
  await database.put({ id: "cat", analysis: { text: "Whiskers" } });
  await database.put({ user: "berta", id: "tiger" });
  handler = factory();
});
beforeEach(() => {
  bucket.objects.clear();
  bucket.put("anna/cat.jpg", "v1");
});
after(async () => {
  await database.end();
  await bucket.end();
  await audit.end();
});

async function show(id: string, user = "anna") {
  const { status, body } = await ask(handler, { user, path: { id } });
  if (status === 200) {
    const { success, issues } = safeParse(showItem.answer.schema, body);
    assert.ok(success, JSON.stringify(issues));
  }
  return { http: status, ...body } as { http: number; status: string; error?: object; code?: string; item?: Shown };
}

interface Shown {
  readonly thumbnail: { readonly url: string; readonly expiresAt: string };
  readonly [field: string]: unknown;
}

test("an item is shown with its newest analysis, how many there are, and a link to its thumbnail", async () => {
  await database.asOwner(
    () => database.sql`
      insert into collections.analyses (item_id, user_id, version, version_id, request_id, newest, category, summary, raw_response,
        provider_used, model_used)
      select item_id, user_id, 2, version_id, 'again', false, category, summary, raw_response, provider_used, model_used
      from collections.analyses where item_id = 'cat'`,
  );
  const { http, status, item } = await show("cat");
  assert.deepEqual([http, status], [200, "ready"]);
  const { thumbnail, analysis, analyses, ...rest } = item ?? assert.fail();
  assert.equal(rest.summary, "Hills below a wide sky");
  assert.deepEqual([analyses, (analysis as { text: string }).text], [2, "Whiskers"]);
  const url = new URL(thumbnail.url);
  assert.equal(url.pathname, "/images/anna/thumbnails/cat.jpg");
  assert.equal(url.searchParams.get("X-Amz-Expires"), "900");
});

test("a picture that is not analyzed yet waits, and one that was refused says why", async () => {
  bucket.put("anna/new one+ü.PNG", "w1");
  assert.deepEqual(await show("new one+ü"), { http: 200, id: "new one+ü", status: "waiting" });
  const object = "images/anna/new one+ü.PNG";
  const error = { code: "TooManyPixels", message: "Cannot make a thumbnail" };
  await audit.put({ object, versionAndStage: "w10#process-image", stage: "process-image", outcome: "rejected", error });
  await audit.put({ object, versionAndStage: "w1#embed", stage: "embed", outcome: "thumbnailed" });
  assert.equal((await show("new one+ü")).status, "waiting");
  await audit.put({ object, versionAndStage: "w1#process-image", stage: "process-image", outcome: "rejected", error });
  assert.deepEqual(await show("new one+ü"), { http: 200, id: "new one+ü", status: "rejected", error });
});

test("of an item whose newest picture waits or was refused, the one before is shown", async () => {
  bucket.put("anna/cat.png", "p1", "2026-03-01T10:00:01Z");
  const waiting = await show("cat");
  assert.deepEqual([waiting.status, waiting.item?.filename], ["waiting", "cat.jpg"]);
  const error = { code: "NotAnImage", message: "Cannot make a thumbnail" };
  await audit.put({
    object: "images/anna/cat.png",
    versionAndStage: "p1#process-image",
    stage: "process-image",
    outcome: "rejected",
    error,
  });
  const rejected = await show("cat");
  assert.deepEqual([rejected.status, rejected.error, rejected.item?.filename], ["rejected", error, "cat.jpg"]);
});

test("what nothing is known of, and what is another user's, is not there", async () => {
  bucket.put("berta/tiger.jpg", "v1");
  bucket.put("anna/cat.2.jpg", "v1");
  for (const [id, user] of [
    ["dog", "anna"],
    ["tiger", "anna"],
    ["cat", "berta"],
    ["ca", "anna"],
    ["' or '1'='1", "anna"],
  ] as const) {
    const { http, code } = await show(id, user);
    assert.deepEqual([http, code], [404, "NotFound"], id);
  }
  assert.equal((await show("../berta/tiger")).http, 400);
});
