// operations: what SNS does, one function per operation, under AWS's own names.

import { randomUUID } from "node:crypto";
import { awsError, isAwsError, type Outgoing } from "../../door/service";
import { answer, entriesOf } from "./answer";
import { type Form, invalid, items, notImitated, required } from "./form";
import { largestMessage, type Message, messageOf } from "./message";
import { endpointOf, protocolOf } from "./subscriber";
import { checkAttributes } from "./subscription-attributes";
import type { Attributes, Subscription, Subscriptions } from "./subscriptions";
import { senderOf, type Topic } from "./topic";

/** What is imitated of an operation: whom it is about, what it takes beside that, and what it does. */
interface Imitation {
  readonly about: "TopicArn" | "SubscriptionArn";
  readonly parameters: readonly string[];
  /** `topic` is the one that `about` names, where there is such a one. */
  readonly run: (form: Form, topic: Topic | undefined) => Outgoing;
}

const names = [
  "ConfirmSubscription",
  "GetSubscriptionAttributes",
  "GetTopicAttributes",
  "ListSubscriptionsByTopic",
  "Publish",
  "PublishBatch",
  "SetSubscriptionAttributes",
  "Subscribe",
  "Unsubscribe",
] as const;

export type OperationName = (typeof names)[number];

export type Operations = Readonly<Record<OperationName, Imitation>>;

export const isOperation = (name: string): name is OperationName => (names as readonly string[]).includes(name);

export interface SnsOperationsOptions {
  readonly account: string;
  readonly subscribed: Subscriptions;
  /** Keeps it, as one that waits for its confirmation where it is an address. */
  readonly subscribe: (asked: Subscription) => Subscription;
  readonly publish: (topicArn: string, sender: string, message: Message, to: readonly Subscription[]) => string;
}

