// object-queue: the way of a bucket's new objects to a stage that takes them in batches.
//
//   bucket ──> EventBridge ── rule ──> queue ──(batches)──> stage
//                               └──────┴──(not delivered, or received five times)──> dead letters
//
// S3 itself refuses two subscriptions to overlapping keys; of rules there may be any number. The queues are encrypted with
// SQS's own key in every stack, because EventBridge could use one of ours only if its policy let the whole service in
// (https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-rule-dlq.html), and what lies in them names objects, no more.

import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { deadLetterAlarms } from "./alarms";
import type { DataBucket } from "./data-bucket";
import { deadLetterQueue } from "./dead-letter-queue";
import type { Stage } from "./stage";
import { tlsOnly } from "./tls-only";

export interface Objects {
  /** What their keys begin with; all keys where there is none. */
  readonly prefixes: readonly string[];
  /** For how long they are gathered, in seconds. */
  readonly window: number;
}

/** The queue of `stage`, to which a rule brings every object that is created in `bucket` under one of the prefixes. */
export function objectQueue(stage: Stage, bucket: DataBucket, { prefixes, window }: Objects): aws.sqs.Queue {
  const child = { parent: stage };
  const { name, platform, timeout } = stage;
  bucket.tellEventBridge(name);
  const rule = new aws.cloudwatch.EventRule(
    name,
    { description: `New objects for ${name}`, eventPattern: patternOf(bucket, prefixes) },
    child,
  );
  const sends = (queueArn: pulumi.Output<string>) => ({
    Sid: "Rule",
    Effect: "Allow",
    Principal: { Service: "events.amazonaws.com" },
    Action: "sqs:SendMessage",
    Resource: queueArn,
    Condition: { ArnEquals: { "aws:SourceArn": rule.arn } },
  });

  const deadLetters = deadLetterQueue(`${name}-objects`, child, (arn) => [sends(arn)]);
  deadLetterAlarms(stage, `${name}-objects`, deadLetters, platform);
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
  return queue;
}

const patternOf = (bucket: DataBucket, prefixes: readonly string[]) =>
  pulumi.jsonStringify({
    source: ["aws.s3"],
    "detail-type": ["Object Created"],
    detail: {
      bucket: { name: [bucket.bucket] },
      ...(prefixes.length === 0 ? {} : { object: { key: prefixes.map((prefix) => ({ prefix })) } }),
    },
  });
