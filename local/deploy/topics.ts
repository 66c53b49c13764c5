// topics: every registered topic, its policy and its subscriptions on the embedded SNS.

import type { Registered } from "../../stage/evaluation/evaluate";
import { type PolicyDocument, readPolicy, serviceRefusal } from "../door/policy";
import { deliveryError } from "../services/events/deliveries";
import type { Reach } from "../services/sns/fan-out";
import type { DeclaredSubscription, Sns } from "../services/sns/sns";
import { endpointOf, protocolOf } from "../services/sns/subscriber";
import { checkAttributes } from "../services/sns/subscription-attributes";
import type { Topic } from "../services/sns/topic";
import { type Registry, text } from "./registry";
import { type Reachable, refuseOthers, toFunction } from "./targets";

export const topicTypes = [
  "aws:sns/topic:Topic",
  "aws:sns/topicPolicy:TopicPolicy",
  "aws:sns/topicSubscription:TopicSubscription",
];

const service = "sns.amazonaws.com";

/** After the functions, because a topic takes up at once what an earlier start could not deliver. */
export function deployTopics(reachable: Reachable, sns: Pick<Sns, "deploy">, account: string): void {
  const { registry } = reachable;
  const topics = registry.ofType("aws:sns/topic:Topic").map((topic) => topicOf(registry, topic));
  const arns = topics.map(({ arn }) => arn);
  const subscriptions = registry
    .ofType("aws:sns/topicSubscription:TopicSubscription")
    .map((subscription) => subscriptionOf(subscription, arns));
  sns.deploy(topics, subscriptions, reach(reachable, account));
}

function topicOf(registry: Registry, topic: Registered): Topic {
  const { displayName, kmsMasterKeyId } = topic.inputs;
  const [arn, name] = [text(topic, "arn"), text(topic, "name")];
  const what = `the topic "${topic.name}"`;
  refuseOthers(what, topic.inputs, ["name", "displayName", "kmsMasterKeyId", "tags"]);
  if (name.endsWith(".fifo")) throw new Error(`Cannot deploy ${what}: FIFO topics are not imitated`);
  const [policy] = registry.about("aws:sns/topicPolicy:TopicPolicy", "arn", arn);
  return {
    arn,
    ...(typeof displayName === "string" ? { displayName } : {}),
    ...(typeof kmsMasterKeyId === "string" ? { kmsKeyId: kmsMasterKeyId } : {}),
    ...(policy === undefined ? {} : { policy: topicPolicy(what, readPolicy(text(policy, "policy"), topic.name)) }),
  };
}

/** SNS takes single actions only (SNS Developer Guide, "Valid Amazon SNS policy actions"). */
function topicPolicy(what: string, policy: PolicyDocument): PolicyDocument {
  const wide = policy.Statement.flatMap(({ Action }) => [Action].flat()).find((action) => action.includes("*"));
  if (wide === undefined) return policy;
  throw new Error(`Cannot deploy ${what}: "${wide}": Invalid parameter: Policy statement action out of service scope!`);
}

/** The inputs that are attributes of SNS, by what SNS calls them. */
const attributes = {
  FilterPolicy: "filterPolicy",
  FilterPolicyScope: "filterPolicyScope",
  RawMessageDelivery: "rawMessageDelivery",
  RedrivePolicy: "redrivePolicy",
};

function subscriptionOf(subscription: Registered, topicArns: readonly string[]): DeclaredSubscription {
  const { inputs } = subscription;
  const what = `the subscription "${subscription.name}"`;
  refuseOthers(what, inputs, ["topic", "protocol", "endpoint", ...Object.values(attributes)]);
  const topicArn = text(subscription, "topic");
  if (!topicArns.includes(topicArn)) throw new Error(`Cannot deploy ${what}: there is no topic "${topicArn}"`);
  const given = Object.entries(attributes).filter(([, input]) => inputs[input] !== undefined);
  try {
    const protocol = protocolOf(text(subscription, "protocol"));
    return {
      arn: text(subscription, "arn"),
      topicArn,
      protocol,
      endpoint: endpointOf(protocol, text(subscription, "endpoint")),
      attributes: checkAttributes(Object.fromEntries(given.map(([n, input]) => [n, String(inputs[input])])), protocol),
    };
  } catch (cause) {
    throw new Error(`Cannot deploy ${what}: ${(cause as Error).message}`, { cause });
  }
}

/** SNS is let in by the policy of a queue, and by a permission of a function, each for the topic. */
function reach(reachable: Reachable, account: string): Reach {
  const { registry, sqs } = reachable;
  const source = (topicArn: string) => ({ "aws:SourceArn": topicArn, "aws:SourceAccount": account });
  return {
    queue(topicArn, queueArn, body, messageAttributes) {
      const isThere = registry.ofType("aws:sqs/queue:Queue").some(({ outputs }) => outputs.arn === queueArn);
      if (!isThere) throw deliveryError("NO_RESOURCE", `There is no queue "${queueArn}"`);
      const resourcePolicy = sqs.configOf(queueArn).policy;
      const refusal = serviceRefusal(service, {
        action: "sqs:SendMessage",
        resource: queueArn,
        context: source(topicArn),
        ...(resourcePolicy === undefined ? {} : { resourcePolicy }),
      });
      if (refusal !== undefined) throw deliveryError("NO_PERMISSIONS", refusal);
      sqs.send(queueArn, body, messageAttributes);
    },
    lambda: (topicArn, functionArn, event) =>
      toFunction(reachable, functionArn, service, ({ resource, action }) =>
        permits(registry, resource, topicArn, action)
          ? undefined
          : `${service} may not invoke ${resource} for ${topicArn}`,
      )(JSON.stringify(event)),
  };
}

function permits(registry: Registry, functionArn: string, topicArn: string, action: string): boolean {
  const lambda = registry.ofType("aws:lambda/function:Function").find(({ outputs }) => outputs.arn === functionArn);
  return registry
    .about("aws:lambda/permission:Permission", "function", lambda?.outputs.name)
    .some(({ inputs }) => inputs.action === action && inputs.principal === service && inputs.sourceArn === topicArn);
}
