// notification-topic: where functions say what people want to hear, and who hears it.
//
//   stage ──(notify)──> topic ──> e-mail
//                          └──> dead letters: what could not be mailed, with an alarm

import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { alarm } from "./alarm";
import { deadLetterQueue } from "./dead-letter-queue";
import type { Platform } from "./platform";
import { tagged } from "./tags";
import { tlsOnly } from "./tls-only";

/** A topic that knows what the program calls it, for what is named after it. */
export class NotificationTopic extends aws.sns.Topic {
  readonly label: string;

  constructor(label: string, args: aws.sns.TopicArgs, options: pulumi.CustomResourceOptions) {
    super(label, args, options);
    this.label = label;
  }
}

/**
 * Encrypted with the stack's key, or with AWS's own of SNS: nobody but our functions publishes here, and no service that may
 * not use that one. Its policy lets nobody in, so that it takes a `notify` of the account's own roles.
 */
export function notificationTopic(name: string, { key, pipeline }: Platform): NotificationTopic {
  const transformations = [tagged({ pipeline })];
  const topic = new NotificationTopic(name, { kmsMasterKeyId: key ? key.id : "alias/aws/sns" }, { transformations });
  new aws.sns.TopicPolicy(name, { arn: topic.arn, policy: tlsOnly("sns", [topic.arn]) });
  return topic;
}

/**
 * Mails what is published to `address`, when its owner has confirmed that. One address a topic: more people than one are a
 * list with an address of its own, and deploying does not ask each of them again.
 */
export function mailTo(topic: NotificationTopic, address: string, platform: Platform) {
  const name = `${topic.label}-mail`;
  const options = { transformations: [tagged({ pipeline: platform.pipeline })] };
  const deadLetters = deadLetterQueue(name, options, (queueArn) => [sends(topic, queueArn)]);
  alarm(
    platform,
    `${name}-dead-letters`,
    `Mails of ${topic.label} could not be delivered and wait in their dead-letter queue.`,
    {
      namespace: "AWS/SQS",
      metricName: "ApproximateNumberOfMessagesVisible",
      dimensions: { QueueName: deadLetters.name },
      statistic: "Maximum",
    },
    options,
  );
  return new aws.sns.TopicSubscription(name, {
    topic: topic.arn,
    protocol: "email",
    endpoint: address,
    redrivePolicy: pulumi.jsonStringify({ deadLetterTargetArn: deadLetters.arn }),
  });
}

const sends = (topic: aws.sns.Topic, queueArn: pulumi.Output<string>) => ({
  Sid: "Redrive",
  Effect: "Allow",
  Principal: { Service: "sns.amazonaws.com" },
  Action: "sqs:SendMessage",
  Resource: queueArn,
  Condition: { ArnEquals: { "aws:SourceArn": topic.arn } },
});
