import assert from "node:assert/strict";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { type Clock, handClock } from "../../clock";
import { journal } from "../../door/journal";
import { arnOf, queueOf } from "../sqs/fixture";
import { sqs } from "../sqs/sqs";
import { type EventSourceConfig, type EventSourceOptions, eventSource } from "./event-source";
import { runner } from "./fixture";
import type { FunctionConfig } from "./function-config";

const queueArn = arnOf("orders");
const bodies = "({ Records }) => Records.map(({ body }) => body)";

test("a function gets the messages of its queue as records, and what succeeded is deleted", async (t) => {
  const { send, map, queues, log } = fixture(
    t,
    "exports.handler = async (event) => console.log(JSON.stringify(event));",
  );
  const { messageId } = send("a", { shop: { DataType: "String", StringValue: "s" } });
  const { batches } = map({ batchSize: 10 });
  await batches(1);

  assert.deepEqual(queues.messages(queueArn), []);
  const line = log.tail("/aws/lambda/polled", 10).find((text) => text.includes("Records")) ?? "";
  const [{ receiptHandle, ...record }] = JSON.parse(line.slice(line.indexOf("{"))).Records;
  assert.equal(typeof receiptHandle, "string");
  assert.deepEqual(record, {
    messageId,
    body: "a",
    attributes: {
      SenderId: "000000000000",
      SentTimestamp: String(Date.UTC(2026, 0, 1)),
      ApproximateReceiveCount: "1",
      ApproximateFirstReceiveTimestamp: String(Date.UTC(2026, 0, 1)),
    },
    messageAttributes: { shop: { stringValue: "s", stringListValues: [], binaryListValues: [], dataType: "String" } },
    md5OfBody: "0cc175b9c0f1b6a831c399e269772661",
    md5OfMessageAttributes: record.md5OfMessageAttributes,
    eventSource: "aws:sqs",
    eventSourceARN: queueArn,
    awsRegion: "eu-central-1",
  });
});

test("only the messages that the function names come again, when their visibility timeout has passed", async (t) => {
  const { send, map, queues, clock } = fixture(
    t,
    `exports.handler = async ({ Records }) => ({ batchItemFailures: Records.filter(({ body, attributes }) =>
      body === "bad" && attributes.ApproximateReceiveCount === "1").map(({ messageId }) => ({ itemIdentifier: messageId })) });`,
  );
  send("good");
  const { messageId } = send("bad");
  const { batches } = map({ batchSize: 10, reportBatchItemFailures: true });

  const [first] = await batches(1);
  assert.deepEqual(
    [first?.outcome, first?.detail?.messages, first?.detail?.failed],
    ["BatchItemFailures", 2, [messageId]],
  );
  assert.deepEqual(
    queues.messages(queueArn).map(({ body, state }) => [body, state]),
    [["bad", "in flight"]],
  );
  clock.advance(30_000);
  const [, second] = await batches(2);
  assert.deepEqual([second?.outcome, second?.detail?.messages], ["ok", 1]);
  assert.deepEqual(queues.messages(queueArn), []);
});

test("a poison message ends in the dead-letter queue, and the others get through", async (t) => {
  const { send, map, queues, clock } = fixture(
    t,
    `exports.handler = async ({ Records }) => ({ batchItemFailures: Records.filter(({ body }) => body === "poison").map(({ messageId }) => ({ itemIdentifier: messageId })) });`,
  );
  send("poison");
  send("fine");
  const { batches, source } = map({ batchSize: 10, reportBatchItemFailures: true });
  await batches(1);
  clock.advance(30_000);
  await batches(2);
  clock.advance(30_000);
  assert.deepEqual(
    queues.messages(arnOf("dead")).map(({ body, receives }) => [body, receives]),
    [["poison", 2]],
  );
  assert.equal(source.busy(), 0);
});

