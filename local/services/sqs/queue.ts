// queue: one standard queue. Its messages lie in the store; what time does to them is done here.
//
//   send --> delayed --> visible --> in flight --> deleted
//                           ^            |
//                           |            v  its visibility timeout has passed
//                           +---------- received fewer than maxReceiveCount times? else --> dead-letter queue
//
// Waits are timers of the clock, never comparisons with it, so that a clock whose waits run faster is right as well.
// Only the retention looks at the age of a message, when the queue is looked at.

import { randomBytes, randomUUID } from "node:crypto";
import type { Clock } from "../../clock";
import type { PolicyDocument } from "../../door/policy";
import { awsError } from "../../door/service";
import type { MessageAttributes } from "./md5";
import type { MessageRow, MessageStore } from "./message-store";

export interface QueueConfig {
  readonly name: string;
  readonly arn: string;
  /** As the program knows it; every queue is also found at `{endpoint}/{account}/{name}`. */
  readonly url?: string;
  readonly visibilitySeconds: number;
  readonly retentionSeconds: number;
  readonly redrive?: { readonly deadLetterArn: string; readonly maxReceiveCount: number };
  readonly delaySeconds?: number;
  readonly receiveWaitSeconds?: number;
  /** The queue's own policy. */
  readonly policy?: PolicyDocument;
}

/** A message as its receiver gets it. */
export interface Message {
  readonly messageId: string;
  readonly receiptHandle: string;
  readonly body: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly messageAttributes: MessageAttributes;
}

/** A message as it lies in the queue, for people to look at. */
export interface LyingMessage {
  readonly messageId: string;
  readonly body: string;
  readonly messageAttributes: MessageAttributes;
  readonly state: "visible" | "delayed" | "in flight";
  /** ISO 8601, UTC. */
  readonly sentAt: string;
  readonly receives: number;
  /** The queue that it died in. */
  readonly deadLetterSource?: string;
}

export interface SendOptions {
  readonly messageAttributes?: MessageAttributes;
  readonly traceHeader?: string;
  readonly sender: string;
  readonly delaySeconds?: number;
}

export interface ReceiveOptions {
  readonly maximum: number;
  readonly visibilitySeconds?: number;
  /** How long to wait for a first message. */
  readonly waitSeconds?: number;
  /** Calls the waiting off: nothing is received. */
  readonly signal?: AbortSignal;
}

export interface Queue {
  config: QueueConfig;
  readonly createdAt: number;
  send(body: string, options: SendOptions): { messageId: string };
  receive(options: ReceiveOptions): Promise<Message[]>;
  /** An older receipt of a message that was received again since deletes nothing, as SQS allows itself. */
  remove(receiptHandle: string): void;
  changeVisibility(receiptHandle: string, seconds: number): void;
  /** Nobody works on a received message any more: what is left of its visibility timeout is mere waiting. */
  release(receiptHandle: string): void;
  /** Deletes a message by its id, whoever holds it. */
  discard(messageId: string): void;
  counts(): { visible: number; inFlight: number; delayed: number };
  messages(): LyingMessage[];
  purge(): void;
  /** Takes a message of another queue as it is. */
  adopt(row: MessageRow): void;
  end(): void;
}

export interface QueueOptions {
  readonly config: QueueConfig;
  readonly store: MessageStore;
  readonly clock: Clock;
  /** By which messages wait that nobody works on. */
  readonly retryClock: Clock;
  /** Moves a message that was received too often; false when the dead-letter queue does not exist. */
  readonly die: (row: MessageRow, from: QueueConfig) => boolean;
}

