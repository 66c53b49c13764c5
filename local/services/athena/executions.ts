// executions: every query that was started, a few of them running, and what became of the others.
//
//   <directory>/executions.ndjson    those that have ended, one per line
//   <directory>/running/             what running ones hold; emptied at the start

import { randomUUID } from "node:crypto";
import { appendFileSync, mkdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import type { Clock } from "../../clock";
import type { Journal } from "../../door/journal";
import { type Execution, hasEnded } from "./execution";
import { isQueryError } from "./query-error";

export interface Executions {
  /** `run` is called when it is its turn. */
  start(execution: Execution, principal: string, run: (signal: AbortSignal, directory: string) => Promise<void>): void;
  find(id: string): Execution | undefined;
  /** The newest first. */
  all(): readonly Execution[];
  /** What has ended stays as it is. */
  stop(id: string): void;
  /** Resolves when nothing is queued or runs. */
  idle(): Promise<void>;
  /** Cancels what runs. */
  end(): Promise<void>;
}

/** At the same time; Athena lets an account run twenty or more. */
const lanes = 3;

export const newId = (): string => randomUUID();

const cancelled = (message: string): Error => Object.assign(new Error(message), { name: "CANCELLED" });

export function executions(directory: string, clock: Clock, journal: Journal): Executions {
  mkdirSync(directory, { recursive: true });
  const file = join(directory, "executions.ndjson");
  const places = join(directory, "running");
  rmSync(places, { recursive: true, force: true });
  const kept = new Map<string, Execution>(earlier(file).map((execution) => [execution.id, execution]));
  const waiting: (() => Promise<void>)[] = [];
  const aborts = new Map<string, AbortController>();
  const running = new Set<Promise<void>>();

  function next(): void {
    const begin = running.size < lanes ? waiting.shift() : undefined;
    if (begin === undefined) return;
    const lane: Promise<void> = begin().finally(() => {
      running.delete(lane);
      next();
    });
    running.add(lane);
    next();
  }

  async function idle(): Promise<void> {
    while (running.size > 0) await Promise.all(running);
  }

  return {
    start(execution, principal, run) {
      kept.set(execution.id, execution);
      const abort = new AbortController();
      aborts.set(execution.id, abort);
      waiting.push(async () => {
        try {
          abort.signal.throwIfAborted();
          execution.state = "RUNNING";
          execution.started = clock.now();
          await run(abort.signal, join(places, execution.id));
          execution.state = "SUCCEEDED";
        } catch (error) {
          fail(execution, error as Error);
        }
        execution.completed = clock.now();
        aborts.delete(execution.id);
        appendFileSync(file, `${JSON.stringify(execution)}\n`, { mode: 0o600 });
        journal.add({
          service: "athena",
          operation: execution.kind.name,
          principal,
          resource: execution.workgroup,
          outcome: execution.state === "SUCCEEDED" ? "ok" : (execution.reason?.code ?? execution.state),
          ms: execution.completed - execution.submitted,
          detail: {
            id: execution.id,
            bytes: execution.scanned,
            rows: execution.rows,
            ...(execution.reason ? { message: execution.reason.message } : {}),
          },
        });
      });
      // Not yet: the caller is told the id first.
      setImmediate(next);
    },
    find: (id) => kept.get(id),
    all: () => [...kept.values()].reverse(),
    stop(id) {
      aborts.get(id)?.abort(cancelled("Query cancelled by user"));
    },
    async idle() {
      do {
        await new Promise((resolve) => setImmediate(resolve));
        await idle();
      } while (waiting.length > 0);
    },
    async end() {
      for (const abort of aborts.values()) abort.abort(cancelled("Query cancelled: the embedded AWS has ended"));
      await this.idle();
    },
  };
}

function fail(execution: Execution, error: Error): void {
  if (error.name === "CANCELLED") {
    execution.state = "CANCELLED";
    execution.reason = { message: error.message };
    return;
  }
  // What is no error of the query's is one of ours, and is told in full.
  if (!isQueryError(error)) console.error(error);
  execution.state = "FAILED";
  execution.reason = isQueryError(error)
    ? { code: error.code, message: error.message }
    : { code: "GENERIC_INTERNAL_ERROR", message: `GENERIC_INTERNAL_ERROR: ${error.message}` };
}

function earlier(file: string): Execution[] {
  try {
    const lines = readFileSync(file, "utf8")
      .split("\n")
      .filter((line) => line !== "");
    return lines.map((line) => JSON.parse(line) as Execution).filter(hasEnded);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return [];
    throw error;
  }
}
