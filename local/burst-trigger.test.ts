// The kit's objectBatches() on the embedded AWS: a burst of objects becomes a few invocations, and one that cannot be read
// keeps no other from being reported.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import type { SQSEvent } from "aws-lambda";
import { objectsOf } from "../schemas/object-created";
import { operations } from "../stacks/operations";
import { readSettings } from "../stacks/settings";
import { DataBucket } from "../stage/data-bucket";
import { type Evaluation, evaluate } from "../stage/evaluation/evaluate";
import { stage } from "../stage/stage";
import { objectBatches } from "../stage/triggers";
import { handClock } from "./clock";
import { type Cloud, startCloud } from "./cloud";

/** Prints the keys that it is told of, and fails those that are called poison. */
const factory = () => async (event: SQSEvent) => {
  const { objects, unreadable } = objectsOf(event);
  console.log(`keys ${JSON.stringify(objects.map(({ key }) => key))}`);
  const poison = objects.filter(({ key }) => key.includes("poison")).map(({ messageId }) => messageId);
  return { batchItemFailures: [...unreadable, ...poison].map((itemIdentifier) => ({ itemIdentifier })) };
};

async function program() {
  const platform = operations(readSettings());
  const inbox = new DataBucket("inbox", platform, { dataClass: "internal" });
  const batches = { batch: 10_000, window: 60 };
  // Two stages for the same keys: S3's own notifications refuse that.
  for (const name of ["reporter", "second-reporter"]) {
    stage(platform, name, factory, {
      on: [objectBatches(inbox, { prefixes: ["orders/", "order items/"], ...batches })],
      may: [],
      memory: 256,
      timeout: 10,
    });
  }
  return { inbox: inbox.bucket };
}

let evaluation: Evaluation;
let cloud: Cloud;
let s3: S3Client;
/** Windows and visibility timeouts wait for the test. */
const clock = handClock();

before(async () => {
  evaluation = await evaluate({ stack: "dev", program });
  cloud = await startCloud(evaluation, { retryClock: clock });
  s3 = new S3Client({ endpoint: cloud.url, region: cloud.region, credentials: cloud.operator });
});

after(async () => {
  s3.destroy();
  await cloud.end();
});

test("200 objects put at once become few invocations of each stage, and every object is reported", async () => {
  const keys = Array.from(
    { length: 200 },
    (_, index) => `${index % 2 ? "orders" : "order items"}/ü ${index}+%.parquet`,
  );
  const others = ["customers/1.parquet", "x/orders/1.parquet"];
  await Promise.all([...keys, "orders/poison", ...others].map(put));
  // Whenever a batch has come back, enough time for a failed message to come again and be gathered.
  const silence = cloud.journal.listen(({ operation }) => operation === "Batch" && void pass(4));
  await pass(1);
  await cloud.idle();
  silence();

  for (const name of ["reporter", "second-reporter"]) {
    // Two at first, in which all objects are, and four more with the poison, which may have come twice.
    const batches = batchesOf(name);
    assert.ok(batches.length <= 10, `${batches.length} batches`);
    assert.deepEqual([...reported(name)].sort(), [...keys, "orders/poison"].sort());
  }
});

test("what fails is received five times and then waits in the dead-letter queue of its own stage, and nothing else does", () => {
  for (const name of ["reporter", "second-reporter"]) {
    assert.deepEqual(cloud.sqs.messages(queueArn(name)), []);
    assert.deepEqual(cloud.sqs.messages(queueArn(`${name}-dead-letters`)), []);
    const letters = cloud.sqs.messages(queueArn(`${name}-objects-dead-letters`));
    // One, or two where the event came twice.
    assert.ok(letters.length === 1 || letters.length === 2, `${letters.length} dead letters`);
    for (const { body, receives } of letters) {
      assert.equal(receives, 5);
      assert.equal(JSON.parse(body).detail.object.key, "orders/poison");
    }
  }
});

async function pass(minutes: number): Promise<void> {
  for (let minute = 1; minute <= minutes; minute++) {
    await new Promise(setImmediate);
    clock.advance(60_000);
  }
}

const put = (Key: string) =>
  s3.send(new PutObjectCommand({ Bucket: String(evaluation.outputs.inbox), Key, Body: Key }));

const batchesOf = (name: string) =>
  cloud.journal.entries.filter(({ operation, resource }) => operation === "Batch" && resource === functionName(name));

const reported = (name: string): Set<string> => {
  const lines = cloud.logs.tail(`/tributary/dev/${name}`, 1_000).filter((line) => line.includes("keys ["));
  return new Set(lines.flatMap((line) => JSON.parse(line.slice(line.indexOf("keys [") + "keys ".length)) as string[]));
};

const registered = (type: string, name: string) => {
  const found = evaluation.resources.find((it) => it.type === type && it.name === name);
  assert.ok(found, `there is no ${type} "${name}"`);
  return found.outputs;
};

const queueArn = (name: string): string => String(registered("aws:sqs/queue:Queue", name).arn);

const functionName = (name: string): string => String(registered("aws:lambda/function:Function", name).name);