export function snsOperations({ account, subscribed, subscribe, publish }: SnsOperationsOptions): Operations {
  return {
    Publish: {
      about: "TopicArn",
      parameters: messageParameters,
      run: (form, topic) => answer("Publish", { MessageId: publishOne(existing(topic), messageOf(form)) }),
    },
    PublishBatch: { about: "TopicArn", parameters: ["PublishBatchRequestEntries"], run: publishBatch },
    Subscribe: {
      about: "TopicArn",
      parameters: ["Protocol", "Endpoint", "Attributes", "ReturnSubscriptionArn"],
      run: subscribeOne,
    },
    ConfirmSubscription: { about: "TopicArn", parameters: ["Token"], run: confirm },
    Unsubscribe: {
      about: "SubscriptionArn",
      parameters: [],
      // One that is gone is unsubscribed already.
      run(form) {
        subscribed.remove(required(form, "SubscriptionArn"));
        return answer("Unsubscribe");
      },
    },
    ListSubscriptionsByTopic: { about: "TopicArn", parameters: ["NextToken"], run: list },
    GetTopicAttributes: {
      about: "TopicArn",
      parameters: [],
      run: (_, topic) => answer("GetTopicAttributes", { Attributes: entriesOf(attributesOfTopic(existing(topic))) }),
    },
    GetSubscriptionAttributes: {
      about: "SubscriptionArn",
      parameters: [],
      run: (form) => answer("GetSubscriptionAttributes", { Attributes: entriesOf(attributesOf(named(form))) }),
    },
    SetSubscriptionAttributes: {
      about: "SubscriptionArn",
      parameters: ["AttributeName", "AttributeValue"],
      run(form) {
        const subscription = named(form);
        const changed = { [required(form, "AttributeName")]: form.get("AttributeValue") ?? "" };
        const attributes = checkAttributes({ ...subscription.attributes, ...changed }, subscription.protocol);
        subscribed.put({ ...subscription, attributes });
        return answer("SetSubscriptionAttributes");
      },
    },
  };

  function publishOne(topic: Topic, message: Message): string {
    return publish(topic.arn, senderOf(topic), message, subscribed.of(topic.arn));
  }

  function publishBatch(form: Form, there: Topic | undefined): Outgoing {
    const topic = existing(there);
    const entries = entriesOfBatch(form);
    const messages = entries.map((entry) => tried(() => messageOf(entry)));
    const bytes = messages.reduce((sum, message) => sum + (isAwsError(message) ? 0 : message.bytes), 0);
    if (bytes > largestMessage) {
      const limit = `Batch requests cannot be longer than ${largestMessage} bytes. You have sent ${bytes} bytes.`;
      throw awsError("BatchRequestTooLong", limit);
    }
    const Successful = entries.flatMap((entry, i) => {
      const message = messages[i];
      if (message === undefined || isAwsError(message)) return [];
      return [{ Id: required(entry, "Id"), MessageId: publishOne(topic, message) }];
    });
    const Failed = entries.flatMap((entry, i) => {
      const error = messages[i];
      if (!isAwsError(error)) return [];
      return [{ Id: required(entry, "Id"), Code: error.code, Message: error.message, SenderFault: true }];
    });
    return answer("PublishBatch", { Successful: { member: Successful }, Failed: { member: Failed } });
  }

  function subscribeOne(form: Form, there: Topic | undefined): Outgoing {
    const topic = existing(there);
    const protocol = protocolOf(required(form, "Protocol"));
    const endpoint = endpointOf(protocol, form.get("Endpoint") ?? "");
    const given = items(form, "Attributes", "entry").map((item) => [required(item, "key"), item.get("value") ?? ""]);
    const attributes = checkAttributes(Object.fromEntries(given), protocol);
    const before = subscribed.of(topic.arn).find((each) => each.protocol === protocol && each.endpoint === endpoint);
    if (before !== undefined && !sameTexts(before.attributes, attributes))
      throw invalid("Attributes Reason: Subscription already exists with different attributes");
    const asked = { arn: `${topic.arn}:${randomUUID()}`, topicArn: topic.arn, protocol, endpoint, attributes };
    const isThere = before !== undefined && before.token === undefined;
    const subscription = isThere ? before : subscribe(before ?? { ...asked, ofProgram: false });
    const shown = subscription.token === undefined || form.get("ReturnSubscriptionArn") === "true";
    return answer("Subscribe", { SubscriptionArn: shown ? subscription.arn : "pending confirmation" });
  }

  function confirm(form: Form, there: Topic | undefined): Outgoing {
    const token = required(form, "Token");
    const waiting = subscribed.of(existing(there).arn).find((each) => each.token === token);
    if (waiting === undefined) throw invalid("Token");
    const { token: _, ...confirmed } = waiting;
    subscribed.put(confirmed);
    return answer("ConfirmSubscription", { SubscriptionArn: confirmed.arn });
  }

  function list(form: Form, topic: Topic | undefined): Outgoing {
    const all = subscribed.of(existing(topic).arn);
    const first = Number(Buffer.from(form.get("NextToken") ?? "", "base64").toString() || 0);
    if (!Number.isInteger(first) || first < 0) throw invalid("NextToken");
    const member = all.slice(first, first + page).map(({ arn, topicArn, protocol, endpoint, token }) => ({
      SubscriptionArn: token === undefined ? arn : "PendingConfirmation",
      Owner: account,
      Protocol: protocol,
      Endpoint: endpoint,
      TopicArn: topicArn,
    }));
    const more = first + page < all.length;
    return answer("ListSubscriptionsByTopic", {
      Subscriptions: { member },
      NextToken: more ? Buffer.from(String(first + page)).toString("base64") : undefined,
    });
  }

  function attributesOfTopic({ arn, displayName = "", policy, kmsKeyId }: Topic): Record<string, string> {
    const all = subscribed.of(arn);
    const pending = all.filter(({ token }) => token !== undefined).length;
    return {
      TopicArn: arn,
      Owner: account,
      DisplayName: displayName,
      SubscriptionsConfirmed: String(all.length - pending),
      SubscriptionsPending: String(pending),
      SubscriptionsDeleted: "0",
      ...(policy === undefined ? {} : { Policy: JSON.stringify(policy) }),
      ...(kmsKeyId === undefined ? {} : { KmsMasterKeyId: kmsKeyId }),
    };
  }

  function attributesOf(subscription: Subscription): Record<string, string> {
    const { arn, topicArn, protocol, endpoint, attributes, token } = subscription;
    return {
      SubscriptionArn: arn,
      TopicArn: topicArn,
      Protocol: protocol,
      Endpoint: endpoint,
      Owner: account,
      PendingConfirmation: String(token !== undefined),
      ConfirmationWasAuthenticated: String(token === undefined),
      RawMessageDelivery: "false",
      ...attributes,
    };
  }

  function named(form: Form): Subscription {
    const found = subscribed.get(required(form, "SubscriptionArn"));
    if (found === undefined) throw awsError("NotFound", "Subscription does not exist", 404);
    return found;
  }
}

const page = 100;

const messageParameters = ["Message", "Subject", "MessageStructure", "MessageAttributes"];

function existing(topic: Topic | undefined): Topic {
  if (topic === undefined) throw awsError("NotFound", "Topic does not exist", 404);
  return topic;
}

/** After the rules that hold for every batch. */
function entriesOfBatch(form: Form): Form[] {
  const entries = items(form, "PublishBatchRequestEntries", "member");
  const ids = entries.map((entry) => required(entry, "Id"));
  if (entries.length === 0) throw awsError("EmptyBatchRequest", "The batch request doesn't contain any entries.");
  if (entries.length > 10)
    throw awsError("TooManyEntriesInBatchRequest", "The batch request contains more entries than permissible.");
  if (new Set(ids).size < ids.length)
    throw awsError("BatchEntryIdsNotDistinct", "Two or more batch entries in the request have the same Id.");
  if (!ids.every((id) => /^[\w-]{1,80}$/.test(id)))
    throw awsError(
      "InvalidBatchEntryId",
      "The Id of a batch entry in a batch request doesn't abide by the specification.",
    );
  const strange = entries
    .flatMap((entry) => [...entry.keys()].map((path) => path.split(".")[0] ?? ""))
    .find((name) => ![...messageParameters, "Id"].includes(name));
  if (strange !== undefined) throw notImitated(`PublishBatch with ${strange}`);
  return entries;
}

const sameTexts = (a: Attributes, b: Attributes): boolean =>
  JSON.stringify(Object.entries(a).sort()) === JSON.stringify(Object.entries(b).sort());

function tried<T>(read: () => T) {
  try {
    return read();
  } catch (error) {
    if (isAwsError(error)) return error;
    throw error;
  }
}
