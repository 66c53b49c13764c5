import assert from "node:assert/strict";
import { after, before, beforeEach, test } from "node:test";
import { clearCaches } from "@aws-lambda-powertools/parameters";
import type { ItemSearch } from "../../schemas/found-items";
import type { Handler } from "../../stage/answer";
import { standIn } from "../aws-fixture";
import { cursorOf } from "../cursor";
import { ask } from "../request-fixture";
import { answering, failing, modelServer, type Reply } from "./model-fixture";
import { factory } from "./search-items";

let aws: Awaited<ReturnType<typeof standIn>>;
let voyage: Awaited<ReturnType<typeof modelServer<Record<string, unknown>>>>;
let handler: Handler;
let searches: ItemSearch[];
let fails: string | undefined;

const none = { items: [], truncated: false };
const vector = Array(1_024).fill(0.03);
const embedded = answering({
  data: [{ embedding: vector, index: 0 }],
  model: "voyage-3.5",
  usage: { total_tokens: 1 },
});

before(async () => {
  voyage = await modelServer();
  aws = await standIn(({ path, headers, body }) => {
    const request = JSON.parse(body.toString());
    if (headers["x-amz-target"] === "AmazonSSM.GetParameter")
      return { status: 200, body: JSON.stringify({ Parameter: { Name: request.Name, Value: "pa-key" } }) };
    assert.equal(path, "/2015-03-31/functions/find-items/invocations");
    searches.push(request);
    const headersOf: Record<string, string> = fails === undefined ? {} : { "x-amz-function-error": "Unhandled" };
    return {
      status: 200,
      headers: headersOf,
      body: JSON.stringify(fails === undefined ? none : { errorType: "Error", errorMessage: fails }),
    };
  });
  Object.assign(process.env, {
    VOYAGE_KEY_PARAMETER: "/collections/VOYAGE_API_KEY",
    VOYAGE_URL: voyage.url,
    VOYAGE_EMBEDDING_MODEL: "voyage-3.5",
    FIND_ITEMS_FUNCTION: "find-items",
    POWERTOOLS_DEV: "false",
    LOG_LEVEL: "SILENT",
  });
  handler = factory();
});
after(async () => {
  await aws.end();
  await voyage.end();
});
beforeEach(() => {
  clearCaches();
  voyage.asked.length = 0;
  searches = [];
  fails = undefined;
});

function search(query: Readonly<Record<string, string>>, reply: Reply = embedded) {
  voyage.replies = [reply];
  return ask(handler, { user: "user-1", query });
}

test("the words are embedded as a query, and asked for with the filters and for the user of the token", async () => {
  const { status, body } = await search({ q: "red ' or 1=1 --", category: "food", from: "2026-01-01", limit: "7" });
  assert.deepEqual([status, body], [200, none]);
  assert.partialDeepStrictEqual(voyage.asked[0]?.body, { input: ["red ' or 1=1 --"], input_type: "query" });
  assert.partialDeepStrictEqual(searches, [
    { userId: "user-1", query: "red ' or 1=1 --", vector, category: "food", from: "2026-01-01", limit: 7, offset: 0 },
  ]);
});

test("a cursor goes on where its page ended, with the same words and filters only", async () => {
  const cursor = cursorOf(["red", undefined, undefined, undefined], ["20"]);
  assert.equal((await search({ q: "red", cursor })).status, 200);
  assert.equal(searches[0]?.offset, 20);
  for (const query of [
    { q: "blue", cursor },
    { q: "red", category: "food", cursor },
    { q: "red", cursor: `${cursor}x` },
    { q: "red", cursor: Buffer.from('["x","20"]').toString("base64url") },
  ]) {
    assert.equal((await search(query as Record<string, string>)).body.code, "BadRequest", JSON.stringify(query));
  }
  assert.equal(searches.length, 1);
});

test("what is no search is refused before anybody is asked", async () => {
  for (const query of [
    {},
    { q: "" },
    { q: " " },
    { q: "x".repeat(501) },
    { q: "a\u0000b" },
    { q: "a", category: "cat" },
    { q: "a", from: "yesterday" },
    { q: "a", from: "2026-02-01", to: "2026-01-01" },
    { q: "a", limit: "0" },
    { q: "a", user: "user-2" },
  ]) {
    assert.equal((await search(query as Record<string, string>)).status, 400, JSON.stringify(query));
  }
  assert.deepEqual([voyage.asked.length, searches.length], [0, 0]);
});

test("a model or a database that is away is told with the time to wait, and nothing of why", async () => {
  const away = await search({ q: "red" }, failing(401, { detail: "Provided API key is invalid." }));
  assert.deepEqual([away.status, away.body.code], [503, "Unavailable"]);
  assert.doesNotMatch(JSON.stringify(away.body), /invalid|pa-key/);
  fails = "connect ECONNREFUSED 10.64.0.7:5432";
  const lost = await search({ q: "red" });
  assert.deepEqual([lost.status, lost.body.code], [503, "Unavailable"]);
  assert.doesNotMatch(JSON.stringify(lost.body), /10\.64/);
});
