// The kit's queue() trigger on the embedded AWS, with a stage of its own: the program has none yet.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { SendMessageBatchCommand, SQSClient } from "@aws-sdk/client-sqs";
import * as aws from "@pulumi/aws";
import type { SQSEvent } from "aws-lambda";
import { operations } from "../stacks/operations";
import { readSettings } from "../stacks/settings";
import { type Evaluation, evaluate } from "../stage/evaluation/evaluate";
import { stage } from "../stage/stage";
import { queue } from "../stage/triggers";
import { systemClock } from "./clock";
import { type Cloud, startCloud } from "./cloud";

/** Refuses every message that says so, and takes the others. */
const factory = () => async (event: SQSEvent) => ({
  batchItemFailures: event.Records.filter(({ body }) => body.includes("refuse")).map(({ messageId }) => ({
    itemIdentifier: messageId,
  })),
});

async function program() {
  const platform = operations(readSettings());
  const dead = new aws.sqs.Queue("work-dead");
  const work = new aws.sqs.Queue("work", {
    visibilityTimeoutSeconds: 60,
    redrivePolicy: dead.arn.apply((deadLetterTargetArn) => JSON.stringify({ deadLetterTargetArn, maxReceiveCount: 2 })),
  });
  stage(platform, "worker", factory, { on: [queue(work)], may: [], memory: 128, timeout: 10 });
  return { work: work.name };
}

let evaluation: Evaluation;
let cloud: Cloud;
let client: SQSClient;

before(async () => {
  evaluation = await evaluate({ stack: "dev", program });
  cloud = await startCloud(evaluation, { clock: systemClock(600) });
  client = new SQSClient({ endpoint: cloud.url, region: cloud.region, credentials: cloud.operator });
});

after(async () => {
  client.destroy();
  await cloud.end();
});

test("queue() hands a stage what is sent; what it refuses twice waits in the queue's dead-letter queue", async () => {
  const QueueUrl = cloud.sqs.urlOf(arnOf("work"));
  const Entries = ["one", "refuse two", "three"].map((MessageBody, index) => ({ Id: String(index), MessageBody }));
  await client.send(new SendMessageBatchCommand({ QueueUrl, Entries }));
  await cloud.idle();

  assert.deepEqual(cloud.sqs.messages(arnOf("work")), []);
  assert.deepEqual(
    cloud.sqs.messages(arnOf("work-dead")).map(({ body }) => body),
    ["refuse two"],
  );
});

test("queue() gives the role what polling needs, and nothing on other queues", () => {
  const policy = evaluation.resources.find(
    ({ type, name }) => type === "aws:iam/rolePolicy:RolePolicy" && name === "worker",
  );
  const { Statement } = JSON.parse(String(policy?.inputs.policy)) as {
    Statement: { Action: string[]; Resource: string }[];
  };
  const polling = Statement.filter(({ Action }) => Action.includes("sqs:ReceiveMessage"));
  assert.deepEqual(
    polling.map(({ Resource }) => Resource),
    [arnOf("work")],
  );
});

const arnOf = (name: string): string => {
  const found = evaluation.resources.find(
    (resource) => resource.type === "aws:sqs/queue:Queue" && resource.name === name,
  );
  assert.ok(found, `there is no queue "${name}"`);
  return String(found.outputs.arn);
};