export function queue({ config, store, clock, retryClock, die }: QueueOptions): Queue {
  const timers = new Map<string, () => void>();
  const waiting = new Set<() => void>();
  const createdAt = clock.now();
  let ended = false;

  const self: Queue = {
    config,
    createdAt,
    send(body, { messageAttributes = {}, traceHeader, sender, delaySeconds = self.config.delaySeconds ?? 0 }) {
      const now = clock.now();
      const row: MessageRow = {
        id: randomUUID(),
        queue: config.arn,
        body,
        attributes: messageAttributes,
        traceHeader: traceHeader ?? null,
        sender,
        sentAt: now,
        state: delaySeconds > 0 ? "delayed" : "visible",
        dueAt: now + delaySeconds * 1000,
        receives: 0,
        firstReceivedAt: null,
        receipt: null,
        deadLetterSource: null,
      };
      store.add(row);
      settle(row);
      return { messageId: row.id };
    },
    async receive(options) {
      const { waitSeconds = self.config.receiveWaitSeconds ?? 0 } = options;
      const messages = takeSome(options);
      return messages.length > 0 || waitSeconds === 0 ? messages : arrival(options, waitSeconds);
    },
    remove(receiptHandle) {
      const row = received(receiptHandle);
      if (row?.receipt === receiptHandle) forget(row);
    },
    changeVisibility(receiptHandle, seconds) {
      const row = received(receiptHandle);
      if (row === undefined) {
        const reason = "Message does not exist or is not available for visibility timeout change.";
        const value = `Value ${receiptHandle} for parameter ReceiptHandle is invalid. Reason: ${reason}`;
        throw awsError("InvalidParameterValue", value);
      }
      if (row.state !== "in flight" || row.receipt !== receiptHandle) {
        throw awsError("AWS.SimpleQueueService.MessageNotInflight", "The message referred to isn't in flight.");
      }
      row.dueAt = clock.now() + seconds * 1000;
      store.update(row);
      settle(row);
    },
    release(receiptHandle) {
      const row = received(receiptHandle);
      if (row?.state === "in flight" && row.receipt === receiptHandle) settle(row, retryClock);
    },
    discard(messageId) {
      const row = store.find(config.arn, messageId);
      if (row !== undefined) forget(row);
    },
    counts() {
      expire();
      const count = (state: MessageRow["state"]) => store.count(config.arn, state);
      return { visible: count("visible"), inFlight: count("in flight"), delayed: count("delayed") };
    },
    messages() {
      expire();
      return store.all(config.arn).map((row) => ({
        messageId: row.id,
        body: row.body,
        messageAttributes: row.attributes,
        state: row.state,
        sentAt: new Date(row.sentAt).toISOString(),
        receives: row.receives,
        ...(row.deadLetterSource === null ? {} : { deadLetterSource: row.deadLetterSource }),
      }));
    },
    purge() {
      for (const row of store.all(config.arn)) forget(row);
    },
    adopt(row) {
      store.update(row);
      settle(row);
    },
    end() {
      for (const cancel of timers.values()) cancel();
      timers.clear();
      ended = true;
      for (const look of waiting) look();
    },
  };

  // Whoever had received a message went with the last start.
  for (const row of store.all(config.arn)) if (row.state !== "visible") settle(row, retryClock);
  return self;

  function takeSome({ maximum, visibilitySeconds }: ReceiveOptions): Message[] {
    expire();
    return store.visible(config.arn, maximum).map((row) => take(row, visibilitySeconds));
  }

  function take(row: MessageRow, visibilitySeconds = self.config.visibilitySeconds): Message {
    const now = clock.now();
    row.state = "in flight";
    row.dueAt = now + visibilitySeconds * 1000;
    row.receives += 1;
    row.firstReceivedAt ??= now;
    row.receipt = receiptOf(row);
    store.update(row);
    const attributes = systemAttributes(row);
    const message = {
      messageId: row.id,
      receiptHandle: row.receipt,
      body: row.body,
      attributes,
      messageAttributes: row.attributes,
    };
    settle(row);
    return message;
  }

  /** Does what is due of a message, or sets the timer for it. */
  function settle(row: MessageRow, waits = clock): void {
    timers.get(row.id)?.();
    timers.delete(row.id);
    const ms = row.dueAt - clock.now();
    if (row.state === "visible" || ms <= 0) appear(row);
    else
      timers.set(
        row.id,
        waits.after(ms, () => appear(row)),
      );
  }

  function appear(row: MessageRow): void {
    timers.delete(row.id);
    const limit = self.config.redrive?.maxReceiveCount ?? Number.POSITIVE_INFINITY;
    if (row.state === "in flight" && row.receives >= limit && die(row, self.config)) return;
    if (row.state !== "visible") {
      row.state = "visible";
      store.update(row);
    }
    for (const look of waiting) look();
  }

  /** The first messages to come, or none when the time is over. */
  function arrival(options: ReceiveOptions, seconds: number): Promise<Message[]> {
    return new Promise((resolve) => {
      const cancel = Number.isFinite(seconds) ? clock.after(seconds * 1000, () => finish([])) : () => {};
      const giveUp = () => finish([]);
      waiting.add(look);
      options.signal?.addEventListener("abort", giveUp);
      if (options.signal?.aborted) giveUp();

      function look(): void {
        const messages = ended ? [] : takeSome(options);
        if (ended || messages.length > 0) finish(messages);
      }

      function finish(messages: Message[]): void {
        cancel();
        waiting.delete(look);
        options.signal?.removeEventListener("abort", giveUp);
        resolve(messages);
      }
    });
  }

  function received(receiptHandle: string): MessageRow | undefined {
    const id = messageIdOf(receiptHandle);
    if (id === undefined) {
      throw awsError(
        "ReceiptHandleIsInvalid",
        `The input receipt handle "${receiptHandle}" is not a valid receipt handle.`,
      );
    }
    return store.find(config.arn, id);
  }

  function forget(row: MessageRow): void {
    timers.get(row.id)?.();
    timers.delete(row.id);
    store.remove(row);
  }

  function expire(): void {
    for (const row of store.olderThan(config.arn, clock.now() - self.config.retentionSeconds * 1000)) forget(row);
  }
}

function systemAttributes(row: MessageRow): Record<string, string> {
  return {
    SenderId: row.sender,
    SentTimestamp: String(row.sentAt),
    ApproximateReceiveCount: String(row.receives),
    ApproximateFirstReceiveTimestamp: String(row.firstReceivedAt),
    ...(row.traceHeader === null ? {} : { AWSTraceHeader: row.traceHeader }),
    ...(row.deadLetterSource === null ? {} : { DeadLetterQueueSourceArn: row.deadLetterSource }),
  };
}

const receiptOf = ({ id }: MessageRow): string =>
  Buffer.from(`${id} ${randomBytes(24).toString("hex")}`).toString("base64");

const messageIdOf = (receiptHandle: string): string | undefined =>
  /^([0-9a-f-]{36}) [0-9a-f]{48}$/.exec(Buffer.from(receiptHandle, "base64").toString())?.[1];
