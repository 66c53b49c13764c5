// The rules of reviewers over the kit's objectBatches() and schedule(), as they stand in a production stack.

import assert from "node:assert/strict";
import { before, test } from "node:test";
import { DataBucket } from "../../stage/data-bucket";
import { stage } from "../../stage/stage";
import { objectBatches, schedule } from "../../stage/triggers";
import { operations } from "../operations";
import { rulesOf, violations } from "../rules";
import { readSettings } from "../settings";
import { declared } from "./declared";
import { exemptions } from "./exemptions";
import { changed, ofType, type Resource } from "./rule";

const factory = () => async () => ({ batchItemFailures: [] });

let prod: Resource[] = [];

before(async () => {
  prod = await declared("prod", {}, async () => {
    const platform = { ...operations(readSettings()), pipeline: "lake" };
    const curated = new DataBucket("curated", platform, { dataClass: "internal" });
    const prefixes = ["curated/orders/", "curated/order_items/"];
    const on = [objectBatches(curated, { prefixes, batch: 10_000, window: 60 })];
    stage(platform, "reporter", factory, { on, may: [], memory: 512, timeout: 300 });
    stage(platform, "watcher", factory, {
      on: [objectBatches(curated, { prefixes: [], batch: 100, window: 5 })],
      may: [],
      memory: 512,
      timeout: 60,
    });
    const nightly = [schedule("cron(0 2 * * ? *)"), schedule("rate(1 hour)", { enabled: false, name: "hourly" })];
    stage(platform, "exporter", factory, { on: nightly, may: [], memory: 512, timeout: 60 });
    return {};
  });
});

const registered = (type: string, name: string): Resource => {
  const found = ofType(prod, type).find((it) => it.name === name);
  assert.ok(found, `there is a ${type} "${name}"`);
  return found;
};

test("stages with objectBatches() and schedule() keep every rule", () => {
  for (const rule of rulesOf("prod")) assert.deepEqual(violations(rule, prod, "prod"), [], rule.says);
});

test("objectBatches() asks for new objects below the prefixes, and for all where there are none", () => {
  const { bucket } = registered("s3/bucket", "curated").outputs;
  const created = { source: ["aws.s3"], "detail-type": ["Object Created"] };
  const patternOf = (name: string) => JSON.parse(String(registered("cloudwatch/eventRule", name).inputs.eventPattern));
  assert.deepEqual(patternOf("reporter"), {
    ...created,
    detail: {
      bucket: { name: [bucket] },
      object: { key: [{ prefix: "curated/orders/" }, { prefix: "curated/order_items/" }] },
    },
  });
  assert.deepEqual(patternOf("watcher"), { ...created, detail: { bucket: { name: [bucket] } } });
  assert.deepEqual(registered("s3/bucketNotification", "curated").inputs, { bucket, eventbridge: true });
});

test("the queue hides a message for six timeouts and the window, and gives it up after five times", () => {
  const queue = registered("sqs/queue", "reporter");
  assert.equal(queue.inputs.visibilityTimeoutSeconds, 6 * 300 + 60);
  assert.deepEqual(JSON.parse(String(queue.inputs.redrivePolicy)), {
    deadLetterTargetArn: registered("sqs/queue", "reporter-objects-dead-letters").outputs.arn,
    maxReceiveCount: 5,
  });
  assert.deepEqual(registered("lambda/eventSourceMapping", "reporter-from-objects").inputs, {
    eventSourceArn: queue.outputs.arn,
    functionName: registered("lambda/function", "reporter").outputs.name,
    batchSize: 10_000,
    maximumBatchingWindowInSeconds: 60,
    functionResponseTypes: ["ReportBatchItemFailures"],
    scalingConfig: { maximumConcurrency: 2 },
  });
});

test("a schedule invokes its one function in UTC, or waits to be enabled", () => {
  const { target, ...hourly } = registered("scheduler/schedule", "exporter-hourly").inputs;
  assert.deepEqual(hourly, {
    groupName: registered("scheduler/scheduleGroup", "schedules").outputs.name,
    scheduleExpression: "rate(1 hour)",
    scheduleExpressionTimezone: "UTC",
    flexibleTimeWindow: { mode: "OFF" },
    state: "DISABLED",
  });
  assert.deepEqual(target, {
    arn: registered("lambda/function", "exporter").outputs.arn,
    roleArn: registered("iam/role", "exporter-hourly").outputs.arn,
    input: "{}",
    retryPolicy: { maximumEventAgeInSeconds: 3_600, maximumRetryAttempts: 20 },
    deadLetterConfig: { arn: registered("sqs/queue", "exporter-dead-letters").outputs.arn },
  });
  assert.equal(registered("scheduler/schedule", "exporter-schedule").inputs.state, "ENABLED");
});

test("an expression that AWS would refuse stops the program", () => {
  assert.throws(() => schedule("cron(0 5 * * *)"), {
    message: /^Cannot schedule by "cron\(0 5 \* \* \*\)": a cron has 6/,
  });
});

// Each as it is, but for one thing.
const broken: Readonly<Record<string, (resources: readonly Resource[]) => Resource[]>> = {
  EventBusDLQ: (it) => changed(it, "cloudwatch/eventTarget", { deadLetterConfig: undefined }),
  "own: reachable targets": (it) =>
    it.map((one) => (one.name === "reporter" ? { ...one, inputs: { ...one.inputs, policy: undefined } } : one)),
  "own: narrow rules": (it) => changed(it, "cloudwatch/eventRule", { eventPattern: '{"source":["aws.s3"]}' }),
  "own: no loop by EventBridge": (it) =>
    changed(it, "iam/rolePolicy", {
      policy: JSON.stringify({
        Version: "2012-10-17",
        Statement: [
          {
            Effect: "Allow",
            Action: "s3:PutObject",
            Resource: `${registered("s3/bucket", "curated").outputs.arn}/curated/*`,
          },
        ],
      }),
    }),
  "own: schedules": (it) =>
    changed(it, "iam/role", { assumeRolePolicy: registered("iam/role", "reporter").inputs.assumeRolePolicy }),
  LambdaEventSourceMappingDestination: (it) =>
    changed(it, "sqs/queue", {
      redrivePolicy: String(registered("sqs/queue", "reporter").inputs.redrivePolicy).replace(":5", ":4"),
    }),
  LambdaEventSourceSQSVisibilityTimeout: (it) => changed(it, "sqs/queue", { visibilityTimeoutSeconds: 1_859 }),
  "own: alarm on dead letters of a queue": (it) => it.filter(({ name }) => name !== "reporter-objects-dead-letter-age"),
};
for (const [id, breaking] of Object.entries(broken)) {
  test(`${id} is broken by a single change`, () => {
    const rule = rulesOf("prod").find(({ ids }) => ids.includes(id));
    assert.ok(rule);
    assert.notDeepEqual(violations(rule, breaking(prod), "prod"), []);
  });
}

test("no exemption was needed for any of it", () => {
  assert.ok(exemptions.every(({ resource }) => !/reporter|watcher|exporter/.test(resource)));
});
