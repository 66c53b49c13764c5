import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { runner } from "./fixture";

const source = "s3.amazonaws.com";
const event = { Records: [{ s3: { object: { key: "orders/a.ndjson" } } }] };
const fails = "exports.handler = async () => { throw new TypeError('bad moment'); };";
const echoes = "exports.handler = async (event) => event;";

test("an event is accepted at once, runs, and is forgotten", async (t) => {
  const { lambda, create, entries } = runner(t);
  create("works", echoes);

  const { requestId } = lambda.invokeAsync("works", event, { source });
  assert.equal(lambda.busy(), 1);
  await lambda.idle();

  assert.equal(lambda.busy(), 0);
  const [invoke] = entries("Invoke");
  assert.deepEqual([invoke?.principal, invoke?.resource, invoke?.outcome], [source, "works", "ok"]);
  assert.deepEqual([invoke?.detail?.requestId, invoke?.detail?.attempt], [requestId, 1]);
});

test("a failed event is tried again after one and two minutes, then goes to the destination", async (t) => {
  const { lambda, create, entries, happened, clock, delivered } = runner(t);
  const { arn, onFailure } = create("fails", fails);
  create("works", echoes);

  const { requestId } = lambda.invokeAsync("fails", event, { source });
  await happened("Retry", 1);
  clock.advance(59_999);
  await lambda.invoke("works", event, { source });
  assert.deepEqual(
    entries("Invoke").map(({ resource }) => resource),
    ["fails", "works"],
  );
  clock.advance(1);
  await happened("Retry", 2);
  clock.advance(119_999);
  await lambda.invoke("works", event, { source });
  assert.deepEqual(
    entries("Invoke").map(({ resource }) => resource),
    ["fails", "works", "fails", "works"],
  );
  assert.equal(lambda.busy(), 1);
  clock.advance(1);
  await lambda.idle();

  const tries = entries("Invoke").filter(({ resource }) => resource === "fails");
  assert.deepEqual(
    tries.map(({ outcome, detail }) => [outcome, detail?.requestId, detail?.attempt]),
    [1, 2, 3].map((attempt) => ["TypeError", requestId, attempt]),
  );
  assert.deepEqual(
    entries("Retry").map(({ detail }) => detail?.waitMs),
    [60_000, 120_000],
  );
  assert.equal(entries("Destination")[0]?.outcome, "ok");
  assert.equal(delivered.length, 1);
  assert.equal(delivered[0]?.destination, onFailure);
  const { responsePayload, ...envelope } = JSON.parse(delivered[0]?.body ?? "");
  assert.deepEqual(envelope, {
    version: "1.0",
    timestamp: "2026-01-01T00:03:00.000Z",
    requestContext: {
      requestId,
      functionArn: `${arn}:$LATEST`,
      condition: "RetriesExhausted",
      approximateInvokeCount: 3,
    },
    requestPayload: event,
    responseContext: { statusCode: 200, executedVersion: "$LATEST", functionError: "Unhandled" },
  });
  assert.deepEqual([responsePayload.errorType, responsePayload.errorMessage], ["TypeError", "bad moment"]);
  assert.equal(responsePayload.trace[0], "TypeError: bad moment");
});

test("a failed initialisation is tried again like any error", async (t) => {
  const { lambda, create, entries, happened, clock, delivered } = runner(t);
  create("init", "throw new Error('READY_BUCKET is not set');", { retry: { attempts: 1, maxAgeSeconds: 21_600 } });

  lambda.invokeAsync("init", event, { source });
  await happened("Retry");
  clock.advance(60_000);
  await lambda.idle();

  assert.deepEqual(
    entries("Invoke").map(({ outcome }) => outcome),
    ["Error", "Error"],
  );
  assert.equal(JSON.parse(delivered[0]?.body ?? "").responsePayload.errorMessage, "READY_BUCKET is not set");
});

test("an event that is too old for another try goes to the destination", async (t) => {
  const { lambda, create, happened, clock, delivered } = runner(t);
  create("old", fails, { retry: { attempts: 2, maxAgeSeconds: 60 } });

  lambda.invokeAsync("old", event, { source });
  await happened("Retry", 1);
  clock.advance(60_000);
  await happened("Retry", 2);
  clock.advance(120_000);
  await lambda.idle();

  const { requestContext } = JSON.parse(delivered[0]?.body ?? "");
  assert.equal(requestContext.condition, "EventAgeExceeded");
  assert.equal(requestContext.approximateInvokeCount, 2);
});

test("an event beyond the reserved concurrency waits until there is room", async (t) => {
  const { lambda, create, entries } = runner(t);
  create("narrow", echoes, { reservedConcurrency: 1 });

  for (const n of [1, 2, 3]) lambda.invokeAsync("narrow", { n }, { source });
  await lambda.idle();

  assert.deepEqual(
    entries("Invoke").map(({ outcome }) => outcome),
    ["ok", "ok", "ok"],
  );
  assert.equal(entries("Throttle").length, 2);
});

