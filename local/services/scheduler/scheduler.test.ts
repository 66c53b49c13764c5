import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import { handClock, systemClock } from "../../clock";
import { journal } from "../../door/journal";
import { temporaryDirectory } from "../../temporary-directory";
import type { Route } from "../events/deliveries";
import { type Schedule, scheduler } from "./scheduler";

const start = Date.UTC(2026, 0, 1);
const hour = 3_600_000;

test("a schedule is due by the clock, at the times of its expression", (t) => {
  const { put, clock, runs } = fixture(t);
  put("cron(30 5 ? * MON-FRI *)");
  clock.advance(4 * 24 * hour + 12 * hour);
  assert.deepEqual(runs, ["2026-01-01T05:30", "2026-01-02T05:30", "2026-01-05T05:30"]);
});

test("a rate is due when it is made, and from then on", (t) => {
  const { put, clock, runs } = fixture(t);
  put("rate(1 hour)");
  clock.advance(2 * hour);
  assert.deepEqual(runs, ["2026-01-01T00:00", "2026-01-01T01:00", "2026-01-01T02:00"]);
});

test("a single time comes once, however far it is, and one that is past not at all", (t) => {
  const { put, clock, runs } = fixture(t);
  put("at(2026-07-01T00:00:00)");
  put("at(2025-07-01T00:00:00)", { arn: "past" });
  clock.advance(365 * 24 * hour);
  assert.deepEqual(runs, ["2026-07-01T00:00"]);
});

test("a disabled schedule is never due", (t) => {
  const { put, clock, runs } = fixture(t);
  put("rate(1 minute)", { enabled: false });
  clock.advance(hour);
  assert.deepEqual(runs, []);
});

test("a run that is now and then delivered twice is the same run", (t) => {
  const { put, clock, runs } = fixture(t);
  put("rate(1 minute)");
  clock.advance(9 * 60_000);
  assert.equal(runs.length, 11);
  assert.equal(new Set(runs).size, 10);
});

test("after a pause a rate keeps its beat, and what was missed is not made up for", (t) => {
  const directory = temporaryDirectory();
  const first = fixture(t, { directory });
  first.put("rate(1 hour)");
  first.clock.advance(hour);
  first.service.end();

  const second = fixture(t, { directory, from: start + 50.5 * hour });
  second.put("rate(1 hour)");
  second.clock.advance(hour);
  assert.deepEqual(second.runs, ["2026-01-03T03:00"]);
});

test("another expression is another schedule", (t) => {
  const directory = temporaryDirectory();
  const first = fixture(t, { directory });
  first.put("rate(1 hour)");
  first.service.end();

  const second = fixture(t, { directory, from: start + hour / 2 });
  second.put("rate(2 hours)");
  second.clock.advance(2 * hour);
  assert.deepEqual(second.runs, ["2026-01-01T00:30", "2026-01-01T02:30"]);
});

test("a clock whose waits run faster than its time brings a run once", async (t) => {
  const clock = systemClock(3_600_000);
  const service = scheduler({ directory: temporaryDirectory(), clock, retryClock: clock, journal: journal() });
  t.after(() => service.end());
  const inHours = (hours: number) => `at(${new Date(Date.now() + hours * hour).toISOString().slice(0, 19)})`;
  let runs = 0;
  const first = { ...route, send: () => void runs++ };
  service.put({ ...schedule(inHours(1)), target: first });
  await new Promise<void>((resolve) =>
    service.put({ ...schedule(inHours(100)), arn: "arn:later", target: { ...route, send: () => resolve() } }),
  );
  assert.equal(runs, 1);
});

test("what cannot be delivered is tried again, and then a dead letter that names schedule, time and target", (t) => {
  const { put, clock, letters, service } = fixture(t);
  const retry = { attempts: 1, maximumAgeSeconds: 60 };
  const send = () => {
    throw new Error("not now");
  };
  put("at(2026-01-01T01:00:00)", { target: { ...route, retry, send } });
  clock.advance(hour);
  assert.equal(service.busy(), 1);
  clock.advance(60_000);
  assert.equal(service.busy(), 0);
  const { EXECUTION_ID, ...attributes } = letters[0] ?? {};
  assert.match(EXECUTION_ID ?? "", /^[0-9a-f-]{36}$/);
  assert.deepEqual(attributes, {
    SCHEDULE_ARN: "arn:schedule",
    TARGET_ARN: "arn:target",
    SCHEDULED_TIME: "2026-01-01T01:00:00Z",
    ERROR_CODE: "INTERNAL_ERROR",
    ERROR_MESSAGE: "not now",
    RETRY_ATTEMPTS: "1",
    EXHAUSTED_RETRY_CONDITION: "MaximumRetryAttempts",
  });
});

const route: Route = {
  name: "arn:schedule",
  targetArn: "arn:target",
  retry: { attempts: 185, maximumAgeSeconds: 86_400 },
  send: () => undefined,
};

const schedule = (expression: string): Schedule => ({
  arn: "arn:schedule",
  expression,
  enabled: true,
  input: "{}",
  target: route,
});

function fixture(t: TestContext, { directory = temporaryDirectory(), from = start } = {}) {
  const clock = handClock(from);
  const runs: string[] = [];
  const letters: Readonly<Record<string, string>>[] = [];
  const service = scheduler({ directory, clock, retryClock: clock, journal: journal() });
  let ended = false;
  const end = () => {
    if (!ended) service.end();
    ended = true;
  };
  t.after(end);
  return {
    clock,
    runs,
    letters,
    service: { ...service, end },
    put(expression: string, own: Partial<Schedule> = {}) {
      const send = () => void runs.push(new Date(clock.now()).toISOString().slice(0, 16));
      const deadLetter = (_: string, attributes: Readonly<Record<string, string>>) => void letters.push(attributes);
      const made = { ...schedule(expression), target: { ...route, send }, ...own };
      service.put({ ...made, target: { ...made.target, deadLetter } });
    },
  };
}
