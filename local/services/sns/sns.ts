// sns: standard topics over AWS's query protocol, their subscriptions and what is delivered to them.
//
//   Publish ──> topic ──> every subscription that wants it: queue, function, mailbox (fan-out.ts)
//
// The program makes topics, so the operations that make or change them are refused by name, as are FIFO topics, other protocols
// than those of subscriptions.ts, and text messages to telephones. Nothing is signed.

import { randomBytes } from "node:crypto";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import type { Clock } from "../../clock";
import type { Journal } from "../../door/journal";
import type { Incoming, Operation, Service } from "../../door/service";
import { deliveries } from "../events/deliveries";
import { refusal } from "./answer";
import { fanOut, type Reach } from "./fan-out";
import { checkNames, invalid, notImitated, readForm, required } from "./form";
import { type KeptMail, mailbox as openMailbox } from "./mailbox";
import { isOperation, type Operations, snsOperations } from "./operations";
import { checkAttributes } from "./subscription-attributes";
import { type Attributes, type Protocol, type Subscription, subscriptions } from "./subscriptions";
import { senderOf, type Topic } from "./topic";

export interface SnsOptions {
  /** Holds the subscriptions and what waits to be delivered again. */
  readonly directory: string;
  /** Where mail ends. */
  readonly mail: string;
  readonly clock: Clock;
  /** By which what could not be delivered waits. */
  readonly retryClock: Clock;
  readonly journal: Journal;
  readonly account: string;
  /** Where the embedded AWS listens. */
  readonly endpoint: () => string;
}

/** One that the program makes. */
export interface DeclaredSubscription {
  readonly arn: string;
  readonly topicArn: string;
  readonly protocol: Protocol;
  readonly endpoint: string;
  readonly attributes: Attributes;
}

export interface Sns {
  readonly service: Service;
  /** Makes the topics, and of the program's subscriptions these; takes up what an earlier start could not deliver. */
  deploy(topics: readonly Topic[], declared: readonly DeclaredSubscription[], reach: Reach): void;
  /** What was mailed, oldest first. */
  readonly mails: readonly KeptMail[];
  /** Does what the links in the confirmation mails of `address` are for; returns how many subscriptions waited for it. */
  confirm(address: string): number;
  /** How many deliveries have not come to their end. */
  busy(): number;
  end(): void;
}

export function sns({ directory, mail, clock, retryClock, journal, account, endpoint }: SnsOptions): Sns {
  mkdirSync(directory, { recursive: true });
  const topics = new Map<string, Topic>();
  const subscribed = subscriptions(join(directory, "subscriptions.json"));
  const mailbox = openMailbox({ directory: mail, clock, journal });
  const out = deliveries({ file: join(directory, "waiting.sqlite"), clock: retryClock, journal, service: "sns" });
  let reach: Reach = nobody;
  const fan = fanOut({ out, mailbox, clock, endpoint, reach: () => reach });
  const operations: Operations = snsOperations({ account, subscribed, subscribe, publish: fan.publish });

  return {
    service: { name: "sns", operation, refusal },
    deploy(made, declared, reachable) {
      reach = reachable;
      for (const topic of made) topics.set(topic.arn, topic);
      const arns = new Set(declared.map(({ arn }) => arn));
      for (const { arn, ofProgram } of subscribed.all()) if (ofProgram && !arns.has(arn)) subscribed.remove(arn);
      for (const each of declared) {
        checkAttributes({ ...each.attributes }, each.protocol);
        declare(each);
      }
      for (const each of subscribed.all()) if (topics.has(each.topicArn)) fan.takeUp(each);
    },
    mails: mailbox.mails,
    confirm(address) {
      const waiting = subscribed.all().filter(({ token, endpoint }) => token !== undefined && endpoint === address);
      for (const { token: _, ...confirmed } of waiting) subscribed.put(confirmed);
      return waiting.length;
    },
    busy: () => out.waiting(),
    end: () => out.end(),
  };

  async function operation(request: Incoming): Promise<Operation> {
    const form = await readForm(request);
    const name = form.get("Action") ?? "";
    if (!isOperation(name)) throw notImitated(name || "A request without an Action");
    const { about, parameters, run } = operations[name];
    checkNames(name, form, ["Action", "Version", about, ...parameters]);
    const arn = arnOf(about, required(form, about));
    const topic = topics.get(topicArnOf(arn));
    return {
      name,
      resource: arn.split(":").slice(5).join(":"),
      needs: [
        {
          action: `sns:${name.replace(/Batch$/, "")}`,
          resource: arn,
          ...(topic?.policy === undefined ? {} : { resourcePolicy: topic.policy }),
        },
      ],
      run: async () => run(form, topic),
    };
  }

  function declare(declared: DeclaredSubscription): void {
    const { arn, protocol, endpoint } = declared;
    const before = subscribed.get(arn);
    const isSame = before?.protocol === protocol && before.endpoint === endpoint;
    if (!isSame) subscribe({ ...declared, ofProgram: true });
    else subscribed.put({ ...before, ...declared, ofProgram: true });
  }

  /** A queue or a function of the account is subscribed at once, an address when its owner has said so. */
  function subscribe(asked: Subscription): Subscription {
    const { protocol, topicArn, endpoint: to } = asked;
    if (protocol === "sqs" || protocol === "lambda") {
      subscribed.put(asked);
      return asked;
    }
    const waiting = { ...asked, token: asked.token ?? randomBytes(32).toString("hex") };
    subscribed.put(waiting);
    const subject = "AWS Notification - Subscription Confirmation";
    mailbox.deliver({ to, subject, text: invitation(topicArn, waiting.token) }, senderOf(topics.get(topicArn)));
    return waiting;
  }
}

const nobody: Reach = {
  queue: () => {
    throw new Error("Cannot deliver: no topic is deployed yet");
  },
  lambda: () => {
    throw new Error("Cannot deliver: no topic is deployed yet");
  },
};

/** AWS's mail has a link that needs no signature; the door opens to nobody without one. */
const invitation = (topicArn: string, token: string): string =>
  [
    "This address has been subscribed to the topic:",
    topicArn,
    "",
    "To confirm it:",
    `aws sns confirm-subscription --topic-arn ${topicArn} --token ${token}`,
    "",
    "If it was not you, do nothing: no more mail will come.",
    "",
  ].join("\n");

function arnOf(about: string, arn: string): string {
  const parts = arn.split(":");
  if (parts.length < 6) throw invalid(`${about} Reason: An ARN must have at least 6 elements, not ${parts.length}`);
  const isOne = parts[0] === "arn" && parts[2] === "sns" && parts.length === (about === "TopicArn" ? 6 : 7);
  if (!isOne) throw invalid(`${about} Reason: "${arn}"`);
  return arn;
}

/** Of a topic its own, of a subscription that of its topic. */
const topicArnOf = (arn: string): string => arn.split(":").slice(0, 6).join(":");
