// deliveries: how EventBridge and its Scheduler bring something to a target: they try, wait and try again, and give up.
//
//   deliver --> try --> ok
//                ^ \--> moment: waits (twice as long each time, with jitter), until tries or time are used up --\
//                |        |                                                                                     v
//                +--------+             no permission, no such target: at once -------------> dead-letter queue, or gone
//
// https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-rule-dlq.html. What waits is on disk; waits are timers and are
// added up, never compared with the clock, so that a clock whose waits run faster is right as well.

import { randomUUID } from "node:crypto";
import type { Clock } from "../../clock";
import type { Journal } from "../../door/journal";
import { type Delivery, deliveryStore } from "./delivery-store";

/** Where something is brought, and what becomes of it on the way. */
export interface Route {
  /** Stays the same over a restart: by it a delivery that waits finds its way again. */
  readonly name: string;
  readonly targetArn: string;
  readonly retry: { readonly attempts: number; readonly maximumAgeSeconds: number };
  /** Delivers at once, or throws; a DeliveryError where trying again is of no use. */
  readonly send: (body: string) => void;
  /** Sends to the dead-letter queue, or throws; where there is none, what cannot be delivered is gone. */
  readonly deadLetter?: (body: string, attributes: Attributes) => void;
}

export type Attributes = Readonly<Record<string, string>>;

/** `NO_PERMISSIONS` and `NO_RESOURCE` are AWS's own codes. */
export const deliveryError = (code: "NO_PERMISSIONS" | "NO_RESOURCE", message: string): Error =>
  Object.assign(new Error(message), { name: "DeliveryError", code });

export interface DeliveriesOptions {
  readonly file: string;
  readonly clock: Clock;
  readonly journal: Journal;
  /** `events`, `scheduler`: who delivers. */
  readonly service: string;
}

export type Deliveries = ReturnType<typeof deliveries>;

/** The default of either service: 185 times in 24 hours. */
export const defaultRetry = { attempts: 185, maximumAgeSeconds: 86_400 };

const longestWaitMs = 480_000;

export function deliveries({ file, clock, journal, service }: DeliveriesOptions) {
  const store = deliveryStore(file);
  const waiting = new Map<string, () => void>();

  return {
    /** `attributes` say where it comes from, should it become a dead letter. */
    deliver(route: Route, body: string, attributes: Attributes): void {
      attempt(route, { id: randomUUID(), route: route.name, body, attributes, attempts: 0, waitedMs: 0 });
    },
    /** Goes on with what an earlier start left waiting for this route. */
    takeUp(route: Route): void {
      for (const delivery of store.of(route.name)) wait(route, delivery, 0);
    },
    waiting: () => waiting.size,
    end(): void {
      for (const cancel of waiting.values()) cancel();
      waiting.clear();
      store.end();
    },
  };

  function attempt(route: Route, before: Delivery): void {
    const delivery = { ...before, attempts: before.attempts + 1 };
    try {
      route.send(delivery.body);
    } catch (error) {
      failed(route, delivery, error instanceof Error ? error : new Error(String(error)));
      return;
    }
    if (before.attempts > 0) store.remove(delivery);
    note("Deliver", route, "ok", { attempt: delivery.attempts });
  }

  function failed(route: Route, delivery: Delivery, error: Error): void {
    const useless = error.name === "DeliveryError" && "code" in error;
    const code = useless ? String(error.code) : "INTERNAL_ERROR";
    const waitMs = waitAfter(delivery.attempts);
    const later = { ...delivery, waitedMs: delivery.waitedMs + waitMs };
    const exhausted = exhaustedBy(route, later);
    if (useless || exhausted !== undefined) {
      giveUp(route, delivery, error, { code, ...(useless ? {} : { exhausted }) });
      return;
    }
    store.put(later);
    note("Retry", route, code, { attempt: delivery.attempts, waitMs, message: error.message });
    wait(route, later, waitMs);
  }

  function wait(route: Route, delivery: Delivery, ms: number): void {
    const cancel = clock.after(ms, () => {
      waiting.delete(delivery.id);
      attempt(route, delivery);
    });
    waiting.set(delivery.id, cancel);
  }

  function giveUp(route: Route, delivery: Delivery, error: Error, { code, exhausted }: Verdict): void {
    const attributes = {
      ...delivery.attributes,
      ERROR_CODE: code,
      ERROR_MESSAGE: error.message,
      RETRY_ATTEMPTS: String(delivery.attempts - 1),
      ...(exhausted === undefined ? {} : { EXHAUSTED_RETRY_CONDITION: exhausted }),
    };
    store.remove(delivery);
    try {
      if (route.deadLetter === undefined) throw new Error("it has no dead-letter queue");
      route.deadLetter(delivery.body, attributes);
      note("DeadLetter", route, code, attributes);
    } catch (cause) {
      // On AWS a metric counts it and it is gone; here the journal keeps it.
      const lost = { ...attributes, lostBecause: (cause as Error).message, body: JSON.parse(delivery.body) };
      note("DeadLetter", route, "InvocationsFailedToBeSentToDlq", lost);
    }
  }

  function note(operation: string, route: Route, outcome: string, detail: Readonly<Record<string, unknown>>): void {
    const principal = `${service}.amazonaws.com`;
    journal.add({ service, operation, principal, resource: route.name, outcome, ms: 0, detail });
  }
}

interface Verdict {
  readonly code: string;
  readonly exhausted?: string | undefined;
}

function exhaustedBy({ retry }: Route, { attempts, waitedMs }: Delivery): string | undefined {
  if (attempts > retry.attempts) return "MaximumRetryAttempts";
  return waitedMs > retry.maximumAgeSeconds * 1_000 ? "MaximumEventAgeInSeconds" : undefined;
}

/** A second, then twice as long each time; half of it by chance, so that what failed together does not come back together. */
const waitAfter = (attempts: number): number =>
  Math.round(Math.min(longestWaitMs, 1_000 * 2 ** (attempts - 1)) * (0.5 + Math.random() / 2));
