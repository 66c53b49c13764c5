// event-source: an event source mapping: polls a queue and invokes a function with batches of its messages.
//
//   queue --> gather (until the batch is full, or the window is over) --> invoke --> succeeded: deleted
//                                                                              \--> failed: left as they are
//
// A message that failed stays hidden until the queue's own visibility timeout has passed, and comes again; the queue's
// redrive policy counts how often. https://docs.aws.amazon.com/lambda/latest/dg/with-sqs.html
//
// Windows pass by the clock of waits, as does what is left of a visibility timeout when the function has failed: while the
// function works its message stays hidden in real time.

import type { Clock } from "../../clock";
import type { Journal } from "../../door/journal";
import { awsError } from "../../door/service";
import { type MessageAttributes, md5, md5OfAttributes } from "../sqs/md5";
import type { Message } from "../sqs/queue";
import type { Sqs } from "../sqs/sqs";
import type { FunctionConfig } from "./function-config";
import type { Invocation, Lambda } from "./lambda";

export interface EventSourceConfig {
  readonly queueArn: string;
  readonly function: FunctionConfig;
  readonly batchSize: number;
  readonly windowSeconds: number;
  /** Whether the function answers `{ batchItemFailures }`. */
  readonly reportBatchItemFailures: boolean;
  /** How many batches at once; AWS begins with five. */
  readonly maximumConcurrency?: number;
}

export interface EventSourceOptions {
  readonly config: EventSourceConfig;
  readonly sqs: Pick<Sqs, "configOf" | "counts" | "receive" | "release" | "remove">;
  readonly lambda: Pick<Lambda, "invoke">;
  /** Whether the function's role has the action on the arn. */
  readonly may: (action: string, resource: string) => boolean;
  readonly clock: Clock;
  readonly journal: Journal;
}

export interface EventSource {
  /** How many messages are in the queue or in a batch: visible, delayed, in flight. */
  busy(): number;
  /** Stops polling; resolves when the batches that were under way have come back. */
  end(): Promise<void>;
}

/** A message and what the function is given of it; its size with the comma behind it. */
interface Gathered {
  readonly message: Message;
  readonly record: ReturnType<typeof recordOf>;
  readonly bytes: number;
}

/** An invocation's payload may have 6 MB, of which `{"Records":[]}` takes its part. */
const maximumBatchBytes = 6 * 1024 * 1024 - '{"Records":[]}'.length;

export function eventSource({ config, sqs, lambda, may, clock, journal }: EventSourceOptions): EventSource {
  const { queueArn, function: target, batchSize, windowSeconds } = config;
  check(config, sqs.configOf(queueArn).visibilitySeconds, may);
  const stop = new AbortController();
  const concurrency = Math.min(config.maximumConcurrency ?? 5, target.reservedConcurrency ?? Number.POSITIVE_INFINITY);
  let held = 0;
  const pollers = Array.from({ length: concurrency }, poll);

  return {
    busy() {
      const { visible, inFlight, delayed } = sqs.counts(queueArn);
      return Math.max(held, visible + inFlight + delayed);
    },
    async end() {
      stop.abort();
      await Promise.all(pollers);
    },
  };

  async function poll(): Promise<void> {
    let carried: Gathered[] = [];
    while (!stop.signal.aborted) {
      const { batch, rest } = await gather(carried);
      carried = rest;
      if (batch.length === 0) continue;
      await run(batch);
    }
  }

  /** Messages for one invocation; what would make it too large begins the next one. */
  async function gather(carried: Gathered[]): Promise<{ batch: Gathered[]; rest: Gathered[] }> {
    const batch = carried;
    let bytes = batch.reduce((sum, gathered) => sum + gathered.bytes, 0);
    const take = (messages: Message[]) => {
      for (const gathered of messages.map(gatheredOf)) {
        batch.push(gathered);
        bytes += gathered.bytes;
      }
    };
    if (batch.length === 0) take(await receive(batch.length, Number.POSITIVE_INFINITY, stop.signal));
    const over = overAfter(windowSeconds);
    while (batch.length < batchSize && bytes < maximumBatchBytes && !over.signal.aborted) {
      const more = await receive(batch.length, windowSeconds === 0 ? 0 : Number.POSITIVE_INFINITY, over.signal);
      if (more.length === 0) break;
      take(more);
    }
    over.cancel();
    let fits = batch.length;
    while (fits > 1 && bytes > maximumBatchBytes) {
      fits -= 1;
      bytes -= batch[fits]?.bytes ?? 0;
    }
    return { batch: batch.slice(0, fits), rest: batch.slice(fits) };
  }

  function gatheredOf(message: Message): Gathered {
    const record = recordOf(message, queueArn);
    return { message, record, bytes: Buffer.byteLength(JSON.stringify(record)) + 1 };
  }

  function receive(have: number, waitSeconds: number, signal: AbortSignal): Promise<Message[]> {
    return sqs.receive(queueArn, { maximum: Math.min(10, batchSize - have), waitSeconds, signal });
  }

  function overAfter(seconds: number) {
    const over = new AbortController();
    const abort = () => over.abort();
    const callOff = clock.after(seconds * 1000, abort);
    stop.signal.addEventListener("abort", abort);
    if (stop.signal.aborted) abort();
    const cancel = () => {
      callOff();
      stop.signal.removeEventListener("abort", abort);
    };
    return { signal: over.signal, cancel };
  }

  async function run(batch: Gathered[]): Promise<void> {
    const began = performance.now();
    held += batch.length;
    const payload = { Records: batch.map(({ record }) => record) };
    const ids = batch.map(({ message }) => message.messageId);
    const { outcome, failed } = await lambda.invoke(target.name, payload, { source: "sqs.amazonaws.com" }).then(
      (invocation) => judged(invocation, ids, config.reportBatchItemFailures),
      (error: unknown) => ({ outcome: codeOf(error), failed: new Set(ids) }),
    );
    for (const { message } of batch) {
      if (failed.has(message.messageId)) sqs.release(queueArn, message.receiptHandle);
      else sqs.remove(queueArn, message.receiptHandle);
    }
    held -= batch.length;
    journal.add({
      service: "lambda",
      operation: "Batch",
      principal: "sqs.amazonaws.com",
      resource: target.name,
      outcome,
      ms: performance.now() - began,
      detail: { queue: queueArn, messages: batch.length, failed: [...failed] },
    });
  }
}

