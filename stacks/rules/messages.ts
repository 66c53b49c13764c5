// messages: what is asked of queues and topics.

import { accountId } from "../../stage/evaluation/identities";
import { allows, isTlsOnly, list, opening, policyOf } from "./policy";
import { added, changed, input, ofType, type Resource, type Rule, texts, without } from "./rule";

const queuePolicy = (queue: Resource, resources: readonly Resource[]) =>
  ofType(resources, "sqs/queuePolicy").find(({ inputs }) => inputs.queueUrl === queue.outputs.url);

const topicPolicy = (topic: Resource, resources: readonly Resource[]) =>
  ofType(resources, "sns/topicPolicy").find(({ inputs }) => inputs.arn === topic.outputs.arn);

/** Whether an AWS service publishes there by itself: AWS's key of SNS is for the account's own principals alone. */
const takesFromServices = (topic: Resource, resources: readonly Resource[]): boolean => {
  const policy = topicPolicy(topic, resources);
  return policy !== undefined && allows(policy).some(({ Principal }) => JSON.stringify(Principal).includes("Service"));
};

const open = (Action: string) => ({
  policy: policyOf({ Sid: "Open", Effect: "Allow", Principal: { AWS: "*" }, Action }),
});

export const messages: readonly Rule[] = [
  {
    ids: ["CKV_AWS_27", "AwsSolutions-SQS2"],
    says: "a queue is encrypted",
    level: "M",
    of: ["sqs/queue"],
    found: ({ inputs: { sqsManagedSseEnabled, kmsMasterKeyId } }) =>
      sqsManagedSseEnabled === true || kmsMasterKeyId !== undefined ? undefined : "no encryption",
    remedy: "set sqsManagedSseEnabled",
    broken: (resources) => changed(resources, "sqs/queue", { sqsManagedSseEnabled: false }),
  },
  {
    ids: ["AwsSolutions-SQS4"],
    says: "a queue is reached by TLS only",
    level: "M",
    of: ["sqs/queue"],
    found: (queue, resources) => {
      const policy = queuePolicy(queue, resources);
      return policy && isTlsOnly(policy, "sqs", [String(queue.outputs.arn)])
        ? undefined
        : "no statement that denies it";
    },
    remedy: "give it a policy that begins with tlsOnly()",
    broken: (resources) => without(resources, "sqs/queuePolicy"),
  },
  {
    ids: ["CKV_AWS_72", "CKV_AWS_168", "CKV_AWS_387"],
    says: "a queue's policy opens it to nobody outside",
    level: "M",
    of: ["sqs/queuePolicy"],
    found: (policy) => opening(policy, accountId),
    remedy: "name the principal, and for a service the source",
    broken: (resources) => changed(resources, "sqs/queuePolicy", open("sqs:SendMessage")),
  },
  {
    ids: ["AwsSolutions-SQS3", "SQSRedrivePolicy"],
    says: "a queue has a dead-letter queue or is one",
    level: "M",
    of: ["sqs/queue"],
    found: (queue, resources) => {
      if (queue.inputs.redrivePolicy !== undefined) return undefined;
      const arn = String(queue.outputs.arn);
      const senders = ["lambda/functionEventInvokeConfig", "lambda/function", "sqs/queue", "sns/topicSubscription"];
      const isOne = senders.some((type) =>
        ofType(resources, type).some(({ inputs: { destinationConfig, deadLetterConfig, redrivePolicy } }) =>
          texts([destinationConfig, deadLetterConfig, redrivePolicy]).some((text) => text.includes(arn)),
        ),
      );
      return isOne ? undefined : "no redrivePolicy, and nothing sends its dead letters to it";
    },
    remedy: "give it a redrivePolicy",
    broken: (resources) => without(resources, "lambda/functionEventInvokeConfig"),
  },
  {
    ids: ["own: two weeks"],
    says: "a dead letter waits for two weeks, which is the most",
    level: "M",
    of: ["lambda/functionEventInvokeConfig"],
    found: (config, resources) => {
      const arn = input(config, "destinationConfig.onFailure.destination");
      const seconds = ofType(resources, "sqs/queue").find(({ outputs }) => outputs.arn === arn)?.inputs
        .messageRetentionSeconds;
      return seconds === 1_209_600 ? undefined : `it waits for ${seconds} s`;
    },
    remedy: "set messageRetentionSeconds to 1209600",
    broken: (resources) => changed(resources, "sqs/queue", { messageRetentionSeconds: 345_600 }),
  },
  {
    ids: ["CKV_AWS_26"],
    says: "a topic is encrypted",
    level: "M",
    of: ["sns/topic"],
    found: (topic, resources) => {
      const { kmsMasterKeyId } = topic.inputs;
      if (kmsMasterKeyId === undefined) return "no key";
      return kmsMasterKeyId === "alias/aws/sns" && takesFromServices(topic, resources)
        ? "a key that CloudWatch may not use, so that no alarm arrives"
        : undefined;
    },
    remedy: "set kmsMasterKeyId to the platform's key",
    broken: (resources) => changed(resources, "sns/topic", { kmsMasterKeyId: undefined }),
  },
  {
    ids: ["own: topic under the stack's key"],
    says: "a topic is encrypted with the stack's own key",
    level: "P",
    of: ["sns/topic"],
    found: ({ inputs: { kmsMasterKeyId } }, resources) =>
      ofType(resources, "kms/key").some(({ outputs }) => [outputs.arn, outputs.keyId].includes(kmsMasterKeyId))
        ? undefined
        : `its key is ${kmsMasterKeyId}`,
    remedy: "set kmsMasterKeyId to the platform's key",
    broken: (resources) => changed(resources, "sns/topic", { kmsMasterKeyId: "alias/aws/sns" }),
  },
  {
    ids: ["AwsSolutions-SNS3"],
    says: "a topic is published to by TLS only",
    level: "M",
    of: ["sns/topic"],
    found: (topic, resources) => {
      const policy = topicPolicy(topic, resources);
      return policy && isTlsOnly(policy, "sns", [String(topic.outputs.arn)])
        ? undefined
        : "no statement that denies it";
    },
    remedy: "give it a policy that begins with tlsOnly()",
    broken: (resources) => without(resources, "sns/topicPolicy"),
  },
  {
    ids: ["CKV_AWS_169", "CKV_AWS_385"],
    says: "a topic's policy opens it to nobody outside",
    level: "M",
    of: ["sns/topicPolicy"],
    found: (policy) => opening(policy, accountId),
    remedy: "name the principal, and for a service the source",
    broken: (resources) => changed(resources, "sns/topicPolicy", open("sns:Publish")),
  },
  {
    ids: ["SNSRedrivePolicy"],
    says: "a subscription has a dead-letter queue",
    level: "M",
    of: ["sns/topicSubscription"],
    found: ({ inputs: { redrivePolicy } }) => (redrivePolicy === undefined ? "no redrivePolicy" : undefined),
    remedy: "give it a redrivePolicy",
    broken: (resources) => added(resources, "sns/topicSubscription", "second", { protocol: "sqs" }),
  },
  {
    ids: ["own: redrive may send"],
    says: "the dead-letter queue of a subscription lets SNS in for its topic",
    level: "M",
    of: ["sns/topicSubscription"],
    found: (subscription, resources) => {
      const { redrivePolicy, topic } = subscription.inputs;
      if (redrivePolicy === undefined) return undefined;
      const queue = ofType(resources, "sqs/queue").find(({ outputs }) =>
        String(redrivePolicy).includes(`"${outputs.arn}"`),
      );
      const policy = queue && queuePolicy(queue, resources);
      if (policy === undefined) return "a queue without a policy";
      const isLetIn = allows(policy).some(
        ({ Principal, Action, Condition }) =>
          typeof Principal === "object" &&
          list(Principal.Service).includes("sns.amazonaws.com") &&
          list(Action).includes("sqs:SendMessage") &&
          Object.values(Condition ?? {}).some((keys) => keys["aws:SourceArn"] === topic),
      );
      return isLetIn ? undefined : "no statement that allows it to sns.amazonaws.com for the topic";
    },
    remedy: "subscribe with mailTo(), or let sns.amazonaws.com send with the topic as aws:SourceArn",
    broken: (resources) =>
      ofType(resources, "sqs/queue")
        .slice(0, 1)
        .flatMap(({ outputs }) =>
          added(resources, "sns/topicSubscription", "second", {
            protocol: "sqs",
            redrivePolicy: JSON.stringify({ deadLetterTargetArn: outputs.arn }),
            topic: "arn:aws:sns:eu-central-1:123456789012:another",
          }),
        ),
  },
];
