// each-message: the handler of a stage behind a queue. It calls `work` for every message, and one that fails holds no other up.
//
//   queue ──> batch ──> work ──> done
//                         ├── fails ──> back into the queue; when it has come five times, SQS moves it to the dead letters
//                         └── fails for good ──> ONE dead letter at once, with its error (dead-letter.ts), and it is done
//
// Where the letter cannot be sent, the message comes again. Standard queues know no duplicates: what comes twice and fails for
// good may leave two letters. Within a batch equal bodies leave one, and `npm run redrive` sends equal letters back as one.
//
// An event that is none of a queue (the console's Test button, an invocation by hand) is one message with the event for its
// body, and what it throws is thrown.

import { Logger } from "@aws-lambda-powertools/logger";
import { SendMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
import type { Context, SQSBatchResponse, SQSRecord } from "aws-lambda";
import { deadLetter } from "./dead-letter";
import { environment } from "./environment";
import { inLanes } from "./lanes";

/** How a message came. */
export interface Delivery {
  /** Of SQS: the same however often it comes. */
  readonly messageId: string;
  /** How often it has come, this time included. */
  readonly attempts: number;
  readonly requestId: string;
  readonly context: Context;
}

export interface Message extends Delivery {
  /** What was sent, read as JSON: behind a rule the event as EventBridge has it. */
  readonly body: unknown;
}

/** What became of a message: nothing where it is done, otherwise why it failed. */
export type Outcome = Error | undefined;

export type MessageHandler = (event: unknown, context: Context) => Promise<SQSBatchResponse>;

/** A failure that no retry helps. `code` is for programs, the message for whoever reads the letter. */
export const final = (code: string, message: string, options?: ErrorOptions): Error & { readonly code: string } =>
  Object.assign(new Error(message, options), { name: "Final", code });

export const isFinal = (error: unknown): error is Error & { readonly code: string } =>
  error instanceof Error && error.name === "Final";

/** For a function's factory: `work` for each message of a batch, for `width` of them at a time. */
export const eachMessage = (
  work: (body: unknown, delivery: Delivery) => Promise<unknown>,
  { width }: { readonly width: number },
): MessageHandler =>
  eachBatch((messages) =>
    inLanes(messages, width, async ({ body, ...delivery }): Promise<Outcome> => {
      try {
        await work(body, delivery);
        return undefined;
      } catch (error) {
        return asError(error);
      }
    }),
  );

/**
 * For a function's factory: `work` for all messages of a batch together. It gives an outcome for each of them, in their order;
 * what it throws is the outcome of them all.
 */
export function eachBatch(work: (messages: readonly Message[]) => Promise<readonly Outcome[]>): MessageHandler {
  const { DEAD_LETTERS_URL, POWERTOOLS_SERVICE_NAME } = environment("DEAD_LETTERS_URL", "POWERTOOLS_SERVICE_NAME");
  // The client knows where AWS is. It would ask the host of the queue's URL otherwise.
  const sqs = new SQSClient({ useQueueUrlAsEndpoint: false });
  const logger = new Logger();

  return async (event, context) => {
    const records = recordsOf(event);
    if (records === undefined) {
      await direct(event, context);
      return { batchItemFailures: [] };
    }
    const read = records.map((record) => ({ record, ...readBody(record) }));
    const readable = read.filter(({ unreadable }) => unreadable === undefined);
    const outcomes = await outcomesOf(readable.map(({ record, body }) => ({ body, ...deliveryOf(record, context) })));
    const failed = [
      ...read.map(({ record, unreadable }) => ({ record, error: unreadable })),
      ...readable.map(({ record }, index) => ({ record, error: outcomes[index] })),
    ].filter((each): each is Failure => each.error !== undefined);
    return { batchItemFailures: await comingAgain(failed, context) };
  };

  async function direct(body: unknown, context: Context): Promise<void> {
    const { awsRequestId: requestId } = context;
    const [failure] = await outcomesOf([{ body, messageId: requestId, attempts: 1, requestId, context }]);
    if (failure !== undefined) throw failure;
  }

  async function outcomesOf(messages: readonly Message[]): Promise<readonly Outcome[]> {
    try {
      const outcomes = messages.length === 0 ? [] : await work(messages);
      if (outcomes.length === messages.length) return outcomes;
      throw new Error(`Cannot tell what became of ${messages.length} messages: ${outcomes.length} outcomes were given`);
    } catch (error) {
      return messages.map(() => asError(error));
    }
  }

  /** Those that were not failed for good, and those whose letter could not be sent. */
  async function comingAgain(failed: readonly Failure[], { awsRequestId: requestId }: Context) {
    const letters = new Map<string, Promise<boolean>>();
    const again = await inLanes(failed, 10, async ({ record, error }) => {
      const { messageId, body } = record;
      logger.error("Cannot work on a message", { messageId, error });
      if (!isFinal(error)) return true;
      const sent = letters.get(body) ?? send(record, error, requestId);
      letters.set(body, sent);
      return !(await sent);
    });
    return failed.filter((_, index) => again[index]).map(({ record }) => ({ itemIdentifier: record.messageId }));
  }

  async function send(record: SQSRecord, error: Error, requestId: string): Promise<boolean> {
    const { messageId, body } = record;
    const failed = { body, messageId, attempts: attemptsOf(record), requestId, stage: POWERTOOLS_SERVICE_NAME, error };
    try {
      await sqs.send(new SendMessageCommand(deadLetter(DEAD_LETTERS_URL, failed)));
      return true;
    } catch (cause) {
      logger.error("Cannot send a dead letter, so that its message comes again", { messageId, error: asError(cause) });
      return false;
    }
  }
}

interface Failure {
  readonly record: SQSRecord;
  readonly error: Error;
}

/** Nothing where the event is none of a queue. */
function recordsOf(event: unknown): readonly SQSRecord[] | undefined {
  const { Records } = Object(event) as { readonly Records?: readonly SQSRecord[] };
  const ofQueue = Array.isArray(Records) && Records.every((record) => Object(record).eventSource === "aws:sqs");
  return ofQueue ? Records : undefined;
}

function readBody({ messageId, body }: SQSRecord): { readonly body?: unknown; readonly unreadable?: Error } {
  try {
    return { body: JSON.parse(body) };
  } catch (cause) {
    const why = (cause as Error).message;
    return { unreadable: final("NoJson", `Cannot read message "${messageId}": ${why}`, { cause }) };
  }
}

const deliveryOf = (record: SQSRecord, context: Context): Delivery => ({
  messageId: record.messageId,
  attempts: attemptsOf(record),
  requestId: context.awsRequestId,
  context,
});

const attemptsOf = ({ attributes }: SQSRecord): number => Number(attributes.ApproximateReceiveCount);

const asError = (error: unknown): Error => (error instanceof Error ? error : new Error(String(error)));
