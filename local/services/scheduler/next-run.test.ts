import assert from "node:assert/strict";
import { test } from "node:test";
import { array, assert as check, constantFrom, date, integer, oneof, property, record, tuple } from "fast-check";
import { readScheduleExpression } from "../../../stage/schedule-expression";
import { nextRun } from "./next-run";

const after = (expression: string, from: string, count = 1): string[] => {
  const schedule = readScheduleExpression(expression);
  const runs: string[] = [];
  for (let time: number | undefined = Date.parse(from); runs.length < count; ) {
    time = nextRun(schedule, Date.parse("2026-01-01T00:00:00Z"), time);
    if (time === undefined) break;
    runs.push(new Date(time).toISOString().slice(0, 16));
  }
  return runs;
};

test("a rate begins when its schedule is made and keeps its beat", () => {
  assert.deepEqual(after("rate(1 hour)", "2025-12-31T23:00:00Z", 2), ["2026-01-01T00:00", "2026-01-01T01:00"]);
  assert.deepEqual(after("rate(45 minutes)", "2026-01-01T00:50:00Z", 2), ["2026-01-01T01:30", "2026-01-01T02:15"]);
  assert.deepEqual(after("rate(1 day)", "2026-01-02T00:00:00Z"), ["2026-01-03T00:00"]);
});

test("a single time comes once", () => {
  assert.deepEqual(after("at(2026-02-28T05:30:00)", "2026-01-01T00:00:00Z", 2), ["2026-02-28T05:30"]);
  assert.deepEqual(after("at(2026-02-28T05:30:00)", "2026-02-28T05:30:00Z"), []);
});

// What https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-cron-expressions.html says of each, from Thursday, 1 January 2026.
const examples: Readonly<Record<string, readonly string[]>> = {
  "cron(0 10 * * ? *)": ["2026-01-01T10:00", "2026-01-02T10:00"],
  "cron(15 12 ? * MON-FRI *)": ["2026-01-01T12:15", "2026-01-02T12:15", "2026-01-05T12:15"],
  "cron(0 8 1 * ? *)": ["2026-01-01T08:00", "2026-02-01T08:00"],
  "cron(1/20 0 2 * ? *)": ["2026-01-02T00:01", "2026-01-02T00:21", "2026-01-02T00:41", "2026-02-02T00:01"],
  "cron(0 0 ? * 1 *)": ["2026-01-04T00:00", "2026-01-11T00:00"],
  "cron(0 0 ? * 7 *)": ["2026-01-03T00:00", "2026-01-10T00:00"],
  "cron(0 0 ? * L *)": ["2026-01-03T00:00", "2026-01-10T00:00"],
  "cron(0 0 ? * 5L *)": ["2026-01-29T00:00", "2026-02-26T00:00"],
  "cron(0 0 ? * 6L 2027)": ["2027-01-29T00:00", "2027-02-26T00:00"],
  "cron(0 0 ? * 2#1 *)": ["2026-01-05T00:00", "2026-02-02T00:00"],
  "cron(0 0 ? * 3#5 *)": ["2026-03-31T00:00", "2026-06-30T00:00"],
  "cron(0 0 L * ? *)": ["2026-01-31T00:00", "2026-02-28T00:00"],
  // The 3rd is a Saturday, the 1st of February a Sunday: never into another month.
  "cron(0 0 3W 1 ? 2026)": ["2026-01-02T00:00"],
  "cron(0 0 1W 2 ? 2026)": ["2026-02-02T00:00"],
  "cron(0 0 31W 1 ? 2026)": ["2026-01-30T00:00"],
  "cron(30 4 29 2 ? *)": ["2028-02-29T04:30", "2032-02-29T04:30"],
  "cron(0 0 1 1 ? 2027/3)": ["2027-01-01T00:00", "2030-01-01T00:00"],
  "cron(0 0 1 1 ? 2025)": [],
  "cron(0 0 30 2 ? *)": [],
};
for (const [expression, runs] of Object.entries(examples)) {
  test(`${expression} is due ${runs.join(", ") || "never"}`, () => {
    assert.deepEqual(
      after(expression, "2026-01-01T00:00:00Z", Math.max(1, runs.length)).slice(0, runs.length || 1),
      runs,
    );
  });
}

test("any cron is due at the first minute that each of its fields allows", () => {
  const list = (least: number, most: number) =>
    array(integer({ min: least, max: most }), { minLength: 1, maxLength: 3 });
  const day = oneof(
    record({ dom: list(1, 28), dow: constantFrom(undefined) }),
    record({ dom: constantFrom(undefined), dow: list(1, 7) }),
  );
  check(
    property(
      tuple(list(0, 59), list(0, 23), day, list(1, 12)),
      date({ min: new Date("2025-01-01T00:00:00Z"), max: new Date("2029-01-01T00:00:00Z"), noInvalidDate: true }),
      ([minutes, hours, { dom, dow }, months], from) => {
        const fields = [minutes, hours, dom ?? "?", months, dow ?? "?", "*"].map(String).join(" ");
        const found = nextRun(readScheduleExpression(`cron(${fields})`), 0, from.getTime());
        assert.equal(found, firstMinute(from, { minutes, hours, dom, dow, months }), fields);
      },
    ),
    { numRuns: 100 },
  );
});

interface Fields {
  readonly minutes: readonly number[];
  readonly hours: readonly number[];
  readonly dom: readonly number[] | undefined;
  readonly dow: readonly number[] | undefined;
  readonly months: readonly number[];
}

/** Tried minute by minute, on the days that fit. */
function firstMinute(from: Date, { minutes, hours, dom, dow, months }: Fields): number {
  for (let time = Math.floor(from.getTime() / 60_000) * 60_000 + 60_000; ; ) {
    const at = new Date(time);
    const fits =
      months.includes(at.getUTCMonth() + 1) &&
      (dom?.includes(at.getUTCDate()) ?? true) &&
      (dow?.includes(at.getUTCDay() + 1) ?? true);
    if (fits && hours.includes(at.getUTCHours()) && minutes.includes(at.getUTCMinutes())) return time;
    time += fits ? 60_000 : 86_400_000 - (time % 86_400_000);
  }
}
