// next-run: when a schedule is due next.

import { Cron } from "croner";
import type { ScheduleExpression } from "../../../stage/schedule-expression";

/**
 * The first time after `after`, or nothing where there is none. A rate counts from `since`, when its schedule was made, and
 * that moment is its first (Scheduler User Guide, "Rate-based schedules"). Milliseconds since 1970.
 */
export function nextRun(expression: ScheduleExpression, since: number, after: number): number | undefined {
  if (expression.kind === "at") return expression.time > after ? expression.time : undefined;
  if (expression.kind === "cron") return cron(expression.fields).nextRun(new Date(after))?.getTime();
  const { milliseconds } = expression;
  return since > after ? since : since + (Math.floor((after - since) / milliseconds) + 1) * milliseconds;
}

/**
 * AWS's six fields for croner, which counts seconds before them. Weekdays are numbered as Quartz does (1 is Sunday), a step may
 * begin anywhere (`1/10`), and the last Thursday is `5#L` where AWS says `5L`, whose lone `L` is Saturday.
 */
function cron(fields: readonly string[]): Cron {
  const [minutes, hours, day, month, weekday = "", year] = fields;
  const dayOfWeek = weekday === "L" ? "7" : weekday.replace(/^([1-7])L$/, "$1#L");
  return new Cron(["0", minutes, hours, day, month, dayOfWeek, year].join(" "), {
    mode: "7-part",
    alternativeWeekdays: true,
    sloppyRanges: true,
    timezone: "UTC",
  });
}
