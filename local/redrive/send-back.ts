// send-back: a letter back to where it came from. It leaves the dead letters when it was taken there, and not before: what
// breaks off in between leaves it in both places, and twice is the same as once.

import { InvokeCommand } from "@aws-sdk/client-lambda";
import { DeleteMessageCommand, SendMessageCommand } from "@aws-sdk/client-sqs";
import { inLanes } from "../../stage/lanes";
import type { Desk } from "./desk";
import { type Facts, factsOf } from "./facts";
import type { Letter, Lying } from "./letters";

/** One letter, or several with one body, and where they went. */
export interface SentBack {
  readonly letters: readonly [Letter, ...Letter[]];
  readonly facts: Facts;
  /** The id of the message, or of the request, that it is now. */
  readonly as: string;
  readonly at: Date;
}

/** Why letters lie where they lay. */
export interface Refused {
  readonly letters: readonly Letter[];
  readonly facts: Facts;
  readonly why: string;
}

/** Sends letters of one queue back, a few at a time. */
export async function sendBack(desk: Desk, lying: Lying, wanted: readonly Letter[]): Promise<(SentBack | Refused)[]> {
  const alike = [...Map.groupBy(wanted, ({ body }) => body).values()];
  return inLanes(alike, 5, async (group): Promise<SentBack | Refused> => {
    const letters = group as [Letter, ...Letter[]];
    const facts = factsOf(letters[0], lying);
    const at = new Date();
    let as: string | undefined;
    try {
      as = await sendOne(desk, letters[0], facts);
      for (const letter of letters) await remove(desk, letter);
      return { letters, facts, as, at };
    } catch (error) {
      const { message } = error as Error;
      const why =
        as === undefined
          ? `cannot be sent back: ${message}`
          : `was sent back as ${as} and cannot be deleted: ${message}`;
      return { letters, facts, why };
    }
  });
}

export async function remove({ sqs }: Desk, { queue, received }: Letter): Promise<void> {
  await sqs.send(new DeleteMessageCommand({ QueueUrl: queue.url, ReceiptHandle: received.ReceiptHandle }));
}

async function sendOne({ sqs, lambda }: Desk, letter: Letter, { origin }: Facts): Promise<string> {
  if (origin.to === "nowhere") throw new Error(origin.why);
  if (origin.to === "function") {
    const { arn, payload } = origin;
    const { $metadata } = await lambda.send(
      new InvokeCommand({ FunctionName: arn, InvocationType: "Event", Payload: Buffer.from(payload) }),
    );
    return $metadata.requestId ?? "";
  }
  // A message that SQS moved has the attributes that its sender gave it; those of the others tell of their failure.
  const MessageAttributes = letter.movedFrom === undefined ? {} : letter.received.MessageAttributes;
  const { MessageId = "" } = await sqs.send(
    new SendMessageCommand({ QueueUrl: origin.url, MessageBody: letter.body, MessageAttributes }),
  );
  return MessageId;
}
