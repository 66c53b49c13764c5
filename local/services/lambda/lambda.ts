// lambda: runs functions as Lambda does: the deployed package, in processes of its own, with nothing but its own
// environment; synchronously, or as asynchronous events that are tried again and end at a destination.
//
//   invoke, invokeAsync --> reserved concurrency --> pool --> instance --> sandbox (a Node process: bootstrap.js)
//                \--> async-events: kept on disk until they succeeded or were delivered to the destination

import { randomUUID } from "node:crypto";
import { mkdirSync, rmSync } from "node:fs";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import type { Clock } from "../../clock";
import type { Journal } from "../../door/journal";
import { awsError } from "../../door/service";
import type { Logs } from "../logs/logs";
import { type AsyncEvent, asyncEvents } from "./async-events";
import { checkConfig, type FunctionConfig } from "./function-config";
import { instance, type Outcome } from "./instance";
import { pool } from "./pool";

export interface LambdaOptions {
  /** Holds the instances' `/tmp` and the events that have not ended. */
  readonly directory: string;
  /** Where the embedded AWS listens. */
  readonly endpoint: () => string;
  readonly clock: Clock;
  readonly journal: Journal;
  readonly logs: Logs;
  /** Sends the record of a failed event to its destination, as the function's role. */
  readonly deliver: (from: FunctionConfig, destinationArn: string, body: string) => Promise<void>;
  /** Of all functions together, at work at once; as many as there are processors where it is not given. */
  readonly maximumProcesses?: number;
  /** How many more are kept warm. A process that has nothing to do takes about 80 MB. */
  readonly keptProcesses?: number;
}

/** Who invokes: `s3.amazonaws.com`, a stage's name, `operator`. */
export interface InvokeOptions {
  readonly source: string;
}

export interface Invocation {
  /** The result; of a function error `{ errorType, errorMessage, trace }`. */
  readonly payload: unknown;
  readonly functionError?: "Unhandled";
  readonly requestId: string;
  readonly durationMs: number;
  readonly billedMs: number;
  readonly maxMemoryUsedMb: number;
  readonly logTail: string;
}

export interface Lambda {
  /** Creates the function, or replaces it; takes up the events that an earlier run left for it. */
  create(config: FunctionConfig): void;
  has(name: string): boolean;
  invoke(name: string, payload: unknown, options: InvokeOptions): Promise<Invocation>;
  /** Accepts the event at once. */
  invokeAsync(name: string, payload: unknown, options: InvokeOptions): { requestId: string };
  /** How many invocations and events have not come to their end. */
  busy(): number;
  /** Waits until there are none. */
  idle(): Promise<void>;
  /** Ends every process. Events that have not ended stay on disk for the next start. */
  end(): Promise<void>;
}

const kibibyte = 1024;
/** https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html */
const maximumPayload = { RequestResponse: 6 * kibibyte * kibibyte, Event: kibibyte * kibibyte };

