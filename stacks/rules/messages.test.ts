// The rules of reviewers over the kit's notificationTopic() and mailTo(), as they stand in either stack.

import assert from "node:assert/strict";
import { before, test } from "node:test";
import { RolePolicy } from "@pulumi/aws/iam";
import { Parameter } from "@pulumi/aws/ssm";
import * as pulumi from "@pulumi/pulumi";
import { mailTo, notificationTopic } from "../../stage/notification-topic";
import { notify, parameter, policyOf } from "../../stage/permissions";
import { operations } from "../operations";
import { rules, rulesOf, violations } from "../rules";
import { readSettings } from "../settings";
import { declared } from "./declared";
import { check, ofType, type Resource } from "./rule";

const ours = ["sns/topic", "sns/topicPolicy", "sns/topicSubscription", "sqs/queue", "sqs/queuePolicy", "ssm/parameter"];
let prod: Resource[] = [];

before(async () => {
  prod = await declared("prod", {}, async () => {
    const platform = { ...operations(readSettings()), pipeline: "transactions" };
    const topic = notificationTopic("feed-notifications", platform);
    mailTo(topic, "sellers@example.com", platform);
    const apiKey = new Parameter("api-key", {
      name: "/tributary/prod/api-key",
      type: "SecureString",
      valueWo: pulumi.secret("the key, which its owner puts here"),
      valueWoVersion: 1,
      ...(platform.key ? { keyId: platform.key.id } : {}),
      tags: { pipeline: "transactions", dataClass: "internal" },
    });
    new RolePolicy("notifier", { role: "notifier", policy: policyOf([notify(topic), parameter(apiKey)]) });
    return {};
  });
});

const registered = (type: string, name: string): Resource => {
  const found = ofType(prod, type).find((it) => it.name === name);
  assert.ok(found, `there is a ${type} "${name}"`);
  return found;
};

test("a topic with a mail and a secret parameter keep every rule", () => {
  for (const rule of rulesOf("prod")) {
    assert.deepEqual(violations(rule, prod, "prod"), [], rule.says);
  }
  for (const type of ours) assert.ok(ofType(prod, type).length > 0, type);
});

test("mailTo() asks the address and keeps what could not be mailed, under an alarm", () => {
  const topic = registered("sns/topic", "feed-notifications");
  const queue = registered("sqs/queue", "feed-notifications-mail-dead-letters");
  const { inputs } = registered("sns/topicSubscription", "feed-notifications-mail");
  assert.deepEqual(inputs, {
    topic: topic.outputs.arn,
    protocol: "email",
    endpoint: "sellers@example.com",
    redrivePolicy: JSON.stringify({ deadLetterTargetArn: queue.outputs.arn }),
  });
  const alarm = registered("cloudwatch/metricAlarm", "feed-notifications-mail-dead-letters");
  assert.deepEqual(alarm.inputs.dimensions, { QueueName: queue.outputs.name });
});

test("a topic under AWS's own key is refused where a service publishes, and in prod", () => {
  const withAwsKey = prod.map((it) =>
    it.type === "aws:sns/topic:Topic" ? { ...it, inputs: { ...it.inputs, kmsMasterKeyId: "alias/aws/sns" } } : it,
  );
  const refused = (id: string) =>
    rules
      .filter(({ ids }) => ids.includes(id))
      .flatMap((rule) => check(rule, withAwsKey).map(({ resource }) => resource));
  assert.deepEqual(refused("CKV_AWS_26"), ["aws:sns/topic:Topic alarms"]);
  assert.deepEqual(refused("own: topic under the stack's key").length, 2);
});

test("each parameter's shortcoming is found", () => {
  const apiKey = registered("ssm/parameter", "api-key");
  const found = (inputs: Readonly<Record<string, unknown>>, secrets = ["valueWo"]) => {
    const changed = prod.map((it) => (it === apiKey ? { ...it, secrets, inputs: { ...it.inputs, ...inputs } } : it));
    return rules
      .filter(({ of }) => of.includes("ssm/parameter"))
      .flatMap((rule) => check(rule, changed).map((violation) => violation.found));
  };
  assert.deepEqual(found({}), []);
  for (const [inputs, problem] of [
    [{ type: "String" }, "a secret by its name, and its type is String"],
    [{ name: "/a", description: "The token of the bank", type: "String" }, /^a secret by its name/],
    [{ value: "sesame" }, "a value that is written to the state"],
    [{ valueWoVersion: undefined }, "no write-only value with a version"],
    [{ keyId: "alias/aws/ssm" }, "its key is alias/aws/ssm"],
    [{ tags: { pipeline: "transactions" } }, 'no tag "dataClass"'],
  ] as const) {
    const [first = "", ...more] = found(inputs);
    typeof problem === "string" ? assert.equal(first, problem) : assert.match(first, problem);
    assert.deepEqual(more, []);
  }
  assert.deepEqual(found({}, []), ["a value that is not marked secret"]);
  assert.deepEqual(
    found({ name: "/a/page-size", type: "String", valueWo: undefined, value: "10", keyId: undefined }),
    [],
  );
});

test("notify() and parameter() allow one thing on one resource each", () => {
  const { Statement } = JSON.parse(String(registered("iam/rolePolicy", "notifier").inputs.policy));
  const [topic, apiKey] = [registered("sns/topic", "feed-notifications"), registered("ssm/parameter", "api-key")];
  assert.deepEqual(Statement, [
    { Effect: "Allow", Action: ["sns:Publish"], Resource: topic.outputs.arn },
    { Effect: "Allow", Action: ["ssm:GetParameter"], Resource: apiKey.outputs.arn },
  ]);
});
