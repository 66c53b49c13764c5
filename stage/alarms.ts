// alarms: what somebody must look at, for every stage alike. Each goes to the platform's topic and says so when it is over.

import * as aws from "@pulumi/aws";
import type { Platform } from "./platform";
import type { Stage } from "./stage";

const week = 7 * 24 * 3_600;

export function alarms(stage: Stage, timeoutSeconds: number, platform: Platform): void {
  const lambda = { namespace: "AWS/Lambda", dimensions: { FunctionName: stage.function.name } };
  const queue = { namespace: "AWS/SQS", dimensions: { QueueName: stage.deadLetters.name } };

  const alarm = (what: string, alarmDescription: string, args: Partial<aws.cloudwatch.MetricAlarmArgs>) =>
    new aws.cloudwatch.MetricAlarm(
      `${stage.name}-${what}`,
      {
        alarmDescription,
        comparisonOperator: "GreaterThanThreshold",
        evaluationPeriods: 1,
        period: 300,
        threshold: 0,
        treatMissingData: "notBreaching",
        alarmActions: [platform.alarms.arn],
        okActions: [platform.alarms.arn],
        ...args,
      },
      { parent: stage },
    );

  alarm("errors", `${stage.name} failed. What woke it is tried again; the log says why.`, {
    ...lambda,
    metricName: "Errors",
    statistic: "Sum",
  });
  alarm("throttles", `${stage.name} is asked for more than may run at once. Raise its concurrency, or wait.`, {
    ...lambda,
    metricName: "Throttles",
    statistic: "Sum",
  });
  alarm(
    "duration",
    `${stage.name} takes over four fifths of its ${timeoutSeconds} s. Give it more memory or less to do.`,
    {
      ...lambda,
      metricName: "Duration",
      extendedStatistic: "p99",
      threshold: timeoutSeconds * 1_000 * 0.8,
    },
  );
  alarm("dead-letters", `Events of ${stage.name} failed for good and wait in its dead-letter queue.`, {
    ...queue,
    metricName: "ApproximateNumberOfMessagesVisible",
    statistic: "Maximum",
  });
  alarm("dead-letter-age", `A dead letter of ${stage.name} is a week old; after a second week it is gone.`, {
    ...queue,
    metricName: "ApproximateAgeOfOldestMessage",
    statistic: "Maximum",
    threshold: week,
  });
}
