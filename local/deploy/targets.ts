// targets: what EventBridge and its Scheduler can reach here - queues and functions - and whether they let them in.

import type { Need } from "../door/service";
import { type Attributes, deliveryError } from "../services/events/deliveries";
import type { Lambda } from "../services/lambda/lambda";
import type { Sqs } from "../services/sqs/sqs";
import { type Registry, text } from "./registry";

/** Why the service may not do this; nothing where it may. */
export type Refusal = (need: Need) => string | undefined;

export interface Reachable {
  readonly registry: Registry;
  readonly sqs: Sqs;
  readonly lambda: Pick<Lambda, "invokeAsync">;
}

/** Gives what sends a body to the queue `arn`, if `refusal` finds nothing against it. */
export function toQueue({ registry, sqs }: Reachable, arn: string, refusal: Refusal) {
  return (body: string, attributes: Attributes = {}): void => {
    const isThere = registry.ofType("aws:sqs/queue:Queue").some(({ outputs }) => outputs.arn === arn);
    if (!isThere) throw deliveryError("NO_RESOURCE", `There is no queue "${arn}"`);
    const resourcePolicy = sqs.configOf(arn).policy;
    const reason = refusal({
      action: "sqs:SendMessage",
      resource: arn,
      ...(resourcePolicy === undefined ? {} : { resourcePolicy }),
    });
    if (reason !== undefined) throw deliveryError("NO_PERMISSIONS", reason);
    const named = Object.entries(attributes).map(([name, StringValue]) => [name, { DataType: "String", StringValue }]);
    sqs.send(arn, body, Object.fromEntries(named));
  };
}

/** Gives what invokes the function `arn` with a body, asynchronously as AWS does, if `refusal` finds nothing against it. */
export function toFunction({ registry, lambda }: Reachable, arn: string, source: string, refusal: Refusal) {
  return (body: string): void => {
    const found = registry.ofType("aws:lambda/function:Function").find(({ outputs }) => outputs.arn === arn);
    if (found === undefined) throw deliveryError("NO_RESOURCE", `There is no function "${arn}"`);
    const reason = refusal({ action: "lambda:InvokeFunction", resource: arn });
    if (reason !== undefined) throw deliveryError("NO_PERMISSIONS", reason);
    lambda.invokeAsync(text(found, "name"), JSON.parse(body), { source });
  };
}

export const isQueue = (arn: string): boolean => /^arn:aws:sqs:[^:]+:\d+:[^:]+$/.test(arn);

export const isFunction = (arn: string): boolean => /^arn:aws:lambda:[^:]+:\d+:function:[^:]+$/.test(arn);

/** Stops the deployment at the first input that is set and not among those that are imitated. */
export function refuseOthers(
  what: string,
  inputs: Readonly<Record<string, unknown>>,
  imitated: readonly string[],
): void {
  const other = Object.keys(inputs).find((name) => inputs[name] !== undefined && !imitated.includes(name));
  if (other !== undefined) throw new Error(`Cannot deploy ${what}: ${other} is not imitated`);
}
