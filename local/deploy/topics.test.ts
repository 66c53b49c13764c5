// Topics, their policies and subscriptions as a program registers them: who lets SNS in, and what stops the deployment.

import assert from "node:assert/strict";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { PublishCommand, SNSClient } from "@aws-sdk/client-sns";
import type { Registered } from "../../stage/evaluation/evaluate";
import { handClock } from "../clock";
import { behindDoor } from "../door/behind-door";
import { journal } from "../door/journal";
import type { Lambda } from "../services/lambda/lambda";
import { sns as openSns } from "../services/sns/sns";
import { sqs as openSqs } from "../services/sqs/sqs";
import { temporaryDirectory } from "../temporary-directory";
import { registry } from "./registry";
import { deployQueues } from "./stores";
import { deployTopics } from "./topics";

const account = "123456789012";
const region = "eu-central-1";
const arnOf = (service: string, resource: string) => `arn:aws:${service}:${region}:${account}:${resource}`;
const topicArn = arnOf("sns", "feeds");
const queueArn = (name: string) => arnOf("sqs", name);
const functionArn = arnOf("lambda", "function:worker");

test("a topic fills a queue that names it in its policy, and no other", async (t) => {
  const redrivePolicy = JSON.stringify({ deadLetterTargetArn: queueArn("dead") });
  const { publish, bodies, entries } = await cloud(t, [
    topic(),
    ...queue("work", sendFor(topicArn)),
    ...queue("closed", sendFor(arnOf("sns", "another"))),
    ...queue("dead", sendFor(topicArn)),
    subscription("work", { rawMessageDelivery: true }),
    subscription("closed", { rawMessageDelivery: true, redrivePolicy }),
    subscription("nowhere", {}),
  ]);
  await publish("a feed came");
  assert.deepEqual(["work", "closed", "dead"].map(bodies), [["a feed came"], [], ["a feed came"]]);
  const failures = entries().filter(({ operation }) => operation === "DeadLetter");
  assert.deepEqual(
    failures.map(({ resource, outcome }) => [resource, outcome]),
    [
      [`${topicArn}:closed`, "NO_PERMISSIONS"],
      [`${topicArn}:nowhere`, "InvocationsFailedToBeSentToDlq"],
    ],
  );
});

test("a topic invokes a function that permits it", async (t) => {
  const worker = { protocol: "lambda", endpoint: functionArn };
  const { publish, invoked } = await cloud(t, [
    topic(),
    lambda(),
    resource("aws:lambda/permission:Permission", "permission", {
      function: "worker",
      action: "lambda:InvokeFunction",
      principal: "sns.amazonaws.com",
      sourceArn: topicArn,
    }),
    subscription("worker", worker),
  ]);
  await publish("a feed came");
  assert.deepEqual(invoked, [["worker", "a feed came", "sns.amazonaws.com"]]);

  const closed = await cloud(t, [topic(), lambda(), subscription("worker", worker)]);
  await closed.publish("a feed came");
  assert.deepEqual(closed.invoked, []);
});

test("an address is mailed into the mailbox, once somebody has confirmed it", async (t) => {
  const { publish, sns } = await cloud(t, [
    topic({ displayName: "Tributary", kmsMasterKeyId: "alias/aws/sns" }),
    subscription("team", { protocol: "email", endpoint: "team@example.com" }),
  ]);
  await publish("a feed came");
  assert.equal(sns.confirm("team@example.com"), 1);
  await publish("another feed came");
  assert.deepEqual(
    sns.mails.map(({ text }) => text.split("\n")[0]),
    ["This address has been subscribed to the topic:", "another feed came"],
  );
});

test("a topic's policy is that of its TopicPolicy", async (t) => {
  const policy = JSON.stringify({
    Statement: [{ Effect: "Deny", Principal: "*", Action: "sns:Publish", Resource: topicArn }],
  });
  const { publish } = await cloud(t, [
    topic(),
    resource("aws:sns/topicPolicy:TopicPolicy", "feeds", { arn: topicArn, policy }),
  ]);
  await assert.rejects(publish("a feed came"), { name: "AuthorizationErrorException", message: /explicit deny/ });
});

