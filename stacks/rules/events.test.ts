// The rules of reviewers over the kit's objectBatches(), eventBatches() and schedule(), as they stand in a production stack.

import assert from "node:assert/strict";
import { before, test } from "node:test";
import { DataBucket } from "../../stage/data-bucket";
import { publish, write } from "../../stage/permissions";
import type { Platform } from "../../stage/platform";
import { stage } from "../../stage/stage";
import { eventBatches, objectBatches, schedule } from "../../stage/triggers";
import { operations } from "../operations";
import { rulesOf, violations } from "../rules";
import { readSettings } from "../settings";
import { declared } from "./declared";
import { exemptions } from "./exemptions";
import { allows, list } from "./policy";
import { changed, ofType, type Resource } from "./rule";

const factory = () => async () => ({ batchItemFailures: [] });

const painted = { source: "shop.painter", detailType: "Painted" };

let platform: Platform;
let prod: Resource[] = [];

before(async () => {
  prod = await declared("prod", {}, async () => {
    platform = { ...operations(readSettings()), pipeline: "lake" };
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
    const pictures = new DataBucket("pictures", platform, { dataClass: "internal" });
    // What it writes, `*/thumbnails/*`, is what its rule passes over.
    stage(platform, "painter", factory, {
      on: [objectBatches(pictures, { except: ["*/thumbnails/*"], batch: 5, window: 0, atOnce: 20 })],
      may: [write(pictures, "*/thumbnails/"), publish(platform, "shop.painter")],
      memory: 512,
      timeout: 60,
    });
    stage(platform, "framer", factory, {
      on: [objectBatches(pictures, { suffixes: [".jpg", ".png"], batch: 5, window: 0 })],
      may: [],
      memory: 512,
      timeout: 60,
    });
    stage(platform, "labeller", factory, {
      on: [eventBatches(painted, { batch: 20, window: 10, atOnce: 3 })],
      may: [publish(platform, "shop.labeller")],
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

test("stages with objectBatches(), eventBatches() and schedule() keep every rule", () => {
  for (const rule of rulesOf("prod")) assert.deepEqual(violations(rule, prod, "prod"), [], rule.says);
});

const created = { source: ["aws.s3"], "detail-type": ["Object Created"] };

const patternOf = (name: string) => JSON.parse(String(registered("cloudwatch/eventRule", name).inputs.eventPattern));

test("objectBatches() asks for new objects below the prefixes, and for all where there are none", () => {
  const { bucket } = registered("s3/bucket", "curated").outputs;
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

test("objectBatches() asks for endings in any case, or for all keys but those that match", () => {
  const bucket = { name: [registered("s3/bucket", "pictures").outputs.bucket] };
  const endings = [".jpg", ".png"].map((ending) => ({ suffix: { "equals-ignore-case": ending } }));
  const allBut = [{ "anything-but": { wildcard: ["*/thumbnails/*"] } }];
  assert.deepEqual(patternOf("framer"), { ...created, detail: { bucket, object: { key: endings } } });
  assert.deepEqual(patternOf("painter"), { ...created, detail: { bucket, object: { key: allBut } } });
  const { scalingConfig } = registered("lambda/eventSourceMapping", "painter-from-objects").inputs;
  assert.deepEqual(scalingConfig, { maximumConcurrency: 20 });
});

test("eventBatches() asks for one kind of event of the default bus", () => {
  const { eventPattern, eventBusName, description } = registered("cloudwatch/eventRule", "labeller").inputs;
  assert.deepEqual(JSON.parse(String(eventPattern)), { source: ["shop.painter"], "detail-type": ["Painted"] });
  assert.deepEqual([eventBusName, description], [undefined, "Painted for labeller"]);
  const { batchSize, maximumBatchingWindowInSeconds, scalingConfig } = registered(
    "lambda/eventSourceMapping",
    "labeller-from-events",
  ).inputs;
  assert.deepEqual([batchSize, maximumBatchingWindowInSeconds, scalingConfig], [20, 10, { maximumConcurrency: 3 }]);
});

test("a stage behind a queue knows the queue's dead letters and may send there", () => {
  const deadLetters = { painter: "painter-objects-dead-letters", labeller: "labeller-events-dead-letters" };
  for (const [name, queue] of Object.entries(deadLetters)) {
    const { url, arn } = registered("sqs/queue", queue).outputs;
    const { variables } = registered("lambda/function", name).inputs.environment as { variables: object };
    assert.equal(Object(variables).DEAD_LETTERS_URL, url);
    const sends = allows(registered("iam/rolePolicy", name)).filter(({ Action }) =>
      list(Action).includes("sqs:SendMessage"),
    );
    assert.ok(sends.flatMap(({ Resource }) => list(Resource)).includes(String(arn)));
  }
});

test("publish() gives the default bus in one name, and no other bus or name", () => {
  const [statement, another] = allows(registered("iam/rolePolicy", "painter")).filter(({ Action }) =>
    list(Action).includes("events:PutEvents"),
  );
  assert.equal(another, undefined);
  assert.deepEqual(statement, {
    Effect: "Allow",
    Action: ["events:PutEvents"],
    Resource: "arn:aws:events:eu-central-1:123456789012:event-bus/default",
    Condition: { StringEquals: { "events:source": "shop.painter" } },
  });
});

test("two triggers that would give a stage one setting differently are refused by its name", () => {
  const batches = () => eventBatches(painted, { batch: 1, window: 0 });
  const declaration = { may: [], memory: 512, timeout: 60 };
  const twice = () => stage(platform, "twice", factory, { ...declaration, on: [batches(), batches()] });
  assert.throws(twice, { message: /^Cannot declare "twice": .* set DEAD_LETTERS_URL$/ });
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
  "own: events in one's own name": (it) =>
    changed(it, "iam/rolePolicy", {
      policy: String(registered("iam/rolePolicy", "painter").inputs.policy).replace("events:source", "events:other"),
    }),
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

const loops = () => {
  const rule = rulesOf("prod").find(({ ids }) => ids.includes("own: no loop by EventBridge"));
  assert.ok(rule);
  return (resources: Resource[]) => violations(rule, resources, "prod").map(({ resource }) => resource);
};

const withPattern = (name: string, pattern: object) =>
  prod.map((it) => {
    if (it !== registered("cloudwatch/eventRule", name)) return it;
    return { ...it, inputs: { ...it.inputs, eventPattern: JSON.stringify(pattern) } };
  });

test("a stage that writes into the bucket that wakes it does so below keys that its rule passes over for certain", () => {
  const found = loops();
  const bucket = { name: [registered("s3/bucket", "pictures").outputs.bucket] };
  const asking = (...key: unknown[]) =>
    found(withPattern("painter", { ...created, detail: { bucket, object: { key } } }));
  const passing = [
    { "anything-but": { wildcard: "*/thumbnails/*" } },
    { "anything-but": { wildcard: ["*.txt", "*thumbnails*"] } },
    // One key, and no thumbnail's.
    "u1/a.jpg",
  ];
  const looping = [
    { suffix: { "equals-ignore-case": ".jpg" } },
    { prefix: "u1/" },
    { wildcard: "*/thumbnails/a.*" },
    { "anything-but": { wildcard: "*/thumbnails/*.jpg" } },
    { "anything-but": { wildcard: "*/Thumbnails/*" } },
    { "anything-but": { prefix: "u1/thumbnails/" } },
    { exists: true },
  ];
  for (const test of passing) assert.deepEqual(asking(test), [], JSON.stringify(test));
  for (const test of looping) {
    assert.deepEqual(asking(test), ["aws:cloudwatch/eventRule:EventRule painter"], JSON.stringify(test));
  }
  const [one, other] = [passing[0], looping[0]];
  assert.equal(asking(one, other).length, 1, "one of several tests lets them in");
  assert.equal(found(withPattern("painter", { ...created, detail: { bucket } })).length, 1, "no test lets all in");
});

test("a stage that publishes what wakes it is found", () => {
  const pattern = { source: ["shop.labeller"], "detail-type": ["Labelled"] };
  assert.deepEqual(loops()(withPattern("labeller", pattern)), ["aws:cloudwatch/eventRule:EventRule labeller"]);
});

test("no exemption was needed for any of it", () => {
  assert.ok(exemptions.every(({ resource }) => !/reporter|watcher|painter|framer|labeller|exporter/.test(resource)));
});
