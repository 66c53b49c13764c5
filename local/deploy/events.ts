// events: every registered bus, rule and target on the embedded EventBridge.

import type { Registered } from "../../stage/evaluation/evaluate";
import { readPolicy, serviceRefusal } from "../door/policy";
import { defaultRetry, type Route } from "../services/events/deliveries";
import type { Events } from "../services/events/events";
import { type Registry, text } from "./registry";
import { isFunction, isQueue, type Reachable, type Refusal, refuseOthers, toFunction, toQueue } from "./targets";

export const eventTypes = [
  "aws:cloudwatch/eventBus:EventBus",
  "aws:cloudwatch/eventBusPolicy:EventBusPolicy",
  "aws:cloudwatch/eventRule:EventRule",
  "aws:cloudwatch/eventTarget:EventTarget",
];

const service = "events.amazonaws.com";

/** After the functions, because a rule takes up at once what an earlier start could not deliver. */
export function deployEvents(reachable: Reachable, events: Events, account: string): void {
  const { registry } = reachable;
  for (const bus of registry.ofType("aws:cloudwatch/eventBus:EventBus")) {
    refuseOthers(`the bus "${bus.name}"`, bus.inputs, ["name", "description", "tags"]);
    createBus(registry, events, text(bus, "name"));
  }
  createBus(registry, events, "default");
  for (const rule of registry.ofType("aws:cloudwatch/eventRule:EventRule")) putRule(reachable, events, account, rule);
}

function createBus(registry: Registry, events: Events, name: string): void {
  const [policy] = registry
    .ofType("aws:cloudwatch/eventBusPolicy:EventBusPolicy")
    .filter(({ inputs }) => (inputs.eventBusName ?? "default") === name);
  events.createBus(name, policy && readPolicy(text(policy, "policy"), name));
}

function putRule(reachable: Reachable, events: Events, account: string, rule: Registered): void {
  const { inputs } = rule;
  const what = `the rule "${rule.name}"`;
  refuseOthers(what, inputs, ["name", "description", "eventBusName", "eventPattern", "state", "forceDestroy", "tags"]);
  const state = inputs.state ?? "ENABLED";
  if (state === "DISABLED") return;
  if (state !== "ENABLED") throw new Error(`Cannot deploy ${what}: the state ${state} is not imitated`);
  const [bus, name, arn] = [String(inputs.eventBusName ?? "default"), text(rule, "name"), text(rule, "arn")];
  const targets = reachable.registry
    .about("aws:cloudwatch/eventTarget:EventTarget", "rule", name)
    .filter((target) => (target.inputs.eventBusName ?? "default") === bus)
    .map((target) => routeOf(reachable, target, arn, account));
  // https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-quota.html
  if (targets.length > 5) throw new Error(`Cannot deploy ${what}: it has ${targets.length} targets, and 5 are allowed`);
  try {
    events.putRule({ arn, bus, pattern: text(rule, "eventPattern"), targets });
  } catch (cause) {
    throw new Error(`Cannot deploy ${what}: ${(cause as Error).message}`, { cause });
  }
}

interface Retry {
  readonly maximumRetryAttempts?: number;
  readonly maximumEventAgeInSeconds?: number;
}

function routeOf(reachable: Reachable, target: Registered, ruleArn: string, account: string): Route {
  const { inputs } = target;
  const what = `the target "${target.name}"`;
  const imitated = ["rule", "eventBusName", "arn", "targetId", "retryPolicy", "deadLetterConfig", "forceDestroy"];
  refuseOthers(what, inputs, imitated);
  const arn = text(target, "arn");
  const retry = (inputs.retryPolicy ?? {}) as Retry;
  const deadLetterArn = (inputs.deadLetterConfig as { arn?: string } | undefined)?.arn;
  const context = { "aws:SourceArn": ruleArn, "aws:SourceAccount": account };
  const refusal: Refusal = (need) => serviceRefusal(service, { ...need, context });
  return {
    name: `${ruleArn} ${inputs.targetId ?? target.name}`,
    targetArn: arn,
    retry: {
      attempts: retry.maximumRetryAttempts ?? defaultRetry.attempts,
      maximumAgeSeconds: retry.maximumEventAgeInSeconds ?? defaultRetry.maximumAgeSeconds,
    },
    send: sendTo(reachable, arn, what, ruleArn, refusal),
    ...(deadLetterArn === undefined ? {} : { deadLetter: toQueue(reachable, deadLetterArn, refusal) }),
  };
}

function sendTo(reachable: Reachable, arn: string, what: string, ruleArn: string, refusal: Refusal): Route["send"] {
  if (isQueue(arn)) return toQueue(reachable, arn, refusal);
  if (!isFunction(arn)) throw new Error(`Cannot deploy ${what}: a target like ${arn} is not imitated`);
  return toFunction(reachable, arn, service, ({ resource, action }) => {
    const permitted = permissionsOf(reachable.registry, resource).some(
      ({ inputs }) => inputs.action === action && inputs.principal === service && inputs.sourceArn === ruleArn,
    );
    return permitted ? undefined : `${service} may not invoke ${resource} for ${ruleArn}`;
  });
}

function permissionsOf(registry: Registry, functionArn: string): readonly Registered[] {
  const lambda = registry.ofType("aws:lambda/function:Function").find(({ outputs }) => outputs.arn === functionArn);
  return registry.about("aws:lambda/permission:Permission", "function", lambda?.outputs.name);
}
