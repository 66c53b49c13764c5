// period: the days that a question speaks of. Dates are texts, YYYY-MM-DD, of UTC.

import { notUnderstood } from "./not-understood";
import type { Remainder } from "./remainder";

/** From a day until before another one; without one of them, from ever or for ever. */
export interface Period {
  readonly from?: string;
  readonly before?: string;
}

/** Takes the period out of a question: nothing where it speaks of none. */
export function takePeriod(rest: Remainder, today: string): Period | undefined {
  const periods: Period[] = [];
  const take = (pattern: string, period: (...parts: string[]) => Period) => {
    const found = rest.take(pattern);
    if (found !== undefined) periods.push(period(...found.parts));
  };
  const span = (text = "") => spanOf(text, today);
  const since = (unit = "", count = "1") => ({ from: backFrom(today, unit, Number(count)), before: plus(today, 1) });

  take(`(?:between|from) (${date}) (?:and|to|until|till) (${date})`, (from, to) => ordered(span(from), span(to)));
  take(
    `(?:in |over |during |for |within )?(?:the )?(?:last|past|previous) (\\d{1,4}) (day|week|month|quarter|year)s?`,
    (count, unit) => since(unit, count),
  );
  take(`(?:in |during |of |for )?(?:the )?(?:this|current) (week|month|quarter|year)`, (unit = "") => {
    const from = beginOf(today, unit);
    return { from, before: next(from, unit) };
  });
  take(`(?:in |during |of |for )?(?:the )?(?:last|previous|past) (week|month|quarter|year)`, (unit = "") => {
    const before = beginOf(today, unit);
    return { from: beginOf(plus(before, -1), unit), before };
  });
  take(`(?:since|starting|from) (${date})(?: on| onwards?)?`, (text) => ({ from: span(text).from }));
  take(`after (${date})`, (text) => ({ from: span(text).before }));
  take(`before (${date})`, (text) => ({ before: span(text).from }));
  take(`(?:until|till|up to|through) (${date})`, (text) => ({ before: span(text).before }));
  take(`(?:in|on|during|of|for) (${date})`, span);
  take(`(${clearDate})`, span);

  if (periods.length > 1) throw notUnderstood("it speaks of more than one period");
  return periods[0];
}

const months = "january february march april may june july august september october november december".split(" ");
const month = `(?:${months.map((name) => `${name}|${name.slice(0, 3)}`).join("|")}|sept)`;
/** Words of a date that are no names of products. */
export const dateWords: readonly string[] = [
  ...months,
  "today",
  "yesterday",
  "this",
  "last",
  "past",
  "previous",
  "since",
];

/** What is a date wherever it stands. */
const clearDate = `\\d{4}-\\d\\d-\\d\\d|\\d{4}-\\d\\d|\\d{1,2} ${month} \\d{4}|${month} \\d{1,2} \\d{4}|${month} \\d{4}|q[1-4] \\d{4}|today|yesterday`;
/** And behind a word that says so: in May, since 2025, before 5 May. */
const date = `${clearDate}|\\d{1,2} ${month}|${month} \\d{1,2}|${month}|q[1-4]|(?:19|20)\\d\\d`;

type Span = Required<Period>;

/** The day, month, quarter or year of a text; without a year, the last one that has begun. */
function spanOf(text: string, today: string): Span {
  if (text === "today") return daySpan(today);
  if (text === "yesterday") return daySpan(plus(today, -1));
  const [, isoYear, isoMonth, isoDay] = /^(\d{4})-(\d\d)(?:-(\d\d))?$/.exec(text) ?? [];
  if (isoYear !== undefined)
    return isoDay === undefined
      ? unitSpan(day(isoYear, isoMonth, "1"), "month")
      : daySpan(day(isoYear, isoMonth, isoDay));
  const words = text.split(" ");
  const year = words.find((word) => /^\d{4}$/.test(word));
  const quarter = words.find((word) => /^q[1-4]$/.test(word));
  const name = words.find((word) => /^[a-z]{3,}$/.test(word));
  const number = words.find((word) => /^\d{1,2}$/.test(word));
  if (name === undefined && quarter === undefined) return unitSpan(day(year, "1", "1"), "year");
  const monthNumber = quarter
    ? (Number(quarter[1]) - 1) * 3 + 1
    : months.findIndex((each) => each.startsWith((name ?? "").slice(0, 3))) + 1;
  const of = (inYear: string) => day(inYear, String(monthNumber), number ?? "1");
  const thisYear = today.slice(0, 4);
  const first = year !== undefined ? of(year) : of(thisYear) <= today ? of(thisYear) : of(String(Number(thisYear) - 1));
  if (number !== undefined) return daySpan(first);
  return unitSpan(first, quarter ? "quarter" : "month");
}

function ordered(first: Span, last: Span): Period {
  if (first.from > last.from) throw notUnderstood(`${first.from} is after ${last.from}`);
  return { from: first.from, before: last.before };
}

function day(year = "", monthNumber = "", dayNumber = ""): string {
  const text = `${year}-${monthNumber.padStart(2, "0")}-${dayNumber.padStart(2, "0")}`;
  const time = Date.parse(`${text}T00:00:00Z`);
  if (Number.isNaN(time) || new Date(time).toISOString().slice(0, 10) !== text)
    throw notUnderstood(`${text} is no day`);
  return text;
}

const daySpan = (from: string): Span => ({ from, before: plus(from, 1) });
const unitSpan = (from: string, unit: string): Span => ({ from, before: next(from, unit) });

const textOf = (time: number): string => new Date(time).toISOString().slice(0, 10);
const parts = (text: string): [number, number, number] => [
  Number(text.slice(0, 4)),
  Number(text.slice(5, 7)) - 1,
  Number(text.slice(8)),
];

function plus(text: string, days: number): string {
  const [year, monthIndex, dayNumber] = parts(text);
  return textOf(Date.UTC(year, monthIndex, dayNumber + days));
}

/** Of the week, on Monday; of the month, quarter or year. */
function beginOf(text: string, unit: string): string {
  const [year, monthIndex, dayNumber] = parts(text);
  if (unit === "week") return plus(text, -((new Date(Date.UTC(year, monthIndex, dayNumber)).getUTCDay() + 6) % 7));
  if (unit === "month") return textOf(Date.UTC(year, monthIndex, 1));
  if (unit === "quarter") return textOf(Date.UTC(year, monthIndex - (monthIndex % 3), 1));
  return textOf(Date.UTC(year, 0, 1));
}

/** The begin of the one behind that which begins there. */
function next(from: string, unit: string): string {
  const [year, monthIndex] = parts(from);
  if (unit === "week") return plus(from, 7);
  if (unit === "month") return textOf(Date.UTC(year, monthIndex + 1, 1));
  if (unit === "quarter") return textOf(Date.UTC(year, monthIndex + 3, 1));
  return textOf(Date.UTC(year + 1, 0, 1));
}

/** The first of so many days, weeks, months, ... that end today. Of a month without such a day, its last one counts. */
function backFrom(today: string, unit: string, count: number): string {
  if (unit === "day") return plus(today, 1 - count);
  if (unit === "week") return plus(today, 1 - 7 * count);
  const [year, monthIndex, dayNumber] = parts(today);
  const back = count * ({ month: 1, quarter: 3, year: 12 }[unit] ?? 0);
  const lastDay = new Date(Date.UTC(year, monthIndex - back + 1, 0)).getUTCDate();
  return plus(textOf(Date.UTC(year, monthIndex - back, Math.min(dayNumber, lastDay))), 1);
}
