// The whole handler over HTTP: a Voyage that answers or refuses, and an AWS that has a key, the analyses and a queue of dead
// letters.

import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { after, before, beforeEach, test } from "node:test";
import { clearCaches } from "@aws-lambda-powertools/parameters";
import type { Context, SQSEvent } from "aws-lambda";
import type { ItemRecordsRequest, KeepEmbeddings, ReadAnalysis } from "../../schemas/item-records";
import { standIn } from "../aws-fixture";
import { factory } from "./embed-analysis";
import { answering, failing, modelServer, type Reply } from "./model-fixture";

let aws: Awaited<ReturnType<typeof standIn>>;
let voyage: Awaited<ReturnType<typeof modelServer<{ readonly input: readonly string[] }>>>;
/** By analysis; what is not here is missing. */
let analyses: Record<string, ReadAnalysis>;
let kept: KeepEmbeddings["embeddings"][number][];
let letters: { readonly MessageBody: string; readonly MessageAttributes: Record<string, { StringValue: string }> }[];

before(async () => {
  voyage = await modelServer();
  aws = await standIn(({ path, headers, body }) => {
    const request = JSON.parse(body.toString());
    const json = { "content-type": "application/x-amz-json-1.0" };
    if (path.startsWith("/2015-03-31/functions/item-records"))
      return { status: 200, headers: json, body: JSON.stringify(records(request)) };
    if (headers["x-amz-target"] === "AmazonSSM.GetParameter")
      return {
        status: 200,
        headers: json,
        body: JSON.stringify({ Parameter: { Name: request.Name, Value: "pa-key" } }),
      };
    if (headers["x-amz-target"] === "AmazonSQS.SendMessage") {
      letters.push(request);
      return {
        status: 200,
        headers: json,
        body: JSON.stringify({ MessageId: "m", MD5OfMessageBody: md5(request.MessageBody) }),
      };
    }
    return { status: 500, body: "{}" };
  });
  Object.assign(process.env, {
    ITEM_RECORDS_FUNCTION: "item-records",
    VOYAGE_KEY_PARAMETER: "/collections/VOYAGE_API_KEY",
    VOYAGE_URL: voyage.url,
    VOYAGE_EMBEDDING_MODEL: "voyage-3.5",
    DEAD_LETTERS_URL: `${aws.url}/123456789012/embed-analysis-events-dead-letters`,
    POWERTOOLS_SERVICE_NAME: "embed-analysis",
    POWERTOOLS_DEV: "false",
    LOG_LEVEL: "SILENT",
  });
});
after(async () => {
  await aws.end();
  await voyage.end();
});
beforeEach(() => {
  clearCaches();
  voyage.asked.length = 0;
  analyses = {};
  kept = [];
  letters = [];
});

function records(request: ItemRecordsRequest): unknown {
  if ("read" in request && request.read === "analyses")
    return request.analyses.map(({ analysis_id }) => analyses[analysis_id] ?? { outcome: "missing" });
  if ("keep" in request && request.keep === "embeddings") {
    kept.push(...request.embeddings);
    return request.embeddings.map(() => ({ outcome: "kept" }));
  }
  throw new Error(`Cannot answer ${JSON.stringify(request)}`);
}

const found = (summary: string): ReadAnalysis => ({
  outcome: "found",
  analysis: { category: "food", summary, objects: [], colours: [], text: "", mood: "", confidence: 1 },
});

/** A vector for each text, or a refusal where one of them is bad. */
const embedding: Reply = (response) => {
  const { input } = voyage.asked.at(-1)?.body ?? { input: [] };
  if (input.some((text) => text.includes("bad"))) return failing(400, { detail: "no" })(response);
  const data = input.map((_, index) => ({ object: "embedding", embedding: Array(1_024).fill(0.03), index }));
  return answering({ object: "list", data, model: "voyage-3.5", usage: { total_tokens: 1 } })(response);
};

async function handle(events: readonly unknown[], reply = embedding): Promise<unknown> {
  voyage.replies = [reply];
  const Records = events.map((event, index) => ({
    messageId: `message-${index}`,
    body: typeof event === "string" ? event : JSON.stringify(event),
    eventSource: "aws:sqs",
    attributes: { ApproximateReceiveCount: "1" },
  }));
  return factory()({ Records } as unknown as SQSEvent, { awsRequestId: "request" } as Context);
}

const md5 = (text: string): string => createHash("md5").update(text).digest("hex");

const complete = (analysis_id: string) => ({ detail: { item_id: "item", user_id: "user", analysis_id } });
const codes = () => letters.map(({ MessageAttributes }) => MessageAttributes.ErrorCode?.StringValue).sort();

test("what waits is embedded in one request, and one that is told of twice once", async () => {
  analyses = { a: found("An apple."), b: found("A pear.") };
  const answer = await handle([complete("a"), complete("b"), complete("a")]);
  assert.deepEqual(answer, { batchItemFailures: [] });
  assert.deepEqual(
    voyage.asked.map(({ body }) => body.input.length),
    [2],
  );
  assert.deepEqual(
    kept.map(({ analysis_id }) => analysis_id),
    ["a", "b"],
  );
  assert.equal(kept[0]?.vector.length, 1_024);
  assert.partialDeepStrictEqual(kept[0]?.embedding_source, { category: "food", summary: "An apple." });
});

test("what is embedded already, or whose item is gone, is not paid for", async () => {
  analyses = { a: { outcome: "embedded" }, b: { outcome: "gone" } };
  assert.deepEqual(await handle([complete("a"), complete("b")]), { batchItemFailures: [] });
  assert.equal(voyage.asked.length, 0);
  assert.deepEqual(codes(), []);
});

test("what is wrong for good is a dead letter each, and the others are embedded", async () => {
  analyses = { a: found("An apple."), bad: found("A bad one."), empty: found(" ") };
  // No analysis of the database has no category; one of before its time may.
  const { empty } = analyses;
  if (empty?.outcome === "found") Object.assign(empty.analysis, { category: "" });
  const answer = await handle([
    complete("a"),
    complete("bad"),
    complete("none"),
    complete("empty"),
    { detail: {} },
    "no JSON",
  ]);
  assert.deepEqual(answer, { batchItemFailures: [] });
  assert.deepEqual(
    kept.map(({ analysis_id }) => analysis_id),
    ["a"],
  );
  assert.deepEqual(codes(), ["EmptyDocument", "ModelRefuses", "NoAnalysis", "NoAnalysisEvent", "NoJson"]);
});

test("a Voyage that cannot be asked brings the whole batch back, and nothing is kept", async () => {
  analyses = { a: found("An apple."), b: found("A pear.") };
  const refused = failing(401, { detail: "Provided API key is invalid." });
  const answer = await handle([complete("a"), complete("b")], refused);
  assert.deepEqual(answer, { batchItemFailures: [{ itemIdentifier: "message-0" }, { itemIdentifier: "message-1" }] });
  assert.deepEqual([kept, letters], [[], []]);
});
