import assert from "node:assert/strict";
import { after, before, beforeEach, test } from "node:test";
import { standIn } from "../aws-fixture";
import { ask } from "../request-fixture";
import { factory } from "./analyze-again";

let aws: Awaited<ReturnType<typeof standIn>>;
let published: Record<string, string>[];
let asked: unknown[];
let item: object | null;
let refusal: object | undefined;

before(async () => {
  aws = await standIn(({ path, headers, body }) => {
    const request = JSON.parse(body.toString());
    if (path === "/2015-03-31/functions/item-records/invocations") {
      asked.push(request);
      return { status: 200, body: JSON.stringify(item) };
    }
    assert.equal(headers["x-amz-target"], "AWSEvents.PutEvents");
    published.push(...request.Entries);
    return {
      status: 200,
      body: JSON.stringify({ FailedEntryCount: refusal ? 1 : 0, Entries: [refusal ?? { EventId: "1" }] }),
    };
  });
  Object.assign(process.env, { ITEM_RECORDS_FUNCTION: "item-records", POWERTOOLS_DEV: "false", LOG_LEVEL: "SILENT" });
});
after(() => aws.end());
beforeEach(() => {
  [published, asked] = [[], []];
  item = { bucket: "images", original_key: "user-1/cat.jpg", thumbnail_key: "user-1/thumbnails/cat.jpg" };
  refusal = undefined;
});

test("the picture is told of once more, with the request that makes it another analysis", async () => {
  const { status, body } = await ask(factory(), { path: { id: "cat" } });
  assert.deepEqual([status, body], [202, { itemId: "cat", requestId: "request-1", status: "/api/items/cat" }]);
  assert.deepEqual(asked, [{ read: "item", user_id: "user-1", item_id: "cat" }]);
  const [{ Detail = "{}", ...entry } = {}] = published;
  assert.deepEqual(entry, {
    EventBusName: "default",
    Source: "collections.imageprocessor",
    DetailType: "ImageProcessed",
  });
  assert.deepEqual(JSON.parse(Detail), { item_id: "cat", user_id: "user-1", ...item, request_id: "request-1" });
});

test("what is none of the user's is not found, and nothing is told", async () => {
  item = null;
  const { status, body } = await ask(factory(), { path: { id: "cat" } });
  assert.deepEqual([status, body.code, published], [404, "NotFound", []]);
});

test("an event that the bus refuses is an error, though the request for it succeeds", async () => {
  refusal = { ErrorCode: "ThrottlingException", ErrorMessage: "Rate exceeded" };
  assert.equal((await ask(factory(), { path: { id: "cat" } })).status, 500);
});
