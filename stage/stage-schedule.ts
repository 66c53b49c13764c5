// stage-schedule: a stage's place in the stack's group of schedules.
//
//   schedule ──(role: invoke this one function)──> stage
//      └──(not delivered)──> the stage's dead letters

import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { invoke, policyOf, send } from "./permissions";
import type { Stage } from "./stage";

export interface When {
  readonly name: string;
  readonly expression: string;
  readonly enabled: boolean;
}

export function stageSchedule(stage: Stage, { name, expression, enabled }: When): void {
  const child = { parent: stage };
  const { platform, deadLetters } = stage;
  const own = `${stage.name}-${name}`;
  const trust = {
    Effect: "Allow",
    Principal: { Service: "scheduler.amazonaws.com" },
    Action: "sts:AssumeRole",
    Condition: { StringEquals: { "aws:SourceAccount": platform.accountId } },
  };
  const assumeRolePolicy = pulumi.jsonStringify({ Version: "2012-10-17", Statement: [trust] });
  const role = new aws.iam.Role(own, { assumeRolePolicy }, child);
  const may = policyOf([invoke(stage.function), send(deadLetters)]);
  const policy = new aws.iam.RolePolicy(own, { role: role.name, policy: may }, child);
  new aws.scheduler.Schedule(
    own,
    {
      groupName: platform.schedules.name,
      scheduleExpression: expression,
      scheduleExpressionTimezone: "UTC",
      flexibleTimeWindow: { mode: "OFF" },
      state: enabled ? "ENABLED" : "DISABLED",
      target: {
        arn: stage.function.arn,
        roleArn: role.arn,
        input: "{}",
        // What cannot be delivered for an hour is told of instead of being tried on.
        retryPolicy: { maximumEventAgeInSeconds: 3_600, maximumRetryAttempts: 20 },
        deadLetterConfig: { arn: deadLetters.arn },
      },
    },
    { ...child, dependsOn: [policy] },
  );
}
