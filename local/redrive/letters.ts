// letters: what lies in a dead-letter queue. SQS shows a message only to who receives it, and hides it then: all are received,
// and given back as soon as they are looked at, so that the next look finds the same.

import {
  ChangeMessageVisibilityBatchCommand,
  GetQueueAttributesCommand,
  ListDeadLetterSourceQueuesCommand,
  type Message,
  ReceiveMessageCommand,
} from "@aws-sdk/client-sqs";
import type { DeadLetterQueue, Desk } from "./desk";

export interface Letter {
  readonly id: string;
  readonly queue: DeadLetterQueue;
  readonly body: string;
  /** ISO 8601, UTC: when it, or the message that it once was, was sent. */
  readonly sentAt: string;
  /** Message attributes; those of bytes in base64. */
  readonly attributes: Readonly<Record<string, string>>;
  /** The queue that gave it up, where SQS moved it. */
  readonly movedFrom?: string;
  readonly received: Message;
}

export interface Lying {
  readonly queue: DeadLetterQueue;
  readonly letters: readonly Letter[];
  /** Those that somebody else is looking at, or that were too many. */
  readonly hidden: number;
  /** The queues whose dead letters it takes. */
  readonly sources: readonly Source[];
}

export interface Source {
  readonly url: string;
  readonly arn: string;
  /** How often a message is received before it is moved. */
  readonly mostReceives: number;
}

/** A person looks at no more, and so many are received and sent back before they are shown to others again. */
const mostLetters = 1_000;

/** In seconds: longer than it takes to receive them all. */
const hiddenFor = 120;

/** Looks at all letters of a queue, and does `work` while they are hidden from others. They are given back in any case. */
export async function withLetters<T>(
  desk: Desk,
  queue: DeadLetterQueue,
  work: (lying: Lying) => Promise<T>,
): Promise<T> {
  const sources = await sourcesOf(desk, queue);
  const count = await countOf(desk, queue.url);
  const letters: Letter[] = [];
  try {
    for (;;) {
      const more = await receive(desk, queue);
      letters.push(...more);
      if (more.length === 0 || letters.length >= mostLetters) break;
    }
    return await work({ queue, letters, sources, hidden: Math.max(0, count - letters.length) });
  } finally {
    await giveBack(desk, queue, letters);
  }
}

export const lyingIn = (desk: Desk, queue: DeadLetterQueue): Promise<Lying> =>
  withLetters(desk, queue, async (lying) => lying);

/** Messages of a queue, in whatever state. */
export async function countOf({ sqs }: Desk, QueueUrl: string): Promise<number> {
  const { Attributes = {} } = await sqs.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: [...counts] }));
  return counts.reduce((sum, name) => sum + Number(Attributes[name] ?? 0), 0);
}

const counts = [
  "ApproximateNumberOfMessages",
  "ApproximateNumberOfMessagesNotVisible",
  "ApproximateNumberOfMessagesDelayed",
] as const;

async function receive({ sqs, receiveWait }: Desk, queue: DeadLetterQueue): Promise<Letter[]> {
  const { Messages = [] } = await sqs.send(
    new ReceiveMessageCommand({
      QueueUrl: queue.url,
      MaxNumberOfMessages: 10,
      VisibilityTimeout: hiddenFor,
      WaitTimeSeconds: receiveWait,
      MessageSystemAttributeNames: ["All"],
      MessageAttributeNames: ["All"],
    }),
  );
  return Messages.map((received) => letterOf(received, queue));
}

function letterOf(received: Message, queue: DeadLetterQueue): Letter {
  const { MessageId = "", Body = "", Attributes = {}, MessageAttributes = {} } = received;
  const { DeadLetterQueueSourceArn: movedFrom } = Attributes;
  const attributes = Object.entries(MessageAttributes).map(([name, { StringValue, BinaryValue }]) => [
    name,
    StringValue ?? Buffer.from(BinaryValue ?? []).toString("base64"),
  ]);
  return {
    id: MessageId,
    queue,
    body: Body,
    sentAt: new Date(Number(Attributes.SentTimestamp)).toISOString(),
    attributes: Object.fromEntries(attributes),
    ...(movedFrom === undefined ? {} : { movedFrom }),
    received,
  };
}

/** What is gone by now is not given back, and need not be. */
async function giveBack({ sqs }: Desk, { url }: DeadLetterQueue, letters: readonly Letter[]): Promise<void> {
  for (let first = 0; first < letters.length; first += 10) {
    const Entries = letters.slice(first, first + 10).map(({ received }, index) => ({
      Id: String(index),
      ReceiptHandle: received.ReceiptHandle,
      VisibilityTimeout: 0,
    }));
    await sqs.send(new ChangeMessageVisibilityBatchCommand({ QueueUrl: url, Entries }));
  }
}

async function sourcesOf({ sqs }: Desk, { url }: DeadLetterQueue): Promise<Source[]> {
  const { queueUrls = [] } = await sqs.send(new ListDeadLetterSourceQueuesCommand({ QueueUrl: url }));
  return Promise.all(
    queueUrls.map(async (QueueUrl) => {
      const asked = new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ["QueueArn", "RedrivePolicy"] });
      const { Attributes: { QueueArn = "", RedrivePolicy = "{}" } = {} } = await sqs.send(asked);
      return { url: QueueUrl, arn: QueueArn, mostReceives: Number(JSON.parse(RedrivePolicy).maxReceiveCount) };
    }),
  );
}
