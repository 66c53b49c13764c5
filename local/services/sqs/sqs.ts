// sqs: standard queues over AWS's JSON protocol, kept in one SQLite file.
//
// See queue.ts for what a queue does, operations.ts for SQS's operations, input.ts for what they take. FIFO queues, the
// older query protocol and the operations that make or change queues (the program does) are refused by name.

import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { text as textOf } from "node:stream/consumers";
import type { Clock } from "../../clock";
import type { Journal } from "../../door/journal";
import {
  type AwsError,
  awsError,
  type Incoming,
  type Operation,
  type Outgoing,
  type Service,
} from "../../door/service";
import {
  checkNames,
  type Input,
  isOperation,
  isRecord,
  type OperationName,
  parameters,
  text,
  unsupported,
} from "./input";
import type { MessageAttributes } from "./md5";
import { type MessageRow, messageStore } from "./message-store";
import { queueOperations } from "./operations";
import { type LyingMessage, type Message, type Queue, type QueueConfig, queue, type ReceiveOptions } from "./queue";

export interface SqsOptions {
  readonly directory: string;
  readonly clock: Clock;
  /** By which messages wait that nobody works on any more; `clock` where it is not given. */
  readonly retryClock?: Clock;
  /** Where the embedded AWS listens. */
  readonly endpoint: () => string;
  readonly accountId: string;
  readonly region: string;
  readonly journal: Journal;
}

export interface Sqs {
  readonly service: Service;
  /** Makes the queue, or changes it to this; its messages stay. */
  createQueue(config: QueueConfig): void;
  /** The address of a queue on this machine. */
  urlOf(queueArn: string): string;
  configOf(queueArn: string): QueueConfig;
  /** What lies in a queue, oldest first; looking changes nothing. */
  messages(queueArn: string): LyingMessage[];
  counts(queueArn: string): { visible: number; inFlight: number; delayed: number };
  /** A delivery from inside, whose permission has been checked. */
  send(queueArn: string, body: string, attributes?: MessageAttributes, sender?: string): { messageId: string };
  /** Receives from inside: for an event source mapping. */
  receive(queueArn: string, options: ReceiveOptions): Promise<Message[]>;
  /** Deletes a received message. */
  remove(queueArn: string, receiptHandle: string): void;
  /** Gives a received message up: it is visible again when its visibility timeout is over by the clock of waits. */
  release(queueArn: string, receiptHandle: string): void;
  /** Deletes a message by its id, whoever holds it. */
  discard(queueArn: string, messageId: string): void;
  end(): void;
}

