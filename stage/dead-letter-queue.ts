// dead-letter-queue: where an event waits, whole and with its error, after the last try failed.

import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import { tlsOnly } from "./tls-only";

const fourteenDays = 14 * 24 * 3_600;

/** Named `{of}-dead-letters`; `allow` are statements for its policy, for an AWS service that sends there itself. */
export function deadLetterQueue(
  of: string,
  options: pulumi.CustomResourceOptions,
  allow: (queueArn: pulumi.Output<string>) => pulumi.Input<object>[] = () => [],
): aws.sqs.Queue {
  const name = `${of}-dead-letters`;
  const queue = new aws.sqs.Queue(
    name,
    { messageRetentionSeconds: fourteenDays, sqsManagedSseEnabled: true, tags: { dataClass: "internal" } },
    options,
  );
  new aws.sqs.QueuePolicy(
    name,
    { queueUrl: queue.url, policy: tlsOnly("sqs", [queue.arn], allow(queue.arn)) },
    options,
  );
  return queue;
}
