// schedules: every registered schedule on the embedded EventBridge Scheduler, with what its role may do.

import type { Registered } from "../../stage/evaluation/evaluate";
import { type PolicyDocument, readPolicy, refusalOf, serviceRefusal } from "../door/policy";
import type { Principal } from "../door/principals";
import { defaultRetry } from "../services/events/deliveries";
import type { Scheduler } from "../services/scheduler/scheduler";
import { type Registry, text } from "./registry";
import { isFunction, type Reachable, type Refusal, refuseOthers, toFunction, toQueue } from "./targets";

export const scheduleTypes = ["aws:scheduler/schedule:Schedule", "aws:scheduler/scheduleGroup:ScheduleGroup"];

const service = "scheduler.amazonaws.com";

interface Target {
  readonly arn: string;
  readonly roleArn: string;
  readonly input?: string;
  readonly retryPolicy?: { readonly maximumRetryAttempts?: number; readonly maximumEventAgeInSeconds?: number };
  readonly deadLetterConfig?: { readonly arn?: string };
}

/** After the functions, because a schedule may be due at once. */
export function deploySchedules(reachable: Reachable, scheduler: Scheduler, account: string): void {
  for (const schedule of reachable.registry.ofType("aws:scheduler/schedule:Schedule")) {
    deploy(reachable, scheduler, account, schedule);
  }
}

const imitated = [
  "name",
  "description",
  "groupName",
  "flexibleTimeWindow",
  "scheduleExpression",
  "scheduleExpressionTimezone",
  "state",
  "target",
];

function deploy(reachable: Reachable, scheduler: Scheduler, account: string, schedule: Registered): void {
  const { inputs } = schedule;
  const what = `the schedule "${schedule.name}"`;
  const target = inputs.target as Target;
  refuseOthers(what, inputs, imitated);
  refuseOthers(what, { ...target }, ["arn", "roleArn", "input", "retryPolicy", "deadLetterConfig"]);
  const refused = notImitated(inputs, target);
  if (refused !== undefined) throw new Error(`Cannot deploy ${what}: ${refused} is not imitated`);

  const arn = text(schedule, "arn");
  const role = roleOf(reachable.registry, target.roleArn, account, what);
  const refusal: Refusal = (need) => refusalOf(role, need);
  const deadLetterArn = target.deadLetterConfig?.arn;
  scheduler.put({
    arn,
    expression: text(schedule, "scheduleExpression"),
    enabled: (inputs.state ?? "ENABLED") === "ENABLED",
    input: String(target.input),
    target: {
      name: arn,
      targetArn: target.arn,
      retry: {
        attempts: target.retryPolicy?.maximumRetryAttempts ?? defaultRetry.attempts,
        maximumAgeSeconds: target.retryPolicy?.maximumEventAgeInSeconds ?? defaultRetry.maximumAgeSeconds,
      },
      send: toFunction(reachable, target.arn, service, refusal),
      ...(deadLetterArn === undefined ? {} : { deadLetter: toQueue(reachable, deadLetterArn, refusal) }),
    },
  });
}

function notImitated(inputs: Registered["inputs"], { arn, input }: Target): string | undefined {
  const { mode } = inputs.flexibleTimeWindow as { mode?: string };
  const zone = inputs.scheduleExpressionTimezone ?? "UTC";
  if (mode !== "OFF") return "a flexible time window";
  if (zone !== "UTC") return `the time zone ${zone}`;
  if (!isFunction(arn)) return `a target like ${arn}`;
  if (input === undefined) return "a target without input";
  return input.includes("<aws.scheduler.") ? "an input with <aws.scheduler...>" : undefined;
}

/** What CreateSchedule looks at: whether the Scheduler may take the role. What the role may do it finds out when it is due. */
function roleOf(registry: Registry, roleArn: string, account: string, what: string): Principal {
  const role = registry.ofType("aws:iam/role:Role").find(({ outputs }) => outputs.arn === roleArn);
  if (role === undefined) throw new Error(`Cannot deploy ${what}: there is no role "${roleArn}"`);
  const name = text(role, "name");
  const refusal = serviceRefusal(service, {
    action: "sts:AssumeRole",
    resource: roleArn,
    resourcePolicy: trustOf(role),
    context: { "aws:SourceAccount": account },
  });
  if (refusal !== undefined) {
    const words = "The execution role you provide must allow AWS EventBridge Scheduler to assume the role.";
    throw new Error(`Cannot deploy ${what}: ${words} ${refusal}`);
  }
  return {
    name,
    arn: `arn:aws:sts::${account}:assumed-role/${name}/scheduler`,
    accessKeyId: "",
    secretAccessKey: "",
    policies: registry
      .about("aws:iam/rolePolicy:RolePolicy", "role", name)
      .map((policy) => readPolicy(text(policy, "policy"), name)),
  };
}

/** A trust policy names no resource: it is about its own role. */
function trustOf(role: Registered): PolicyDocument {
  const { Statement } = readPolicy(text(role, "assumeRolePolicy"), role.name);
  return { Statement: Statement.map((statement) => ({ ...statement, Resource: "*" })) };
}
