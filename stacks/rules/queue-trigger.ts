// queue-trigger: what is asked of a function that takes batches from a queue, and of that queue.

import { allows, list, policyOf } from "./policy";
import { added, changed, ofType, type Resource, type Rule, texts } from "./rule";

const sourceOf = ({ inputs }: Resource, resources: readonly Resource[]) =>
  ofType(resources, "sqs/queue").find(({ outputs }) => outputs.arn === inputs.eventSourceArn);

/** One more mapping, from a queue that the program has to a function that it has. */
const mapping = (resources: readonly Resource[], inputs: Readonly<Record<string, unknown>>) =>
  added(resources, "lambda/eventSourceMapping", "second", {
    eventSourceArn: ofType(resources, "sqs/queue")[0]?.outputs.arn,
    functionName: ofType(resources, "lambda/function")[0]?.outputs.name,
    functionResponseTypes: ["ReportBatchItemFailures"],
    ...inputs,
  });

export const queueTrigger: readonly Rule[] = [
  {
    ids: ["LambdaEventSourceMappingDestination"],
    says: "a function that takes batches says which messages it failed, and they end in a dead-letter queue",
    level: "M",
    of: ["lambda/eventSourceMapping"],
    found: (mapping, resources) => {
      if (!texts(mapping.inputs.functionResponseTypes).includes("ReportBatchItemFailures")) {
        return "it does not report batch item failures, and one bad message fails its whole batch";
      }
      const queue = sourceOf(mapping, resources);
      if (queue === undefined) return `its queue is ${mapping.inputs.eventSourceArn}`;
      const { deadLetterTargetArn, maxReceiveCount } = JSON.parse(String(queue.inputs.redrivePolicy ?? "{}")) as {
        deadLetterTargetArn?: string;
        maxReceiveCount?: number;
      };
      const isThere = ofType(resources, "sqs/queue").some(({ outputs }) => outputs.arn === deadLetterTargetArn);
      if (!isThere) return `the dead-letter queue of "${queue.name}" is ${deadLetterTargetArn}`;
      // Less often, and messages die of throttling alone (AWS Lambda Developer Guide, "Using Lambda with Amazon SQS").
      return Number(maxReceiveCount) >= 5 ? undefined : `"${queue.name}" gives up after ${maxReceiveCount} times`;
    },
    remedy:
      "declare it with objectBatches() or eventBatches(), or give the queue of queue() a redrivePolicy with maxReceiveCount 5",
    broken: (resources) => mapping(resources, { functionResponseTypes: [] }),
  },
  {
    ids: ["LambdaEventSourceSQSVisibilityTimeout"],
    says: "a message stays hidden for six times as long as its function may take, and for the window",
    level: "M",
    of: ["lambda/eventSourceMapping"],
    found: (mapping, resources) => {
      const { functionName, maximumBatchingWindowInSeconds = 0 } = mapping.inputs;
      const lambda = ofType(resources, "lambda/function").find(({ outputs }) => outputs.name === functionName);
      const least = 6 * Number(lambda?.inputs.timeout) + Number(maximumBatchingWindowInSeconds);
      const hidden = Number(sourceOf(mapping, resources)?.inputs.visibilityTimeoutSeconds ?? 30);
      return hidden >= least ? undefined : `${hidden} s are less than ${least} s`;
    },
    remedy: "set the queue's visibilityTimeoutSeconds to 6 x timeout + window",
    broken: (resources) => mapping(resources, {}),
  },
  {
    ids: ["own: alarm on dead letters of a queue"],
    says: "somebody is told of the messages that a function failed for good",
    level: "M",
    of: ["lambda/eventSourceMapping"],
    found: (mapping, resources) => {
      const redrive = String(sourceOf(mapping, resources)?.inputs.redrivePolicy);
      const letters = ofType(resources, "sqs/queue").find(({ outputs }) => redrive.includes(`"${outputs.arn}"`));
      const watched = ofType(resources, "cloudwatch/metricAlarm")
        .filter(({ inputs }) => texts(inputs.dimensions).includes(String(letters?.outputs.name)))
        .map(({ inputs }) => inputs.metricName);
      const missing = ["ApproximateNumberOfMessagesVisible", "ApproximateAgeOfOldestMessage"].filter(
        (metric) => !watched.includes(metric),
      );
      return missing.length === 0 ? undefined : `no alarm on ${missing.join(", ")}`;
    },
    remedy: "make deadLetterAlarms(stage, ...)",
    broken: (resources) => mapping(resources, {}),
  },
  {
    ids: ["own: senders of a queue"],
    says: "a queue's policy names the resource on whose behalf a service may send, and lets it do nothing else",
    level: "M",
    of: ["sqs/queuePolicy"],
    found: (policy, resources) => {
      const arns = resources.map(({ outputs }) => outputs.arn);
      for (const { Principal, Action, Condition } of allows(policy)) {
        if (typeof Principal !== "object" || Principal.Service === undefined) continue;
        const source = Condition?.ArnEquals?.["aws:SourceArn"];
        if (source === undefined || !arns.includes(source)) return `${list(Principal.Service)} may send for ${source}`;
        if (list(Action).join() !== "sqs:SendMessage") return `${list(Principal.Service)} may ${list(Action)}`;
      }
      return undefined;
    },
    remedy: "give the statement a condition: ArnEquals, aws:SourceArn",
    broken: (resources) =>
      changed(resources, "sqs/queuePolicy", {
        policy: policyOf({
          Effect: "Allow",
          Principal: { Service: "events.amazonaws.com" },
          Action: "sqs:SendMessage",
          Condition: { StringEquals: { "aws:SourceAccount": "123456789012" } },
        }),
      }),
  },
];