const wholeFailures = {
  "a throw": "throw new Error('bad moment');",
  "an answer that names an unknown message": "return { batchItemFailures: [{ itemIdentifier: 'unknown' }] };",
  "an answer that names no message": "return { batchItemFailures: [{ itemIdentifier: '' }] };",
  "an answer that is no list": "return { batchItemFailures: 'all' };",
};
for (const [what, text] of Object.entries(wholeFailures)) {
  test(`${what} fails the whole batch`, async (t) => {
    const { send, map, queues } = fixture(t, `exports.handler = async () => { ${text} };`);
    send("a");
    send("b");
    const { batches } = map({ batchSize: 10, reportBatchItemFailures: true });
    const [batch] = await batches(1);
    assert.notEqual(batch?.outcome, "ok");
    assert.deepEqual(queues.counts(queueArn), { visible: 0, inFlight: 2, delayed: 0 });
  });
}

test("without partial responses whatever the function returns is success", async (t) => {
  const { send, map, queues } = fixture(
    t,
    "exports.handler = async () => ({ batchItemFailures: [{ itemIdentifier: '' }] });",
  );
  send("a");
  const { batches } = map({ batchSize: 10 });
  assert.equal((await batches(1))[0]?.outcome, "ok");
  assert.deepEqual(queues.messages(queueArn), []);
});

test("a batch waits for its window, and no longer than until it is full", async (t) => {
  const { send, map, queues, clock, invocations } = fixture(
    t,
    `exports.handler = async (event) => console.log("got " + (${bodies})(event));`,
  );
  queues.createQueue(queueOf("orders", { visibilitySeconds: 120 }));
  const { batches } = map({ batchSize: 12, windowSeconds: 60, maximumConcurrency: 1 });
  for (let n = 0; n < 12; n += 1) send(String(n));
  assert.equal((await batches(1))[0]?.detail?.messages, 12);

  send("late");
  await new Promise(setImmediate);
  clock.advance(59_999);
  send("later");
  await new Promise(setImmediate);
  assert.equal(invocations().length, 1);
  clock.advance(1);
  assert.equal((await batches(2))[1]?.detail?.messages, 2);
});

test("a batch of large messages is cut below the limit of an invocation", async (t) => {
  const { send, map } = fixture(t, "exports.handler = async () => {};");
  for (let n = 0; n < 8; n += 1) send("x".repeat(1_000_000));
  const { batches } = map({ batchSize: 10, maximumConcurrency: 1 });
  const seen = await batches(2);
  assert.deepEqual(
    seen.map(({ outcome, detail }) => [outcome, detail?.messages]),
    [
      ["ok", 6],
      ["ok", 2],
    ],
  );
});

const bytesOfEvent =
  "exports.handler = async (event) => console.log('bytes ' + Buffer.byteLength(JSON.stringify(event)));";

test("10,000 small messages are one invocation", async (t) => {
  const { send, map, queues } = fixture(t, "exports.handler = async () => {};");
  queues.createQueue(queueOf("orders", { visibilitySeconds: 500 }));
  for (let n = 0; n < 10_000; n += 1) send(String(n));
  const { batches } = map({ batchSize: 10_000, windowSeconds: 300, maximumConcurrency: 1 });
  const [batch] = await batches(1);
  assert.deepEqual([batch?.outcome, batch?.detail?.messages], ["ok", 10_000]);
  assert.deepEqual(queues.messages(queueArn), []);
});

test("a batch is as large as 6 MB allow, all that is around the bodies counted", async (t) => {
  const { send, map, queues, clock, log } = fixture(t, bytesOfEvent);
  queues.createQueue(queueOf("orders", { visibilitySeconds: 500 }));
  for (let n = 0; n < 1_000; n += 1) send(`ü${"x".repeat(6_100)}`);
  const { batches } = map({ batchSize: 10_000, windowSeconds: 300, maximumConcurrency: 1 });
  await batches(1);
  do await new Promise(setImmediate);
  while (queues.counts(queueArn).visible > 0);
  clock.advance(300_000);
  const both = await batches(2);

  assert.equal(
    both.reduce((sum, { detail }) => sum + Number(detail?.messages), 0),
    1_000,
  );
  const [bytes] = log.tail("/aws/lambda/polled", 100).flatMap((line) => line.match(/bytes (\d+)/)?.[1] ?? []);
  assert.ok(Number(bytes) <= 6 * 1024 * 1024 && Number(bytes) > 6 * 1024 * 1024 - 6_700, bytes);
});