/** What CreateEventSourceMapping refuses. */
function check(config: EventSourceConfig, visibilitySeconds: number, may: EventSourceOptions["may"]): void {
  const { queueArn, function: target, batchSize, windowSeconds } = config;
  const problem = (message: string) => awsError("InvalidParameterValueException", message);
  for (const operation of ["ReceiveMessage", "DeleteMessage", "GetQueueAttributes"]) {
    if (may(`sqs:${operation}`, queueArn)) continue;
    throw problem(`The provided execution role does not have permissions to call ${operation} on SQS`);
  }
  if (visibilitySeconds < target.timeoutSeconds) {
    const [queue, timeout] = [`${visibilitySeconds} seconds`, `${target.timeoutSeconds} seconds`];
    throw problem(`Queue visibility timeout: ${queue} is less than Function timeout: ${timeout}`);
  }
  if (batchSize > 10 && windowSeconds < 1) {
    throw problem("Maximum batch window in seconds must be greater than 0 if maximum batch size is greater than 10");
  }
}

/** Which messages of the batch have failed, by their ids: all of them when the answer cannot be understood. */
function judged(
  { functionError, payload }: Invocation,
  batch: readonly string[],
  partial: boolean,
): { outcome: string; failed: ReadonlySet<string> } {
  const all = new Set(batch);
  if (functionError !== undefined) return { outcome: functionError, failed: all };
  const none = { outcome: "ok", failed: new Set<string>() };
  if (!partial) return none;
  const items =
    typeof payload === "object" && payload !== null && "batchItemFailures" in payload
      ? payload.batchItemFailures
      : null;
  if (items === null) return none;
  const ids = Array.isArray(items) ? items.map(idOf) : [undefined];
  const failed = new Set(ids.filter((id): id is string => id !== undefined && all.has(id)));
  if (failed.size < new Set(ids).size) return { outcome: "InvalidBatchItemFailures", failed: all };
  return failed.size === 0 ? none : { outcome: "BatchItemFailures", failed };
}

function idOf(item: unknown): string | undefined {
  const id = typeof item === "object" && item !== null && "itemIdentifier" in item ? item.itemIdentifier : undefined;
  return typeof id === "string" ? id : undefined;
}

/** https://docs.aws.amazon.com/lambda/latest/dg/with-sqs.html, "Example standard queue message event". */
const recordOf = (message: Message, queueArn: string) => ({
  messageId: message.messageId,
  receiptHandle: message.receiptHandle,
  body: message.body,
  attributes: message.attributes,
  messageAttributes: attributesOf(message.messageAttributes),
  md5OfBody: md5(message.body),
  ...(Object.keys(message.messageAttributes).length > 0 && {
    md5OfMessageAttributes: md5OfAttributes(message.messageAttributes),
  }),
  eventSource: "aws:sqs",
  eventSourceARN: queueArn,
  awsRegion: queueArn.split(":")[3],
});

function attributesOf(attributes: MessageAttributes) {
  return Object.fromEntries(
    Object.entries(attributes).map(([name, { DataType, StringValue, BinaryValue }]) => [
      name,
      {
        ...(StringValue === undefined ? {} : { stringValue: StringValue }),
        ...(BinaryValue === undefined ? {} : { binaryValue: BinaryValue }),
        stringListValues: [],
        binaryListValues: [],
        dataType: DataType,
      },
    ]),
  );
}

const codeOf = (error: unknown): string =>
  error instanceof Error && "code" in error ? String(error.code) : "ServiceException";