test("a topic or a subscription that cannot work stops the deployment by name", async (t) => {
  const cases: [Registered[], RegExp][] = [
    [[topic({ fifoTopic: true })], /^Cannot deploy the topic "feeds": fifoTopic is not imitated$/],
    [[topic(), subscription("work", { topic: `${topicArn}x` })], /the subscription "work": there is no topic "/],
    [
      [topic(), subscription("work", { filterPolicy: "{" })],
      /"work": Invalid parameter: FilterPolicy: failed to parse/,
    ],
    [
      [topic(), subscription("work", { protocol: "sms" })],
      /the subscription "work": The protocol sms is not imitated$/,
    ],
    [[topic(), subscription("work", { endpoint: "work" })], /"work": Invalid parameter: SQS endpoint ARN$/],
    [[topic(), subscription("work", { deliveryPolicy: "{}" })], /"work": deliveryPolicy is not imitated$/],
  ];
  for (const [resources, message] of cases) await assert.rejects(cloud(t, resources), { message });
});

const resource = (
  type: string,
  name: string,
  inputs: Readonly<Record<string, unknown>>,
  outputs: Readonly<Record<string, unknown>> = {},
): Registered => ({ type, name, inputs, outputs: { ...inputs, ...outputs }, secrets: [] });

const topic = (inputs: Readonly<Record<string, unknown>> = {}) =>
  resource("aws:sns/topic:Topic", "feeds", inputs, { arn: topicArn, name: "feeds" });

const subscription = (name: string, inputs: Readonly<Record<string, unknown>>) =>
  resource(
    "aws:sns/topicSubscription:TopicSubscription",
    name,
    { topic: topicArn, protocol: "sqs", endpoint: queueArn(name), ...inputs },
    { arn: `${topicArn}:${name}` },
  );

const lambda = () => resource("aws:lambda/function:Function", "worker", {}, { arn: functionArn, name: "worker" });

const sendFor = (source: string) => ({
  Effect: "Allow",
  Principal: { Service: "sns.amazonaws.com" },
  Action: "sqs:SendMessage",
  Resource: "*",
  Condition: { ArnEquals: { "aws:SourceArn": source } },
});

const queue = (name: string, ...Statement: object[]): Registered[] => [
  resource("aws:sqs/queue:Queue", name, {}, { arn: queueArn(name), name, url: name }),
  resource("aws:sqs/queuePolicy:QueuePolicy", name, { queueUrl: name, policy: JSON.stringify({ Statement }) }),
];

async function cloud(t: TestContext, resources: readonly Registered[]) {
  const directory = temporaryDirectory();
  const clock = handClock();
  const record = journal();
  const waits = { clock, retryClock: clock, journal: record };
  const invoked: unknown[][] = [];
  const functions: Pick<Lambda, "invokeAsync"> = {
    invokeAsync(name, payload, { source }) {
      const { Records } = payload as { Records: { Sns: { Message: string } }[] };
      invoked.push([name, Records[0]?.Sns.Message, source]);
      return { requestId: "request" };
    },
  };
  const [endpoint, mail] = [() => "", join(directory, "mail")];
  const sqs = openSqs({ directory: join(directory, "sqs"), ...waits, endpoint, accountId: account, region });
  const sns = openSns({ directory: join(directory, "sns"), mail, ...waits, endpoint, account });
  t.after(() => {
    sns.end();
    sqs.end();
  });
  const all = registry({ resources, outputs: {}, region });
  deployQueues(all, sqs);
  deployTopics({ registry: all, sqs, lambda: functions }, sns, account);
  const { config } = await behindDoor(t, sns.service);
  const client = new SNSClient(config());
  return {
    sns,
    invoked,
    entries: () => record.entries,
    bodies: (name: string) => sqs.messages(queueArn(name)).map(({ body }) => body),
    publish: (Message: string) => client.send(new PublishCommand({ TopicArn: topicArn, Message })),
  };
}
