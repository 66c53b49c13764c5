import assert from "node:assert/strict";
import { test } from "node:test";
import { readScheduleExpression } from "./schedule-expression";

test("rates and single times are read in milliseconds", () => {
  assert.deepEqual(readScheduleExpression("rate(5 minutes)"), { kind: "rate", milliseconds: 300_000 });
  assert.deepEqual(readScheduleExpression("rate(1 hour)"), { kind: "rate", milliseconds: 3_600_000 });
  assert.deepEqual(readScheduleExpression("rate(7 days)"), { kind: "rate", milliseconds: 604_800_000 });
  assert.deepEqual(readScheduleExpression("at(2026-02-28T23:59:59)"), {
    kind: "at",
    time: Date.UTC(2026, 1, 28, 23, 59, 59),
  });
});

// Those of https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-cron-expressions.html, and their edges.
const good = [
  "cron(0 10 * * ? *)",
  "cron(15 12 * * ? *)",
  "cron(0 18 ? * MON-FRI *)",
  "cron(0 8 1 * ? *)",
  "cron(0/15 * * * ? *)",
  "cron(0/10 * ? * MON-FRI *)",
  "cron(0/5 8-17 ? * MON-FRI *)",
  "cron(0/30 20-23,0-2 ? * MON-FRI *)",
  "cron(15 10 ? * 6L 2022-2023)",
  "cron(0 9 ? * 2#1 *)",
  "cron(0 0 L * ? *)",
  "cron(0 0 15W JAN,JUL ? 2026/2)",
  "cron(0 0 ? * L *)",
  "cron(59 23 31 12 ? 2199)",
];

test("the grammar of cron() is AWS's", () => {
  for (const expression of good) assert.equal(readScheduleExpression(expression).kind, "cron", expression);
});

const bad: Readonly<Record<string, RegExp>> = {
  hourly: /^Cannot schedule by "hourly": write rate\(1 hour\)/,
  "": /write rate/,
  "cron(0 5 * * ? *) ": /write rate/,
  "rate(0 minutes)": /a rate is a positive whole number/,
  "rate(1.5 hours)": /a rate is/,
  "rate(30 seconds)": /minutes, hours or days, and this is "30 seconds"/,
  "rate(5  minutes)": /a rate is/,
  "at(2026-02-30T00:00:00)": /"2026-02-30T00:00:00" is no time/,
  "at(2026-01-01)": /is no time of the form/,
  "at(2026-01-01T00:00:00Z)": /is no time/,
  "cron(0 5 * * ?)": /a cron has 6 fields \(minutes, hours, .*\), and this has 5/,
  "cron(60 5 * * ? *)": /"60" is no minutes \(0 to 59, ranges upwards\)/,
  "cron(0 24 * * ? *)": /"24" is no hours/,
  "cron(0/30 20-2 ? * MON-FRI *)": /"20-2" is no hours \(0 to 23, ranges upwards\)/,
  "cron(0 5 0 * ? *)": /"0" is no day of month/,
  "cron(0 5 32W * ? *)": /"32W" is no day of month/,
  "cron(0 5 1 13 ? *)": /"13" is no month/,
  "cron(0 5 ? * 0 *)": /"0" is no day of week \(1 to 7, ranges upwards\)/,
  "cron(0 5 ? * 3#6 *)": /"3#6" is no day of week/,
  "cron(0 5 ? * FRI-MON *)": /"FRI-MON" is no day of week/,
  "cron(0 5 1 * ? 1969)": /"1969" is no year/,
  "cron(0 5 * * * *)": /exactly one is "\?"/,
  "cron(0 5 ? * ? *)": /exactly one is "\?"/,
  "cron(*/0 5 * * ? *)": /"\*\/0" is no minutes/,
  "cron(1, 5 * * ? *)": /"1," is no minutes/,
  "cron(1-2-3 5 * * ? *)": /"1-2-3" is no minutes/,
};

test("what AWS would refuse at deployment is refused with the field that is wrong", () => {
  for (const [expression, message] of Object.entries(bad)) {
    assert.throws(() => readScheduleExpression(expression), { message }, expression);
  }
});
