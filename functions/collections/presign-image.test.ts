import assert from "node:assert/strict";
import { before, test } from "node:test";
import { maxImageBytes } from "../../schemas/image-types";
import { credentials } from "../aws-fixture";
import { ask } from "../request-fixture";
import { factory } from "./presign-image";

before(() => {
  Object.assign(process.env, credentials, { BUCKET_NAME: "images", POWERTOOLS_DEV: "false", LOG_LEVEL: "SILENT" });
});

const post = (body: unknown, user = "user-1") =>
  ask(factory(), { user, sellers: [], headers: { "content-type": "application/json" }, body: JSON.stringify(body) });

/** What S3 will hold the form to. */
function conditionsOf(body: Record<string, unknown>): unknown[] {
  const { Policy = "" } = body.fields as Record<string, string>;
  return JSON.parse(Buffer.from(Policy, "base64").toString()).conditions;
}

test("a form is for one key below the user's own prefix, of one type, of a picture's size at most", async () => {
  for (const [contentType, ending] of [
    ["image/jpeg", ".jpg"],
    ["image/png", ".png"],
  ]) {
    const { status, body } = await post({ contentType });
    assert.equal(status, 201);
    const key = `user-1/${body.itemId}${ending}`;
    assert.match(String(body.itemId), /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    assert.equal((body.fields as { key: string }).key, key);
    const conditions = conditionsOf(body);
    assert.ok(conditions.some((each) => JSON.stringify(each) === JSON.stringify({ key })));
    assert.ok(conditions.some((each) => JSON.stringify(each) === JSON.stringify({ "Content-Type": contentType })));
    assert.ok(
      conditions.some((each) => JSON.stringify(each) === JSON.stringify(["content-length-range", 1, maxImageBytes])),
    );
    assert.equal(body.status, `/api/items/${body.itemId}`);
    assert.match(String(body.curl), /^curl .*--form 'file=@picture/);
  }
});

test("a form of a size is for that size, and two are for two items", async () => {
  const [one, two] = [await post({ contentType: "image/png", size: 123 }), await post({ contentType: "image/png" })];
  assert.ok(conditionsOf(one.body).some((each) => JSON.stringify(each) === '["content-length-range",123,123]'));
  assert.equal(one.body.maxBytes, 123);
  assert.notEqual(one.body.itemId, two.body.itemId);
});

test("what is no picture, or too large, gets no form", async () => {
  for (const body of [
    {},
    { contentType: "image/gif" },
    { contentType: "image/png", size: 0 },
    { contentType: "image/png", size: 1.5 },
    { contentType: "image/png", size: maxImageBytes + 1 },
    { contentType: "image/png", key: "user-2/a.png" },
    "text",
  ]) {
    const { status, body: answer } = await post(body);
    assert.deepEqual([status, answer.code], [400, "BadRequest"], JSON.stringify(body));
  }
});
