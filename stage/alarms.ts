// alarms: what somebody must look at, for every stage alike.

import type * as aws from "@pulumi/aws";
import { alarm } from "./alarm";
import type { Platform } from "./platform";
import type { Stage } from "./stage";

const week = 7 * 24 * 3_600;

export function alarms(stage: Stage, timeoutSeconds: number, platform: Platform): void {
  const lambda = { namespace: "AWS/Lambda", dimensions: { FunctionName: stage.function.name } };
  const on = alarmOf(stage, platform);

  on("errors", `${stage.name} failed. What woke it is tried again; the log says why.`, {
    ...lambda,
    metricName: "Errors",
    statistic: "Sum",
  });
  on("throttles", `${stage.name} is asked for more than may run at once. Raise its concurrency, or wait.`, {
    ...lambda,
    metricName: "Throttles",
    statistic: "Sum",
  });
  on(
    "duration",
    `${stage.name} takes over four fifths of its ${timeoutSeconds} s. Give it more memory or less to do.`,
    {
      ...lambda,
      metricName: "Duration",
      extendedStatistic: "p99",
      threshold: timeoutSeconds * 1_000 * 0.8,
    },
  );
  deadLetterAlarms(stage, stage.name, stage.deadLetters, platform);
}

/** Of a queue in which what failed for good waits; `of` begins the names of the alarms. */
export function deadLetterAlarms(stage: Stage, of: string, queue: aws.sqs.Queue, platform: Platform): void {
  const letters = { namespace: "AWS/SQS", dimensions: { QueueName: queue.name }, statistic: "Maximum" };
  const on = alarmOf(stage, platform, of);
  on("dead-letters", `Events of ${of} failed for good and wait in its dead-letter queue.`, {
    ...letters,
    metricName: "ApproximateNumberOfMessagesVisible",
  });
  on("dead-letter-age", `A dead letter of ${of} is a week old; after a second week it is gone.`, {
    ...letters,
    metricName: "ApproximateAgeOfOldestMessage",
    threshold: week,
  });
}

const alarmOf =
  (stage: Stage, platform: Platform, of = stage.name) =>
  (what: string, alarmDescription: string, args: Partial<aws.cloudwatch.MetricAlarmArgs>) =>
    alarm(platform, `${of}-${what}`, alarmDescription, args, { parent: stage });