test("while a function works its message stays hidden in real time; what failed waits by the clock of waits", async (t) => {
  const real = handClock();
  const { send, map, queues, clock } = fixture(
    t,
    `exports.handler = async ({ Records: [{ messageId, attributes }] }) => ({ batchItemFailures:
      attributes.ApproximateReceiveCount === "1" ? [{ itemIdentifier: messageId }] : [] });`,
    {},
    real,
  );
  send("a");
  const [message] = await queues.receive(queueArn, { maximum: 1 });
  clock.advance(3_600_000);
  assert.deepEqual(queues.counts(queueArn), { visible: 0, inFlight: 1, delayed: 0 });
  queues.remove(queueArn, message?.receiptHandle ?? "");

  send("b");
  const { batches } = map({ batchSize: 10, reportBatchItemFailures: true });
  await batches(1);
  clock.advance(29_999);
  assert.deepEqual(queues.counts(queueArn), { visible: 0, inFlight: 1, delayed: 0 });
  clock.advance(1);
  const [, second] = await batches(2);
  assert.equal(second?.outcome, "ok");
});

test("the concurrency is bounded by the mapping, and by what is reserved for the function", async (t) => {
  const { send, map, throttles } = fixture(t, "exports.handler = async () => {};", { reservedConcurrency: 1 });
  for (let n = 0; n < 5; n += 1) send(String(n));
  const { batches } = map({ batchSize: 1 });
  assert.deepEqual(
    (await batches(5)).map(({ outcome }) => outcome),
    ["ok", "ok", "ok", "ok", "ok"],
  );
  assert.equal(throttles().length, 0);
});

test("what CreateEventSourceMapping refuses is refused", (t) => {
  const { map } = fixture(t, "exports.handler = async () => {};", { timeoutSeconds: 31 });
  const code = "InvalidParameterValueException";
  assert.throws(() => map({ batchSize: 1 }), {
    code,
    message: /visibility timeout: 30 seconds is less than Function timeout: 31/,
  });
  assert.throws(() => map({ batchSize: 1 }, (action) => action !== "sqs:DeleteMessage"), {
    code,
    message: /DeleteMessage on SQS/,
  });
  const { map: other } = fixture(t, "exports.handler = async () => {};");
  assert.throws(() => other({ batchSize: 11 }), { code, message: /batch window/ });
});

function fixture(t: TestContext, text: string, settings: Partial<FunctionConfig> = {}, real?: Clock) {
  const { lambda, create, clock, root, log, happened, entries, record } = runner(t);
  const queues = sqs({
    directory: join(root, "sqs"),
    clock: real ?? clock,
    retryClock: clock,
    journal: journal(),
    endpoint: () => "http://127.0.0.1:1",
    accountId: "000000000000",
    region: "eu-central-1",
  });
  const target = create("polled", text, settings);
  queues.createQueue(queueOf("dead"));
  queues.createQueue(queueOf("orders", { redrive: { deadLetterArn: arnOf("dead"), maxReceiveCount: 2 } }));

  return {
    queues,
    clock,
    log,
    send: (body: string, attributes = {}) => queues.send(queueArn, body, attributes),
    invocations: () => entries("Invoke"),
    throttles: () => entries("Throttle"),
    map(config: Partial<EventSourceConfig>, may: EventSourceOptions["may"] = () => true) {
      const defaults = { queueArn, function: target, batchSize: 10, windowSeconds: 0, reportBatchItemFailures: false };
      const source = eventSource({
        config: { ...defaults, ...config },
        sqs: queues,
        lambda,
        may,
        clock,
        journal: record,
      });
      t.after(async () => {
        await source.end();
        queues.end();
      });
      return { source, batches: (count: number) => happened("Batch", count) };
    },
  };
}
