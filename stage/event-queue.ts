// event-queue: the way of events to a stage that takes them in batches.
//
//   bucket, bus ──> EventBridge ── rule ──> queue ──(batches)──> stage
//                                    └──────┴──(not delivered, or received five times)──> dead letters
//                                                                                             ^
//                                        what the stage fails for good (each-message.ts) ─────┘
//
// The queues are encrypted with SQS's own key in every stack, because EventBridge could use one of ours only if its policy let
// the whole service in (https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-rule-dlq.html), and what lies in them names
// objects and items, no more.

import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { deadLetterAlarms } from "./alarms";
import { deadLetterQueue } from "./dead-letter-queue";
import type { Stage } from "./stage";
import { tlsOnly } from "./tls-only";

export interface EventsWanted {
  /** `objects`, `events`: what they are, in the names of resources. */
  readonly what: string;
  readonly description: string;
  readonly pattern: pulumi.Input<object>;
  /** For how long they are gathered, in seconds. */
  readonly window: number;
}

export interface EventQueue {
  readonly queue: aws.sqs.Queue;
  readonly deadLetters: aws.sqs.Queue;
}

/** The queue of `stage`, to which a rule brings every event of the default bus that matches the pattern. */
export function eventQueue(stage: Stage, { what, description, pattern, window }: EventsWanted): EventQueue {
  const child = { parent: stage };
  const { name, platform, timeout } = stage;
  const rule = new aws.cloudwatch.EventRule(name, { description, eventPattern: pulumi.jsonStringify(pattern) }, child);
  const sends = (queueArn: pulumi.Output<string>) => ({
    Sid: "Rule",
    Effect: "Allow",
    Principal: { Service: "events.amazonaws.com" },
    Action: "sqs:SendMessage",
    Resource: queueArn,
    Condition: { ArnEquals: { "aws:SourceArn": rule.arn } },
  });

  const deadLetters = deadLetterQueue(`${name}-${what}`, child, (arn) => [sends(arn)]);
  deadLetterAlarms(stage, `${name}-${what}`, deadLetters, platform);
  const queue = new aws.sqs.Queue(
    name,
    {
      // Six times as long as a batch may take: Lambda tries again by itself when it is throttled. And what is gathered is
      // hidden already. https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html
      visibilityTimeoutSeconds: 6 * timeout + window,
      redrivePolicy: pulumi.jsonStringify({ deadLetterTargetArn: deadLetters.arn, maxReceiveCount: 5 }),
      sqsManagedSseEnabled: true,
      tags: { dataClass: "internal" },
    },
    child,
  );
  const policy = new aws.sqs.QueuePolicy(
    name,
    { queueUrl: queue.url, policy: tlsOnly("sqs", [queue.arn], [sends(queue.arn)]) },
    child,
  );
  new aws.cloudwatch.EventTarget(
    name,
    {
      rule: rule.name,
      arn: queue.arn,
      retryPolicy: { maximumEventAgeInSeconds: 86_400, maximumRetryAttempts: 185 },
      deadLetterConfig: { arn: deadLetters.arn },
    },
    { ...child, dependsOn: [policy] },
  );
  return { queue, deadLetters };
}
