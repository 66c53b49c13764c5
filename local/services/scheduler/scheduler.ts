// scheduler: EventBridge Scheduler - what is to be invoked when, on the cloud's clock.
//
//   put --> waits for its next run --> delivers (see events/deliveries.ts) --> waits for the run after that
//
// AWS is never switched off. What fell into the time when nothing ran here is not made up for: a rate keeps its beat from the
// day when its schedule was made, and a start after a week does not begin with a week's runs.

import { randomUUID } from "node:crypto";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { readScheduleExpression } from "../../../stage/schedule-expression";
import { atLeastOnce } from "../../at-least-once";
import type { Clock } from "../../clock";
import type { Journal } from "../../door/journal";
import { deliveries, type Route } from "../events/deliveries";
import { nextRun } from "./next-run";

export interface SchedulerOptions {
  readonly directory: string;
  readonly clock: Clock;
  /** By which what could not be delivered waits. */
  readonly retryClock: Clock;
  readonly journal: Journal;
}

export interface Schedule {
  readonly arn: string;
  /** As AWS takes it; see stage/schedule-expression.ts. In UTC. */
  readonly expression: string;
  readonly enabled: boolean;
  /** JSON: what the target gets. */
  readonly input: string;
  readonly target: Route;
}

export interface Scheduler {
  put(schedule: Schedule): void;
  /** How many deliveries have not come to their end; runs that are to come do not count. */
  busy(): number;
  end(): void;
}

/** Node's timers hold 24 days, and a laptop sleeps in between. */
const longestTimerMs = 86_400_000;

export function scheduler({ directory, clock, retryClock, journal }: SchedulerOptions): Scheduler {
  mkdirSync(directory, { recursive: true });
  const made = beginnings(join(directory, "schedules.json"));
  const out = deliveries({ file: join(directory, "waiting.sqlite"), clock: retryClock, journal, service: "scheduler" });
  const timers = new Map<string, () => void>();
  const nowAndThenTwice = atLeastOnce();

  return {
    put(schedule) {
      const now = clock.now();
      out.takeUp(schedule.target);
      const since = made.of(schedule, now);
      // A schedule that is made this very moment is due this very moment, if it is a rate.
      if (schedule.enabled) plan(schedule, since, since === now ? now - 1 : now);
    },
    busy: () => out.waiting(),
    end() {
      for (const cancel of timers.values()) cancel();
      out.end();
    },
  };

  function plan(schedule: Schedule, since: number, after: number): void {
    const at = nextRun(readScheduleExpression(schedule.expression), since, after);
    timers.delete(schedule.arn);
    if (at !== undefined) wait(schedule, since, at, at - Math.max(after, clock.now()));
  }

  function wait(schedule: Schedule, since: number, at: number, ms: number): void {
    const part = Math.max(0, Math.min(ms, longestTimerMs));
    const cancel = clock.after(part, () => {
      const left = Math.min(ms - part, at - clock.now());
      if (ms > part && left > 0) wait(schedule, since, at, left);
      else run(schedule, since, at);
    });
    timers.set(schedule.arn, cancel);
  }

  function run(schedule: Schedule, since: number, at: number): void {
    // After this run and not after now: a clock whose waits run faster is still before it.
    plan(schedule, since, Math.max(at, clock.now()));
    const from = {
      SCHEDULE_ARN: schedule.arn,
      TARGET_ARN: schedule.target.targetArn,
      SCHEDULED_TIME: `${new Date(at).toISOString().slice(0, 19)}Z`,
      EXECUTION_ID: randomUUID(),
    };
    nowAndThenTwice(() => out.deliver(schedule.target, schedule.input, from));
  }
}

/** When each schedule was made, kept over restarts; one whose expression is another is another schedule. */
function beginnings(file: string) {
  const kept = read(file);
  return {
    of({ arn, expression }: Schedule, now: number): number {
      const known = kept[arn];
      if (known?.expression === expression) return known.since;
      kept[arn] = { expression, since: now };
      writeFileSync(file, JSON.stringify(kept), { mode: 0o600 });
      return now;
    },
  };
}

function read(file: string): Record<string, { expression: string; since: number }> {
  try {
    return JSON.parse(readFileSync(file, "utf8"));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return {};
    throw error;
  }
}
