// subscription-attributes: what a subscription may be told, and what is made of it.

import { type FilterPolicyScope, readFilterPolicy } from "./filter-policy";
import { invalid, notImitated } from "./form";
import type { Message } from "./message";
import type { Attributes, Protocol } from "./subscriptions";

const imitated = ["FilterPolicy", "FilterPolicyScope", "RawMessageDelivery", "RedrivePolicy"];

/** Throws SNS's words for the first of them that a subscription by `protocol` cannot have. */
export function checkAttributes(attributes: Readonly<Record<string, string>>, protocol: Protocol): Attributes {
  const other = Object.keys(attributes).find((name) => !imitated.includes(name));
  if (other !== undefined) throw notImitated(`A subscription with ${other}`);
  const { RawMessageDelivery = "false", RedrivePolicy = "" } = attributes;
  if (!["true", "false"].includes(RawMessageDelivery)) throw invalid("Attributes Reason: RawMessageDelivery");
  if (RawMessageDelivery === "true" && protocol !== "sqs")
    throw invalid(`Attributes Reason: Delivery protocol [${protocol}] does not support raw message delivery.`);
  if (RedrivePolicy !== "" && deadLetterArn(attributes) === undefined)
    throw invalid("RedrivePolicy: deadLetterTargetArn is an invalid arn");
  wants(attributes);
  return attributes;
}

/** Which messages it is sent. */
export function wants({ FilterPolicy = "", FilterPolicyScope = "MessageAttributes" }: Attributes) {
  if (!isScope(FilterPolicyScope)) throw invalid(`FilterPolicyScope: Invalid value [${FilterPolicyScope}]`);
  return readFilterPolicy(FilterPolicy, FilterPolicyScope);
}

/** The queue of what cannot be delivered; none where the policy is not there, or makes no sense. */
export function deadLetterArn({ RedrivePolicy = "" }: Attributes): string | undefined {
  try {
    const { deadLetterTargetArn } = JSON.parse(RedrivePolicy) as { deadLetterTargetArn?: unknown };
    return typeof deadLetterTargetArn === "string" && /^arn:aws:sqs:[^:]+:\d+:[^:]+$/.test(deadLetterTargetArn)
      ? deadLetterTargetArn
      : undefined;
  } catch {
    return undefined;
  }
}

export const isRaw = ({ RawMessageDelivery }: Attributes): boolean => RawMessageDelivery === "true";

/** What SNS delivers to `protocol`: the text for it, or the one for all. */
export const textFor = ({ texts, text }: Message, protocol: Protocol): string => texts[protocol] ?? text;

const isScope = (scope: string): scope is FilterPolicyScope => scope === "MessageAttributes" || scope === "MessageBody";
