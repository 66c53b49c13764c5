import assert from "node:assert/strict";
import { test } from "node:test";
import { factsOf, stageOf } from "./facts";
import type { Letter, Source } from "./letters";

const arnOf = (service: string, resource: string) => `arn:aws:${service}:eu-central-1:123456789012:${resource}`;
const source = (name: string): Source => ({ url: `https://queues/${name}`, arn: arnOf("sqs", name), mostReceives: 5 });
const painter = source("painter");

const letter = (body: unknown, more: Partial<Letter> = {}): Letter => ({
  id: "5f0c3a1e-0000-4000-8000-000000000000",
  queue: { name: "painter-objects-dead-letters", url: "https://queues/dead" },
  body: typeof body === "string" ? body : JSON.stringify(body),
  sentAt: "2026-01-01T00:00:00.000Z",
  attributes: {},
  received: {},
  ...more,
});

const created = {
  "detail-type": "Object Created",
  detail: { bucket: { name: "images" }, object: { key: "u1/a+b.jpg" } },
};
const notified = { Records: [{ s3: { bucket: { name: "feeds" }, object: { key: "u1/%C3%A4+b.csv" } } }] };

test("a letter of each-message tells the error of its stage, and goes to its queue", () => {
  const attributes = {
    ErrorCode: "NoImage",
    ErrorMessage: "no image",
    Stage: "painter",
    MessageId: "m",
    Attempts: "2",
  };
  assert.deepEqual(factsOf(letter(created, { attributes }), { sources: [painter] }), {
    stage: "painter",
    item: "images/u1/a+b.jpg",
    object: "images/u1/a+b.jpg",
    code: "NoImage",
    message: "no image",
    attempts: 2,
    origin: { to: "queue", url: painter.url },
  });
});

test("a letter that SQS moved tells how often it was received, and goes to the queue that gave it up", () => {
  const moved = letter({ detail: { user_id: "u1", item_id: "a" } }, { movedFrom: painter.arn });
  const { item, object, code, attempts, origin } = factsOf(moved, { sources: [source("other"), painter] });
  assert.deepEqual(
    [item, object, code, attempts, origin],
    ["u1/a", undefined, "ReceivedTooOften", 5, { to: "queue", url: painter.url }],
  );
});

test("a letter of EventBridge goes to the target of its rule, a queue or a function", () => {
  const failed = { ERROR_CODE: "NO_PERMISSIONS", ERROR_MESSAGE: "may not", RETRY_ATTEMPTS: "0" };
  const toQueue = letter(created, { attributes: { ...failed, TARGET_ARN: painter.arn } });
  const { code, attempts, origin } = factsOf(toQueue, { sources: [source("other"), painter] });
  assert.deepEqual([code, attempts, origin], ["NO_PERMISSIONS", 1, { to: "queue", url: painter.url }]);
  const arn = arnOf("lambda", "function:exporter");
  const toFunction = letter("{}", { attributes: { ...failed, TARGET_ARN: arn } });
  assert.deepEqual(factsOf(toFunction, { sources: [] }).origin, { to: "function", arn, payload: "{}" });
});

test("Lambda's record goes to its function, with what the function was given", () => {
  const arn = arnOf("lambda", "function:aggregate-transactions-1a2b3c4");
  const record = {
    requestContext: { functionArn: `${arn}:$LATEST`, condition: "RetriesExhausted", approximateInvokeCount: 3 },
    requestPayload: notified,
    responsePayload: { errorType: "Error", errorMessage: "the database is away" },
  };
  const queue = { name: "aggregate-transactions-dead-letters", url: "https://queues/dead" };
  assert.deepEqual(factsOf(letter(record, { queue }), { sources: [] }), {
    stage: "aggregate-transactions",
    item: "feeds/u1/ä b.csv",
    object: "feeds/u1/ä b.csv",
    code: "Error",
    message: "the database is away",
    attempts: 3,
    origin: { to: "function", arn, payload: JSON.stringify(notified) },
  });
  const { responsePayload: _, ...old } = record;
  const aged = { ...old, requestContext: { ...record.requestContext, condition: "EventAgeExceeded" } };
  assert.equal(factsOf(letter(aged), { sources: [] }).code, "EventAgeExceeded");
});

test("a letter that says not where it came from is sent nowhere", () => {
  const nowhere = [
    factsOf(letter("no JSON"), { sources: [] }),
    factsOf(letter("null"), { sources: [painter, source("other")] }),
    factsOf(letter({}, { movedFrom: arnOf("sqs", "gone") }), { sources: [painter] }),
  ];
  for (const { origin } of nowhere) assert.equal(origin.to, "nowhere");
  const [{ item, code, attempts } = {}] = nowhere;
  assert.deepEqual([item, code, attempts], [undefined, "Unknown", undefined]);
});

test("a key that is not encoded is shown as it is", () => {
  const odd = { Records: [{ s3: { bucket: { name: "feeds" }, object: { key: "100%.csv" } } }] };
  assert.equal(factsOf(letter(odd), { sources: [] }).item, "feeds/100%.csv");
});

test("a stage is known by the name of its dead-letter queue", () => {
  const names = ["painter-dead-letters", "painter-objects-dead-letters", "painter-events-dead-letters"];
  assert.deepEqual(names.map(stageOf), ["painter", "painter", "painter"]);
});
