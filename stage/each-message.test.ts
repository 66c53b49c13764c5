import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { type TestContext, test } from "node:test";
import type { Context, SQSRecord } from "aws-lambda";
import { eachBatch, eachMessage, final, type MessageHandler } from "./each-message";

const queueUrl = "https://sqs.eu-central-1.amazonaws.com/123456789012/letters";
const context = { awsRequestId: "request-1", functionName: "painter" } as Context;

interface Sent {
  readonly QueueUrl: string;
  readonly MessageBody: string;
  readonly MessageAttributes: Readonly<Record<string, { readonly StringValue: string }>>;
}

/** An HTTP server that stands where SQS does, and takes what it is sent as long as `open`; and the log. */
async function surroundings(t: TestContext) {
  const letters: Sent[] = [];
  const sqs = { open: true };
  const server = createServer(async (request, response) => {
    const sent: Sent = JSON.parse(await text(request));
    const type = { "content-type": "application/x-amz-json-1.0" };
    assert.equal(request.headers["x-amz-target"], "AmazonSQS.SendMessage");
    if (!sqs.open) {
      response
        .writeHead(403, type)
        .end(JSON.stringify({ __type: "com.amazonaws.sqs#AccessDenied", message: "closed" }));
      return;
    }
    letters.push(sent);
    const MD5OfMessageBody = createHash("md5").update(sent.MessageBody).digest("hex");
    response.writeHead(200, type).end(JSON.stringify({ MessageId: `letter-${letters.length}`, MD5OfMessageBody }));
  });
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  const before = { ...process.env };
  Object.assign(process.env, {
    AWS_ENDPOINT_URL: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    AWS_REGION: "eu-central-1",
    AWS_ACCESS_KEY_ID: "AKIDEXAMPLE",
    AWS_SECRET_ACCESS_KEY: "example",
    DEAD_LETTERS_URL: queueUrl,
    POWERTOOLS_SERVICE_NAME: "painter",
    POWERTOOLS_DEV: "true",
  });
  const log: string[] = [];
  t.mock.method(console, "error", (line: string) => log.push(line));
  t.after(() => {
    process.env = before;
    server.closeAllConnections();
    server.close();
  });
  return { letters, sqs, log };
}

const record = (messageId: string, body: unknown, attempts = 1) =>
  ({
    messageId,
    body: typeof body === "string" ? body : JSON.stringify(body),
    attributes: { ApproximateReceiveCount: String(attempts) },
    eventSource: "aws:sqs",
  }) as SQSRecord;

const failures = async (handler: MessageHandler, ...Records: SQSRecord[]) =>
  (await handler({ Records }, context)).batchItemFailures.map(({ itemIdentifier }) => itemIdentifier);

test("eachMessage() hands every message over, and names those that failed", async (t) => {
  const { letters, log } = await surroundings(t);
  const seen: unknown[] = [];
  const handler = eachMessage(
    async (body, { messageId, attempts, requestId }) => {
      seen.push([body, messageId, attempts, requestId]);
      if (messageId === "b") throw new Error("the disk is full");
    },
    { width: 2 },
  );
  assert.deepEqual(await failures(handler, record("a", 1), record("b", { x: 2 }, 3), record("c", [3])), ["b"]);
  assert.deepEqual(seen, [
    [1, "a", 1, "request-1"],
    [{ x: 2 }, "b", 3, "request-1"],
    [[3], "c", 1, "request-1"],
  ]);
  assert.deepEqual(letters, []);
  const [line] = log.map((each) => JSON.parse(each));
  assert.equal(line.messageId, "b");
  assert.match(JSON.stringify(line.error.stack), /the disk is full.*each-message\.test/);
});

test("eachMessage() works on as many messages at a time as it is wide", async (t) => {
  await surroundings(t);
  let [now, most] = [0, 0];
  const handler = eachMessage(
    async () => {
      now += 1;
      most = Math.max(most, now);
      await new Promise(setImmediate);
      now -= 1;
      if (now % 2 === 0) throw new Error("it goes on all the same");
    },
    { width: 3 },
  );
  await failures(handler, ...Array.from({ length: 10 }, (_, index) => record(String(index), index)));
  assert.equal(most, 3);
});

test("a failure for good is one dead letter with its error, and the message is done", async (t) => {
  const { letters } = await surroundings(t);
  const handler = eachMessage(
    async (body) => {
      if (body === 1) throw final("NoImage", "Cannot read \u0000\n\u001b[31m “x”", { cause: new Error("inner") });
    },
    { width: 1 },
  );
  assert.deepEqual(await failures(handler, record("a", 1, 2), record("b", 2)), []);
  const [letter, another] = letters;
  assert.equal(another, undefined);
  assert.deepEqual([letter?.QueueUrl, letter?.MessageBody], [queueUrl, "1"]);
  assert.deepEqual(letter?.MessageAttributes, {
    ErrorCode: { DataType: "String", StringValue: "NoImage" },
    ErrorMessage: { DataType: "String", StringValue: "Cannot read [31m “x”" },
    Stage: { DataType: "String", StringValue: "painter" },
    RequestId: { DataType: "String", StringValue: "request-1" },
    MessageId: { DataType: "String", StringValue: "a" },
    Attempts: { DataType: "Number", StringValue: "2" },
  });
});

