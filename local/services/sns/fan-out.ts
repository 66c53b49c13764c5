// fan-out: how a published message reaches each subscriber.
//
//   publish ──> subscriptions that are confirmed and want it ──> queue, function (again and again, then the redrive queue)
//                                                          └──> mailbox
//
// https://docs.aws.amazon.com/sns/latest/dg/sns-message-delivery-retries.html. A subscriber that does not let SNS in, or is
// not there, is not tried again: what it was sent goes to its dead-letter queue as it was sent, or is gone, with a line in
// the journal.

import { randomUUID } from "node:crypto";
import { atLeastOnce } from "../../at-least-once";
import type { Clock } from "../../clock";
import type { Deliveries, Route } from "../events/deliveries";
import type { MessageAttributes } from "../sqs/md5";
import { lambdaEvent, type Notification, notification } from "./envelope";
import type { Mailbox } from "./mailbox";
import type { Message } from "./message";
import { deadLetterArn, isRaw, textFor, wants } from "./subscription-attributes";
import type { Subscription } from "./subscriptions";

/**
 * How SNS reaches queues and functions. Either throws: a DeliveryError (events/deliveries.ts) where another try is of no
 * use.
 */
export interface Reach {
  readonly queue: (topicArn: string, queueArn: string, body: string, attributes: MessageAttributes) => void;
  readonly lambda: (topicArn: string, functionArn: string, event: object) => void;
}

export interface FanOutOptions {
  readonly out: Deliveries;
  readonly mailbox: Mailbox;
  readonly clock: Clock;
  readonly endpoint: () => string;
  readonly reach: () => Reach;
}

/** What is on its way to a queue or a function. */
interface Letter {
  readonly body: string;
  readonly attributes: MessageAttributes;
}

/** 3 at once, 2 after a second each, 10 with growing waits and 100,000 after 20 s each. */
const retry = { attempts: 100_015, maximumAgeSeconds: 23 * 86_400 };

export function fanOut({ out, mailbox, clock, endpoint, reach }: FanOutOptions) {
  const nowAndThenTwice = atLeastOnce();

  return {
    /** Returns the message's id. */
    publish(topicArn: string, sender: string, message: Message, to: readonly Subscription[]): string {
      const id = randomUUID();
      for (const subscription of to) {
        if (subscription.token !== undefined || !wants(subscription.attributes)(message)) continue;
        const { arn, protocol } = subscription;
        const { subject, attributes } = message;
        const text = textFor(message, protocol);
        const time = new Date(clock.now());
        const about = { id, topicArn, subscriptionArn: arn, subject, text, attributes, time, endpoint: endpoint() };
        deliver(subscription, notification(about), message, sender);
      }
      return id;
    },
    /** Goes on with what an earlier start could not deliver. */
    takeUp: (subscription: Subscription): void => out.takeUp(routeTo(subscription)),
  };

  function deliver(subscription: Subscription, sent: Notification, message: Message, sender: string): void {
    const { protocol, endpoint: to } = subscription;
    if (protocol === "sqs" || protocol === "lambda") {
      const letter = JSON.stringify(letterOf(subscription, sent, message));
      nowAndThenTwice(() => out.deliver(routeTo(subscription), letter, { TOPIC_ARN: subscription.topicArn }));
      return;
    }
    const text = protocol === "email" ? mailText(sent) : `${JSON.stringify(sent, undefined, 2)}\n`;
    mailbox.deliver({ to, subject: message.subject ?? "AWS Notification Message", text }, sender);
  }

  function routeTo({ arn, topicArn, protocol, endpoint: to, attributes }: Subscription): Route {
    const deadLetters = deadLetterArn(attributes);
    const enqueue = (queueArn: string) => (json: string) => {
      const letter = JSON.parse(json) as Letter;
      reach().queue(topicArn, queueArn, letter.body, letter.attributes);
    };
    const invoke = (json: string) => {
      const { body } = JSON.parse(json) as Letter;
      reach().lambda(topicArn, to, lambdaEvent(arn, JSON.parse(body) as Notification));
    };
    return {
      name: arn,
      targetArn: to,
      retry,
      send: protocol === "lambda" ? invoke : enqueue(to),
      ...(deadLetters === undefined ? {} : { deadLetter: enqueue(deadLetters) }),
    };
  }
}

const letterOf = ({ attributes }: Subscription, sent: Notification, message: Message): Letter =>
  isRaw(attributes)
    ? { body: sent.Message, attributes: message.attributes }
    : { body: JSON.stringify(sent), attributes: {} };

const mailText = ({ Message, UnsubscribeURL }: Notification): string =>
  `${Message}\n\n--\nTo get no more mail of this kind, unsubscribe:\n${UnsubscribeURL}\n`;
