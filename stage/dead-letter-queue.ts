// dead-letter-queue: where an event waits, whole and with its error, after the last try failed.

import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { tlsOnly } from "./tls-only";

const fourteenDays = 14 * 24 * 3_600;

/** Of the program, which is one a process, as Pulumi has it. */
const made: Record<string, pulumi.Output<string>> = {};

/** The URL of every dead-letter queue that the program has made until now, by its name: an output, for `npm run redrive`. */
export const deadLetterQueues = (): pulumi.Output<Record<string, string>> => pulumi.output({ ...made });

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
  made[name] = queue.url;
  return queue;
}
