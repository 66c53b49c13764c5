// alarm: an alarm as all of ours are: once over a threshold, which is 0 unless something else is said, within five minutes. It
// goes to the platform's topic, and says so when it is over.

import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import type { Platform } from "./platform";

/** `args` say of what, and what else differs. */
export const alarm = (
  { alarms }: Pick<Platform, "alarms">,
  name: string,
  alarmDescription: string,
  args: Partial<aws.cloudwatch.MetricAlarmArgs>,
  options: pulumi.CustomResourceOptions,
) =>
  new aws.cloudwatch.MetricAlarm(
    name,
    {
      alarmDescription,
      comparisonOperator: "GreaterThanThreshold",
      evaluationPeriods: 1,
      period: 300,
      threshold: 0,
      treatMissingData: "notBreaching",
      alarmActions: [alarms.arn],
      okActions: [alarms.arn],
      ...args,
    },
    options,
  );