test("an event for a function with no concurrency goes straight to the destination", async (t) => {
  const { lambda, create, entries, delivered } = runner(t);
  create("stopped", echoes, { reservedConcurrency: 0 });

  lambda.invokeAsync("stopped", event, { source });
  await lambda.idle();

  assert.equal(entries("Invoke").length, 0);
  assert.equal(entries("Throttle")[0]?.outcome, "TooManyRequestsException");
  const { requestPayload, requestContext, responseContext } = JSON.parse(delivered[0]?.body ?? "");
  assert.deepEqual([requestPayload, requestContext.approximateInvokeCount, responseContext], [event, 0, undefined]);
});

test("a record that cannot be delivered is kept in the journal", async (t) => {
  const deliver = () => Promise.reject(new Error("not authorized to perform: sqs:SendMessage"));
  const { lambda, create, entries } = runner(t, { deliver });
  create("fails", fails, { retry: { attempts: 0, maxAgeSeconds: 21_600 } });

  lambda.invokeAsync("fails", event, { source });
  await lambda.idle();

  const [lost] = entries("Destination");
  assert.equal(lost?.outcome, "DestinationDeliveryFailures");
  assert.equal(lost?.detail?.cause, "not authorized to perform: sqs:SendMessage");
  assert.match(JSON.stringify(lost?.detail?.record), /orders\/a\.ndjson/);
});

test("an event without a destination is dropped as on AWS, and the journal keeps it", async (t) => {
  const { lambda, create, entries } = runner(t);
  create("fails", fails, { retry: { attempts: 0, maxAgeSeconds: 21_600 }, onFailure: undefined });

  lambda.invokeAsync("fails", event, { source });
  await lambda.idle();
  assert.equal(entries("Destination")[0]?.outcome, "AsyncEventsDropped");
});

test("an event whose process cannot be started is tried again", async (t) => {
  const { lambda, create, entries, happened } = runner(t);
  create("unwritable", echoes, { logGroup: "../outside" });

  lambda.invokeAsync("unwritable", event, { source });
  await happened("Retry");
  assert.deepEqual(entries("Retry")[0]?.detail?.error, {
    errorType: "ServiceException",
    errorMessage: 'Cannot use "../outside" as the name of a log group',
  });
});

test("a runner takes up the events that an earlier one left, running or waiting", async (t) => {
  const earlier = runner(t);
  earlier.create("fails", fails);
  earlier.create("endless", "exports.handler = () => new Promise((resolve) => setTimeout(resolve, 1e6));");
  const { requestId: failing } = earlier.lambda.invokeAsync("fails", { n: 1 }, { source });
  await earlier.happened("Retry");
  const { requestId: running } = earlier.lambda.invokeAsync("endless", { n: 2 }, { source });
  const { requestId: unstarted } = earlier.lambda.invokeAsync("endless", { n: 3 }, { source });
  await earlier.lambda.end();
  assert.equal(earlier.entries("Invoke").length, 1);

  const later = runner(t, { directory: join(earlier.root, "state") });
  assert.equal(later.lambda.busy(), 0);
  later.create("endless", echoes);
  later.create("fails", echoes);
  assert.equal(later.lambda.busy(), 3);
  await later.happened("Invoke", 2);
  later.clock.advance(60_000);
  await later.lambda.idle();

  const runs = later.entries("Invoke").map(({ detail, outcome }) => [detail?.requestId, detail?.attempt, outcome]);
  assert.deepEqual(
    runs.toSorted(),
    [
      [failing, 2, "ok"],
      [running, 1, "ok"],
      [unstarted, 1, "ok"],
    ].toSorted(),
  );
  assert.equal(later.delivered.length, 0);
  await later.lambda.end();
  assert.deepEqual(readdirSync(join(earlier.root, "state", "tmp")), []);
});

test("a destination that fails while the runner ends loses nothing", async (t) => {
  let failed: (reason: Error) => void = () => {};
  const asked = Promise.withResolvers<void>();
  const deliver = () =>
    new Promise<void>((_, reject) => {
      failed = reject;
      asked.resolve();
    });
  const earlier = runner(t, { deliver });
  const retry = { attempts: 0, maxAgeSeconds: 21_600 } as const;
  earlier.create("fails", fails, { retry });
  earlier.lambda.invokeAsync("fails", event, { source });
  await asked.promise;
  const ended = earlier.lambda.end();
  setImmediate(() => failed(new Error("ECONNREFUSED")));
  await ended;

  const later = runner(t, { directory: join(earlier.root, "state") });
  later.create("fails", fails, { retry });
  await later.lambda.idle();
  assert.equal(later.entries("Invoke").length, 0);
  assert.equal(JSON.parse(later.delivered[0]?.body ?? "").requestContext.approximateInvokeCount, 1);
});