export function lambda(options: LambdaOptions): Lambda {
  const { directory, endpoint, clock, journal, logs, deliver } = options;
  const { maximumProcesses = availableParallelism(), keptProcesses = 10 } = options;
  const tmp = join(directory, "tmp");
  rmSync(tmp, { recursive: true, force: true });
  mkdirSync(tmp, { recursive: true });

  const functions = new Map<string, FunctionConfig>();
  const running = new Map<string, number>();
  const waitingForIdle = new Set<() => void>();
  let synchronous = 0;
  let ending: Promise<void> | undefined;
  const processes = pool({
    maximum: maximumProcesses,
    kept: keptProcesses,
    start: (config) => instance({ config, directory: tmp, endpoint: endpoint(), clock, logs }),
  });
  const events = asyncEvents({
    file: join(directory, "events.sqlite"),
    clock,
    journal,
    deliver,
    attempt,
    hasRoom,
    settled,
  });

  return {
    create(config) {
      checkConfig(config);
      processes.retire(config.name);
      functions.set(config.name, config);
      events.takeUp(config);
    },
    has: (name) => functions.has(name),
    async invoke(name, payload, { source }) {
      const config = named(name);
      const text = checkedPayload(payload, "RequestResponse");
      if (!hasRoom(config)) throw throttled(config, source);
      const requestId = randomUUID();
      synchronous += 1;
      try {
        const attempt = { requestId, payload: text, source, attempt: 1, awaited: isFunction(source) };
        return invocation(requestId, await run(config, attempt));
      } finally {
        synchronous -= 1;
        settled();
      }
    },
    invokeAsync(name, payload, { source }) {
      const { name: functionName } = named(name);
      const requestId = randomUUID();
      events.accept({ requestId, functionName, payload: checkedPayload(payload, "Event"), source });
      return { requestId };
    },
    busy,
    idle: () => new Promise((resolve) => (busy() === 0 ? resolve() : waitingForIdle.add(resolve))),
    end() {
      ending ??= Promise.resolve().then(async () => {
        events.stop();
        await processes.end();
        await events.end();
      });
      return ending;
    },
  };

  function named(name: string): FunctionConfig {
    const config = functions.get(name);
    if (config === undefined) throw awsError("ResourceNotFoundException", `Function not found: ${name}`, 404);
    return config;
  }

  function isFunction(source: string): boolean {
    return [...functions.values()].some(({ principal }) => principal.name === source);
  }

  function busy(): number {
    return synchronous + events.pending();
  }

  function hasRoom({ name, reservedConcurrency = Number.POSITIVE_INFINITY }: FunctionConfig): boolean {
    return (running.get(name) ?? 0) < reservedConcurrency;
  }

  function attempt({ functionName, requestId, payload, source, attempts }: AsyncEvent): Promise<Outcome> {
    return run(named(functionName), { requestId, payload, source, attempt: attempts + 1 });
  }

  async function run(
    config: FunctionConfig,
    { requestId, payload, source, attempt, awaited }: Attempt,
  ): Promise<Outcome> {
    const { name } = config;
    running.set(name, (running.get(name) ?? 0) + 1);
    try {
      const outcome = await processes.run(config, requestId, payload, awaited);
      const { initMs, durationMs, maxMemoryUsedMb, errorType } = outcome;
      const error = errorType === undefined ? undefined : JSON.parse(outcome.payload);
      journal.add({
        service: "lambda",
        operation: "Invoke",
        principal: source,
        resource: name,
        outcome: errorType ?? "ok",
        ms: durationMs,
        detail: { requestId, attempt, initMs, durationMs, maxMemoryUsedMb, error },
      });
      return outcome;
    } finally {
      running.set(name, (running.get(name) ?? 1) - 1);
      events.roomFor(config);
    }
  }

  function settled(): void {
    if (busy() > 0) return;
    for (const resolve of waitingForIdle) resolve();
    waitingForIdle.clear();
  }

  function throttled({ name }: FunctionConfig, source: string): Error {
    const outcome = "TooManyRequestsException";
    journal.add({ service: "lambda", operation: "Throttle", principal: source, resource: name, outcome, ms: 0 });
    return awsError(outcome, "Rate Exceeded.", 429);
  }
}

interface Attempt {
  readonly requestId: string;
  readonly payload: string;
  readonly source: string;
  readonly attempt: number;
  /** By a function, which waits. */
  readonly awaited?: boolean;
}

function checkedPayload(payload: unknown, type: keyof typeof maximumPayload): string {
  const text = JSON.stringify(payload) ?? "null";
  const size = Buffer.byteLength(text);
  if (size <= maximumPayload[type]) return text;
  throw awsError(
    "RequestTooLargeException",
    `${size} byte payload is too large for the ${type} invocation type (limit ${maximumPayload[type]} bytes)`,
    413,
  );
}

function invocation(requestId: string, outcome: Outcome): Invocation {
  const { payload, errorType, durationMs, billedMs, maxMemoryUsedMb, logTail } = outcome;
  const failed = errorType === undefined ? {} : { functionError: "Unhandled" as const };
  return { payload: JSON.parse(payload), ...failed, requestId, durationMs, billedMs, maxMemoryUsedMb, logTail };
}
