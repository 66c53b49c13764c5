// envelope: a message as its subscribers get it.
//
// https://docs.aws.amazon.com/sns/latest/dg/sns-sqs-as-subscriber.html,
// https://docs.aws.amazon.com/lambda/latest/dg/with-sns.html. Nothing is signed: the signature stands for one, as in AWS's own
// examples, and whoever verifies it here finds no certificate.

import type { MessageAttributes } from "../sqs/md5";

export interface Notification {
  readonly Type: "Notification";
  readonly MessageId: string;
  readonly TopicArn: string;
  readonly Subject?: string;
  readonly Message: string;
  /** ISO 8601, UTC. */
  readonly Timestamp: string;
  readonly SignatureVersion: "1";
  readonly Signature: string;
  readonly SigningCertURL: string;
  readonly UnsubscribeURL: string;
  readonly MessageAttributes?: Attributes;
}

type Attributes = Readonly<Record<string, { readonly Type: string; readonly Value: string }>>;

export interface NotificationOf {
  readonly id: string;
  readonly topicArn: string;
  readonly subscriptionArn: string;
  readonly subject: string | undefined;
  readonly text: string;
  readonly attributes: MessageAttributes;
  readonly time: Date;
  readonly endpoint: string;
}

export function notification(of: NotificationOf): Notification {
  const { id, topicArn, subscriptionArn, subject, text, attributes, time, endpoint } = of;
  return {
    Type: "Notification",
    MessageId: id,
    TopicArn: topicArn,
    ...(subject === undefined ? {} : { Subject: subject }),
    Message: text,
    Timestamp: time.toISOString(),
    SignatureVersion: "1",
    Signature: "EXAMPLE",
    SigningCertURL: `${endpoint}/SimpleNotificationService.pem`,
    UnsubscribeURL: `${endpoint}/?Action=Unsubscribe&SubscriptionArn=${subscriptionArn}`,
    ...(Object.keys(attributes).length === 0 ? {} : { MessageAttributes: typed(attributes) }),
  };
}

const typed = (attributes: MessageAttributes): Attributes =>
  Object.fromEntries(
    Object.entries(attributes).map(([name, { DataType, StringValue, BinaryValue }]) => [
      name,
      { Type: DataType, Value: StringValue ?? BinaryValue ?? "" },
    ]),
  );

/** For a function the same, with two names spelt otherwise and nothing left out. */
export function lambdaEvent(subscriptionArn: string, sent: Notification): object {
  const { SigningCertURL, UnsubscribeURL, Subject = null, MessageAttributes = {}, ...same } = sent;
  return {
    Records: [
      {
        EventSource: "aws:sns",
        EventVersion: "1.0",
        EventSubscriptionArn: subscriptionArn,
        Sns: { ...same, Subject, MessageAttributes, SigningCertUrl: SigningCertURL, UnsubscribeUrl: UnsubscribeURL },
      },
    ],
  };
}