export function sqs({ directory, clock, retryClock = clock, endpoint, accountId, region, journal }: SqsOptions): Sqs {
  mkdirSync(directory, { recursive: true });
  const store = messageStore(join(directory, "messages.sqlite"));
  const queues = new Map<string, Queue>();

  return {
    service: { name: "sqs", operation, refusal },
    createQueue(config) {
      if (config.name.endsWith(".fifo")) throw unsupported(`FIFO queues: "${config.name}"`);
      const known = queues.get(config.arn);
      if (known === undefined) queues.set(config.arn, queue({ config, store, clock, retryClock, die }));
      else known.config = config;
    },
    urlOf: (arn) => urlOf(existing(arn)),
    configOf: (arn) => existing(arn).config,
    messages: (arn) => existing(arn).messages(),
    counts: (arn) => existing(arn).counts(),
    send: (arn, body, messageAttributes = {}, sender = accountId) =>
      existing(arn).send(body, { messageAttributes, sender }),
    receive: (arn, options) => existing(arn).receive(options),
    remove: (arn, receiptHandle) => existing(arn).remove(receiptHandle),
    release: (arn, receiptHandle) => existing(arn).release(receiptHandle),
    discard: (arn, messageId) => existing(arn).discard(messageId),
    end() {
      for (const each of queues.values()) each.end();
      store.end();
    },
  };

  async function operation(request: Incoming): Promise<Operation> {
    const name = operationName(request);
    const input = await inputOf(request);
    checkNames(name, input, parameters[name]);
    if (name === "ListQueues") return listQueues(input);
    if (name === "GetQueueUrl") return getQueueUrl(input);

    const target = byName(queueNameOf(text(input, "QueueUrl")));
    if (name === "ListDeadLetterSourceQueues") return listDeadLetterSourceQueues(target);
    return {
      name,
      resource: target.config.name,
      needs: [need(`sqs:${name.replace(/Batch$/, "")}`, target)],
      run: async ({ principal }) => json(await queueOperations[name](target, input, principal.arn)),
    };
  }

  function listQueues({ QueueNamePrefix: prefix = "" }: Input): Operation {
    const all = [...queues.values()].filter(({ config }) => config.name.startsWith(String(prefix)));
    const QueueUrls = all.map(urlOf).sort();
    return {
      name: "ListQueues",
      resource: "*",
      needs: [{ action: "sqs:ListQueues", resource: `arn:aws:sqs:${region}:${accountId}:*` }],
      run: async () => json(QueueUrls.length === 0 ? {} : { QueueUrls }),
    };
  }

  /** The member of the answer begins with a small letter, as AWS has it. */
  function listDeadLetterSourceQueues(target: Queue): Operation {
    const sources = [...queues.values()].filter(({ config }) => config.redrive?.deadLetterArn === target.config.arn);
    return {
      name: "ListDeadLetterSourceQueues",
      resource: target.config.name,
      needs: [need("sqs:ListDeadLetterSourceQueues", target)],
      run: async () => json({ queueUrls: sources.map(urlOf).sort() }),
    };
  }

  function getQueueUrl(input: Input): Operation {
    const target = byName(text(input, "QueueName"));
    return {
      name: "GetQueueUrl",
      resource: target.config.name,
      needs: [need("sqs:GetQueueUrl", target)],
      run: async () => json({ QueueUrl: urlOf(target) }),
    };
  }

  function need(action: string, { config }: Queue) {
    return { action, resource: config.arn, ...(config.policy && { resourcePolicy: config.policy }) };
  }

  function urlOf({ config }: Queue): string {
    return `${endpoint()}/${accountId}/${config.name}`;
  }

  function byName(name: string): Queue {
    return existing([...queues.keys()].find((arn) => arn.endsWith(`:${name}`)) ?? name);
  }

  function existing(arn: string): Queue {
    const found = queues.get(arn);
    if (found !== undefined) return found;
    throw awsError("AWS.SimpleQueueService.NonExistentQueue", "The specified queue does not exist.");
  }

  function die(row: MessageRow, from: QueueConfig): boolean {
    const deadLetters = queues.get(from.redrive?.deadLetterArn ?? "");
    if (deadLetters === undefined) return false;
    deadLetters.adopt({
      ...row,
      queue: deadLetters.config.arn,
      state: "visible",
      receipt: null,
      deadLetterSource: from.arn,
    });
    journal.add({
      service: "sqs",
      operation: "DeadLetter",
      principal: "sqs.amazonaws.com",
      resource: from.name,
      outcome: "ok",
      ms: 0,
      detail: { messageId: row.id, receives: row.receives, to: deadLetters.config.name },
    });
    return true;
  }
}

function operationName({ headers }: Incoming): OperationName {
  const [prefix, name = ""] = String(headers["x-amz-target"] ?? "").split(".");
  if (prefix !== "AmazonSQS") throw unsupported("the query protocol: the request has no X-Amz-Target");
  if (!isOperation(name)) throw unsupported(`the operation ${name}`);
  return name;
}

async function inputOf({ body }: Incoming): Promise<Input> {
  try {
    const input: unknown = JSON.parse((await textOf(body)) || "{}");
    if (isRecord(input)) return input;
  } catch (cause) {
    if (!(cause instanceof SyntaxError)) throw cause;
  }
  throw awsError("SerializationException", "The body of the request is not a JSON object.");
}

/** The last part of the path: the host and the account are those of whoever made the URL. */
const queueNameOf = (url: string): string => url.slice(url.lastIndexOf("/") + 1);

/**
 * An error as the JSON protocol words it: `__type` is the name of the JSON protocol, the header that of the older query
 * protocol, which clients still compare.
 */
function refusal({ code, message, status }: AwsError): Outgoing {
  const fault = status >= 500 ? "Receiver" : "Sender";
  return {
    status,
    headers: { "content-type": "application/x-amz-json-1.0", "x-amzn-query-error": `${code};${fault}` },
    body: JSON.stringify({
      __type: `com.amazonaws.sqs#${jsonNames[code] ?? code.replace("AWS.SimpleQueueService.", "")}`,
      message,
    }),
  };
}

const jsonNames: Readonly<Record<string, string>> = {
  "AWS.SimpleQueueService.NonExistentQueue": "QueueDoesNotExist",
  InvalidParameterValue: "InvalidParameterValueException",
  MissingParameter: "MissingRequiredParameterException",
};

const json = (body: Input): Outgoing => ({
  status: 200,
  headers: { "content-type": "application/x-amz-json-1.0" },
  body: JSON.stringify(body),
});
