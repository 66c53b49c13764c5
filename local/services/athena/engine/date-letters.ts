// date-letters: the letters of MySQL's and of Joda's formats, and what each of them writes of a moment in UTC.

import type { DuckDBTimestampValue } from "@duckdb/node-api";

const daysOfWeek = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"];

export const namesOfMonths = [
  ...["January", "February", "March", "April", "May", "June"],
  ...["July", "August", "September", "October", "November", "December"],
];

const day = 86_400_000;

/** A moment's fields, in UTC. */
export function fields({ micros }: DuckDBTimestampValue) {
  // Down to the millisecond, before 1970 too.
  const ms = Number((micros - (((micros % 1_000n) + 1_000n) % 1_000n)) / 1_000n);
  const date = new Date(ms);
  const [year, month, dayOfMonth] = [date.getUTCFullYear(), date.getUTCMonth(), date.getUTCDate()];
  const weekday = date.getUTCDay();
  // The week is that of its Thursday (ISO 8601).
  const thursday = new Date(Date.UTC(year, month, dayOfMonth + 4 - (weekday || 7)));
  const isoYear = thursday.getUTCFullYear();
  return {
    year,
    month,
    day: dayOfMonth,
    weekday,
    hour: date.getUTCHours(),
    minute: date.getUTCMinutes(),
    second: date.getUTCSeconds(),
    millisecond: date.getUTCMilliseconds(),
    dayOfYear: Math.round((Date.UTC(year, month, dayOfMonth) - Date.UTC(year, 0, 1)) / day) + 1,
    isoYear,
    isoWeek: Math.floor((thursday.getTime() - Date.UTC(isoYear, 0, 1)) / (7 * day)) + 1,
  };
}

type Fields = ReturnType<typeof fields>;

const pad = (value: number, length = 2) => String(value).padStart(length, "0");

const of12 = ({ hour }: Fields) => hour % 12 || 12;

const half = ({ hour }: Fields) => (hour < 12 ? "AM" : "PM");

/** MySQL's letters; %D %U %u %V %w %X are not Trino's either. */
export const mysql: Readonly<Record<string, (at: Fields) => string>> = {
  a: (at) => (daysOfWeek[at.weekday] ?? "").slice(0, 3),
  b: (at) => (namesOfMonths[at.month] ?? "").slice(0, 3),
  c: (at) => String(at.month + 1),
  d: (at) => pad(at.day),
  e: (at) => String(at.day),
  f: (at) => pad(at.millisecond * 1_000, 6),
  H: (at) => pad(at.hour),
  h: (at) => pad(of12(at)),
  I: (at) => pad(of12(at)),
  i: (at) => pad(at.minute),
  j: (at) => pad(at.dayOfYear, 3),
  k: (at) => String(at.hour),
  l: (at) => String(of12(at)),
  M: (at) => namesOfMonths[at.month] ?? "",
  m: (at) => pad(at.month + 1),
  p: half,
  r: (at) => `${pad(of12(at))}:${pad(at.minute)}:${pad(at.second)} ${half(at)}`,
  S: (at) => pad(at.second),
  s: (at) => pad(at.second),
  T: (at) => `${pad(at.hour)}:${pad(at.minute)}:${pad(at.second)}`,
  v: (at) => pad(at.isoWeek),
  W: (at) => daysOfWeek[at.weekday] ?? "",
  x: (at) => pad(at.isoYear, 4),
  Y: (at) => pad(at.year, 4),
  y: (at) => pad(at.year % 100),
  "%": () => "%",
};

/** Joda's letters: how many of them says how long, and from three on that a month or day is a name. */
export const joda: Readonly<Record<string, (at: Fields, count: number) => string>> = {
  y: (at, count) => (count === 2 ? pad(at.year % 100) : pad(at.year, count)),
  Y: (at, count) => (count === 2 ? pad(at.year % 100) : pad(at.year, count)),
  x: (at, count) => (count === 2 ? pad(at.isoYear % 100) : pad(at.isoYear, count)),
  w: (at, count) => pad(at.isoWeek, count),
  M: (at, count) =>
    count < 3
      ? pad(at.month + 1, count)
      : count === 3
        ? (namesOfMonths[at.month] ?? "").slice(0, 3)
        : (namesOfMonths[at.month] ?? ""),
  d: (at, count) => pad(at.day, count),
  D: (at, count) => pad(at.dayOfYear, count),
  E: (at, count) => (count <= 3 ? (daysOfWeek[at.weekday] ?? "").slice(0, 3) : (daysOfWeek[at.weekday] ?? "")),
  e: (at, count) => pad(at.weekday || 7, count),
  a: half,
  H: (at, count) => pad(at.hour, count),
  h: (at, count) => pad(of12(at), count),
  m: (at, count) => pad(at.minute, count),
  s: (at, count) => pad(at.second, count),
  S: (at, count) => pad(at.millisecond, 3).padEnd(count, "0").slice(0, count),
};
