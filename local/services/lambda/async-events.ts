// async-events: the queue between "accepted" and "done" of asynchronous invocations.
//
//   accept --> try --> ok: forgotten
//               ^  \-> error: again after 1 minute, then after 2 --> no tries left, or too old: on-failure destination
//               |
//               \--- no room under the reserved concurrency: waits, and is tried as soon as there is room
//
// Every step is on disk before the next one begins: a runner that ends in between, however it ends, takes the event up
// again at its next start. So an event may run twice, as on AWS, and is never lost.
//
// AWS tries throttled events again after 1 s to 5 minutes; here the end of a running invocation wakes them.

import type { Clock } from "../../clock";
import type { Journal } from "../../door/journal";
import { type Condition, invocationRecord } from "./destination";
import { type AsyncEvent, eventStore } from "./event-store";
import type { FunctionConfig } from "./function-config";
import type { Outcome } from "./instance";

/** As much of an attempt as decides what becomes of the event. */
type Result = Pick<Outcome, "errorType" | "payload">;

export type { AsyncEvent } from "./event-store";

export interface AsyncEventsOptions {
  readonly file: string;
  readonly clock: Clock;
  readonly journal: Journal;
  readonly deliver: (from: FunctionConfig, destinationArn: string, body: string) => Promise<void>;
  /** Runs the function once; rejects when the runner ends meanwhile, or cannot start a process. */
  readonly attempt: (event: AsyncEvent) => Promise<Result>;
  readonly hasRoom: (config: FunctionConfig) => boolean;
  /** Called whenever an event has come to its end. */
  readonly settled: () => void;
}

/** https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-error-handling.html */
const waitsMs = [60_000, 120_000];

export function asyncEvents({ file, clock, journal, deliver, attempt, hasRoom, settled }: AsyncEventsOptions) {
  const store = eventStore(file);
  const functions = new Map<string, FunctionConfig>();
  const pending = new Map<string, AsyncEvent>();
  const timers = new Map<string, () => void>();
  const throttled = new Set<AsyncEvent>();
  const underWay = new Set<Promise<void>>();
  let stopped = false;

  return {
    accept(event: Pick<AsyncEvent, "requestId" | "functionName" | "payload" | "source">): void {
      const now = clock.now();
      const accepted = { ...event, acceptedAt: now, attempts: 0, dueAt: now, lastError: null };
      store.add(accepted);
      wait(accepted);
    },
    takeUp(config: FunctionConfig): void {
      functions.set(config.name, config);
      for (const event of store.of(config.name)) if (!pending.has(event.requestId)) wait(event);
    },
    roomFor({ name }: FunctionConfig): void {
      for (const event of throttled) if (event.functionName === name) start(event);
    },
    pending: () => pending.size,
    /** Begins nothing any more. */
    stop(): void {
      stopped = true;
      for (const cancel of timers.values()) cancel();
    },
    async end(): Promise<void> {
      await Promise.all(underWay);
      store.end();
    },
  };

  function wait(event: AsyncEvent): void {
    pending.set(event.requestId, event);
    const ms = event.dueAt - clock.now();
    if (ms <= 0) start(event);
    else
      timers.set(
        event.requestId,
        clock.after(ms, () => start(event)),
      );
  }

  function start(event: AsyncEvent): void {
    timers.delete(event.requestId);
    const config = functions.get(event.functionName);
    if (stopped || config === undefined) return;
    const step = next(config, event).finally(() => underWay.delete(step));
    underWay.add(step);
  }

  async function next(config: FunctionConfig, event: AsyncEvent): Promise<void> {
    if (event.attempts > config.retry.attempts) return giveUp(config, event, "RetriesExhausted");
    if (clock.now() - event.acceptedAt > config.retry.maxAgeSeconds * 1000) {
      return giveUp(config, event, "EventAgeExceeded");
    }
    if (!hasRoom(config)) return throttle(config, event);
    throttled.delete(event);

    const outcome = await attempt(event).catch(serviceError);
    if (stopped && outcome.errorType === "ServiceException") return;
    if (outcome.errorType === undefined) return forget(event);
    event.attempts += 1;
    event.lastError = outcome.payload;
    const waitMs = waitsMs[event.attempts - 1] ?? 0;
    const again = event.attempts <= config.retry.attempts;
    event.dueAt = clock.now() + (again ? waitMs : 0);
    store.update(event);
    if (again) note("Retry", event, "ok", { attempt: event.attempts + 1, waitMs, error: JSON.parse(outcome.payload) });
    if (!stopped) wait(event);
  }

  async function throttle(config: FunctionConfig, event: AsyncEvent): Promise<void> {
    if (throttled.has(event)) return;
    note("Throttle", event, "TooManyRequestsException", { reservedConcurrency: config.reservedConcurrency });
    // "If you set the function's reserved concurrency to zero, events go straight to the destination, without retries."
    if (config.reservedConcurrency === 0) return giveUp(config, event, "RetriesExhausted");
    throttled.add(event);
  }

  async function giveUp(config: FunctionConfig, event: AsyncEvent, condition: Condition): Promise<void> {
    throttled.delete(event);
    const record = invocationRecord(config, event, condition, clock.now());
    const { onFailure: destination } = config;
    try {
      if (destination === undefined) {
        note("Destination", event, "AsyncEventsDropped", { condition, record: JSON.parse(record) });
      } else {
        await deliver(config, destination, record);
        note("Destination", event, "ok", { condition, destination });
      }
    } catch (error) {
      // The door may have closed before the runner did: then nothing is lost yet.
      if (stopped) return;
      const cause = error instanceof Error ? error.message : String(error);
      // On AWS only a metric of that name tells of it and the event is gone; here the journal keeps it.
      note("Destination", event, "DestinationDeliveryFailures", {
        condition,
        destination,
        cause,
        record: JSON.parse(record),
      });
    }
    forget(event);
  }

  function forget(event: AsyncEvent): void {
    store.remove(event);
    pending.delete(event.requestId);
    settled();
  }

  function note(operation: string, event: AsyncEvent, outcome: string, detail: Record<string, unknown>): void {
    const { requestId, functionName } = event;
    const principal = "lambda.amazonaws.com";
    journal.add({
      service: "lambda",
      operation,
      principal,
      resource: functionName,
      outcome,
      ms: 0,
      detail: { requestId, ...detail },
    });
  }
}

function serviceError(error: unknown): Result {
  const errorType = "ServiceException";
  const errorMessage = error instanceof Error ? error.message : String(error);
  return { errorType, payload: JSON.stringify({ errorType, errorMessage }) };
}