test("an error's message is cut to a kilobyte between two characters, and stands for itself where there is none", async (t) => {
  const { letters } = await surroundings(t);
  const messages = [`a${"ü".repeat(1_000)}`, "😀".repeat(300), "\ud800 lone", ""];
  const handler = eachMessage(async (body) => Promise.reject(final("Odd", String(messages[Number(body)]))), {
    width: 4,
  });
  await failures(handler, ...messages.map((_, index) => record(String(index), index)));
  const told = letters
    .toSorted((one, other) => Number(one.MessageBody) - Number(other.MessageBody))
    .map(({ MessageAttributes }) => MessageAttributes.ErrorMessage?.StringValue);
  assert.deepEqual(told, [`a${"ü".repeat(511)}`, "😀".repeat(256), "\ufffd lone", "-"]);
});

test("a body that is no JSON is a dead letter, and nobody works on it", async (t) => {
  const { letters } = await surroundings(t);
  const seen: unknown[] = [];
  const handler = eachMessage(async (body) => seen.push(body), { width: 1 });
  assert.deepEqual(await failures(handler, record("a", "{"), record("b", "null")), []);
  assert.deepEqual(seen, [null]);
  assert.deepEqual(
    letters.map(({ MessageBody, MessageAttributes }) => [MessageBody, MessageAttributes.ErrorCode?.StringValue]),
    [["{", "NoJson"]],
  );
  assert.match(letters[0]?.MessageAttributes.ErrorMessage?.StringValue ?? "", /^Cannot read message "a": /);
});

test("a message whose dead letter cannot be sent comes again", async (t) => {
  const { letters, sqs, log } = await surroundings(t);
  sqs.open = false;
  const handler = eachMessage(async () => Promise.reject(final("NoImage", "no image")), { width: 1 });
  assert.deepEqual(await failures(handler, record("a", 1)), ["a"]);
  assert.deepEqual(letters, []);
  assert.ok(log.some((line) => line.includes("Cannot send a dead letter")));
});

test("one event that came twice within a batch leaves one dead letter", async (t) => {
  const { letters } = await surroundings(t);
  const handler = eachMessage(async () => Promise.reject(final("NoImage", "no image")), { width: 2 });
  assert.deepEqual(await failures(handler, record("a", { id: 7 }), record("b", { id: 7 }), record("c", { id: 8 })), []);
  assert.deepEqual(letters.map(({ MessageBody }) => MessageBody).sort(), ['{"id":7}', '{"id":8}']);
});

test("eachBatch() hands all messages over at once, and takes an outcome for each", async (t) => {
  const { letters } = await surroundings(t);
  const handler = eachBatch(async (messages) =>
    messages.map(({ body }) => (body === 2 ? new Error("later") : body === 3 ? final("Bad", "bad") : undefined)),
  );
  const batch = [record("x", "no JSON"), ...[1, 2, 3].map((body) => record(`m${body}`, body))];
  assert.deepEqual(await failures(handler, ...batch), ["m2"]);
  assert.deepEqual(letters.map(({ MessageBody }) => MessageBody).sort(), ["3", "no JSON"]);
});

test("what eachBatch()'s work throws has failed for all, and so has an answer that leaves one out", async (t) => {
  await surroundings(t);
  const throwing = eachBatch(async () => Promise.reject(new Error("away")));
  const short = eachBatch(async () => [undefined]);
  for (const handler of [throwing, short]) {
    assert.deepEqual(await failures(handler, record("a", 1), record("b", 2)), ["a", "b"]);
  }
});

test("an event of no queue is worked on as it is, and what it throws is thrown", async (t) => {
  const { letters } = await surroundings(t);
  const seen: unknown[] = [];
  const handler = eachMessage(
    async (body) => {
      seen.push(body);
      if (seen.length === 3) throw final("NoImage", "no image");
    },
    { width: 1 },
  );
  const samples = [
    { detail: { item_id: "item456" } },
    { Records: [{ s3: { object: { key: "user123/item456.jpg" } } }] },
  ];
  for (const sample of samples) assert.deepEqual(await handler(sample, context), { batchItemFailures: [] });
  assert.deepEqual(seen, samples);
  await assert.rejects(handler(null, context), { code: "NoImage" });
  assert.deepEqual(letters, []);
});

test("a stage without a place for its dead letters does not start", async (t) => {
  await surroundings(t);
  delete process.env.DEAD_LETTERS_URL;
  assert.throws(() => eachMessage(async () => {}, { width: 1 }), {
    code: "MissingSetting",
    message: /DEAD_LETTERS_URL/,
  });
});
