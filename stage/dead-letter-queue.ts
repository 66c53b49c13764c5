// dead-letter-queue: where an event waits, whole and with its error, after the last try failed.

import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import { tlsOnly } from "./tls-only";

const fourteenDays = 14 * 24 * 3_600;

export function deadLetterQueue(stage: string, options: pulumi.CustomResourceOptions): aws.sqs.Queue {
  const name = `${stage}-dead-letters`;
  const queue = new aws.sqs.Queue(
    name,
    { messageRetentionSeconds: fourteenDays, sqsManagedSseEnabled: true, tags: { dataClass: "internal" } },
    options,
  );
  new aws.sqs.QueuePolicy(name, { queueUrl: queue.url, policy: tlsOnly("sqs", [queue.arn]) }, options);
  return queue;
}
