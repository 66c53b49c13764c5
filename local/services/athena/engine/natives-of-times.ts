// natives-of-times: see natives.ts. https://trino.io/docs/current/functions/datetime.html

import { type DuckDBIntervalValue, DuckDBTimestampValue } from "@duckdb/node-api";
import { queryError } from "../query-error";
import { fields, joda, mysql, namesOfMonths } from "./date-letters";
import type { Native } from "./natives";

const invalid = (message: string) => queryError("INVALID_FUNCTION_ARGUMENT", message);

const notHere = (message: string) => queryError("NOT_SUPPORTED", `${message} is not imitated here`);

/** What each of MySQL's letters reads. */
const read: Readonly<Record<string, readonly [pattern: string, field: string]>> = {
  b: ["[A-Za-z]{3}", "name"],
  M: ["[A-Za-z]+", "name"],
  c: ["\\d{1,2}", "month"],
  m: ["\\d{1,2}", "month"],
  d: ["\\d{1,2}", "day"],
  e: ["\\d{1,2}", "day"],
  f: ["\\d{1,9}", "fraction"],
  H: ["\\d{1,2}", "hour"],
  k: ["\\d{1,2}", "hour"],
  h: ["\\d{1,2}", "hour12"],
  I: ["\\d{1,2}", "hour12"],
  l: ["\\d{1,2}", "hour12"],
  i: ["\\d{1,2}", "minute"],
  p: ["[AaPp][Mm]", "half"],
  s: ["\\d{1,2}", "second"],
  S: ["\\d{1,2}", "second"],
  Y: ["\\d{4}", "year"],
  y: ["\\d{2}", "year2"],
};

function parsed(text: string, format: string): DuckDBTimestampValue {
  const names: string[] = [];
  const expanded = format.replaceAll("%T", "%H:%i:%s").replaceAll("%r", "%h:%i:%s %p");
  const pattern = expanded.replaceAll(/%(.)|[\s\S]/gu, (piece, letter?: string) => {
    if (letter === undefined) return piece.replace(/[\\^$.*+?()[\]{}|]/, "\\$&");
    if (letter === "%") return "%";
    const known = read[letter];
    if (known === undefined) throw notHere(`%${letter} in date_parse`);
    names.push(known[1]);
    return `(${known[0]})`;
  });
  const found = new RegExp(`^${pattern}$`, "u").exec(text);
  const fault = () => invalid(`Invalid format: "${text}"`);
  if (found === null) throw fault();
  const value = new Map(names.map((name, index) => [name, found[index + 1] ?? ""]));
  const number = (name: string, otherwise: number) => (value.has(name) ? Number(value.get(name)) : otherwise);
  const name = value.get("name")?.toLowerCase();
  const named =
    name === undefined
      ? -1
      : namesOfMonths.findIndex((each) => [each, each.slice(0, 3)].some((word) => word.toLowerCase() === name));
  if (name !== undefined && named === -1) throw fault();
  const year2 = number("year2", 70);
  const year = number("year", year2 < 70 ? 2_000 + year2 : 1_900 + year2);
  const month = name === undefined ? number("month", 1) - 1 : named;
  const afternoon = value.get("half")?.toLowerCase() === "pm" ? 12 : 0;
  const hour = value.has("hour12") ? (number("hour12", 12) % 12) + afternoon : number("hour", 0);
  const ms = Math.floor(Number(`0.${value.get("fraction") ?? "0"}`) * 1_000);
  return moment([year, month, number("day", 1), hour, number("minute", 0), number("second", 0), ms], fault);
}

/** Month from 0. A field out of its range is an error and not a day of the next month. */
function moment(
  parts: readonly [number, number, number, number, number, number, number],
  fault: () => Error,
): DuckDBTimestampValue {
  const [year, month, dayOfMonth, hour, minute, second] = parts;
  const date = new Date(0);
  date.setUTCFullYear(year, month, dayOfMonth);
  date.setUTCHours(hour, minute, second, parts[6]);
  const same =
    date.getUTCMonth() === month && date.getUTCDate() === dayOfMonth && hour < 24 && minute < 60 && second < 60;
  if (!same) throw fault();
  return new DuckDBTimestampValue(BigInt(date.getTime()) * 1_000n);
}

export const timeNatives = {
  trino_date_format: {
    takes: ["timestamp", "varchar"],
    gives: "varchar",
    compute(value: DuckDBTimestampValue, format: string) {
      const at = fields(value);
      return format.replaceAll(/%(.)/gsu, (_, letter: string) => {
        const write = Object.hasOwn(mysql, letter) ? mysql[letter] : undefined;
        if (write !== undefined) return write(at);
        if (/[DUuVwX]/.test(letter)) throw invalid(`%${letter} not supported in date format string`);
        return letter;
      });
    },
  },
  trino_date_parse: { takes: ["varchar", "varchar"], gives: "timestamp", compute: parsed },
  trino_format_datetime: {
    takes: ["timestamp", "varchar"],
    gives: "varchar",
    compute(value: DuckDBTimestampValue, format: string) {
      const at = fields(value);
      return format.replaceAll(/''|'((?:[^']|'')*)'|([A-Za-z])\2*/g, (piece, text?: string, letter?: string) => {
        if (piece === "''") return "'";
        if (text !== undefined) return text.replaceAll("''", "'");
        const write = letter !== undefined && Object.hasOwn(joda, letter) ? joda[letter] : undefined;
        if (write === undefined) throw notHere(`"${piece}" in format_datetime`);
        return write(at, piece.length);
      });
    },
  },
  /** `2026-01-31`, and with `T12:00:00.000` and `Z` unless only a date is wanted. */
  trino_iso8601: {
    takes: ["varchar", "boolean"],
    gives: "timestamp",
    compute(text: string, dateOnly: boolean) {
      const fault = () => invalid(`Invalid format: "${text}"`);
      const found =
        /^(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?(?:T(\d{2})(?::(\d{2})(?::(\d{2})(?:[.,](\d{1,9}))?)?)?(Z|[+-]\d{2}:?\d{2})?)?$/.exec(
          text,
        );
      if (found === null || (dateOnly && found[4] !== undefined)) {
        throw /^\d{4}-?(W|\d{3}$)/.test(text) ? notHere(`The date "${text}"`) : fault();
      }
      const [
        ,
        year,
        month = "1",
        dayOfMonth = "1",
        hour = "0",
        minute = "0",
        second = "0",
        fraction = "0",
        zone = "Z",
      ] = found;
      if (!/^(Z|[+-]00:?00)$/.test(zone))
        throw notHere(`The time zone of "${text}": timestamps are in UTC here, and that`);
      const ms = Math.floor(Number(`0.${fraction}`) * 1_000);
      return moment(
        [Number(year), Number(month) - 1, Number(dayOfMonth), Number(hour), Number(minute), Number(second), ms],
        fault,
      );
    },
  },
  trino_interval_us: {
    takes: ["interval"],
    gives: "bigint",
    compute: ({ days, micros }: DuckDBIntervalValue) => BigInt(days) * 86_400_000_000n + micros,
  },
  /** Whole months: the last day of a shorter month is a whole month after any later day (Joda's BasicMonthOfYearDateTimeField). */
  trino_months: {
    takes: ["timestamp", "timestamp"],
    gives: "bigint",
    compute: (from: DuckDBTimestampValue, to: DuckDBTimestampValue) =>
      from.micros <= to.micros ? months(from, to) : -months(to, from),
  },
} satisfies Readonly<Record<string, Native>>;

function months(from: DuckDBTimestampValue, to: DuckDBTimestampValue): bigint {
  const [a, b] = [fields(from), fields(to)];
  const difference = (b.year - a.year) * 12 + b.month - a.month;
  const lastOfMonth = new Date(Date.UTC(b.year, b.month + 1, 0)).getUTCDate();
  const time = ({ micros }: DuckDBTimestampValue) => ((micros % 86_400_000_000n) + 86_400_000_000n) % 86_400_000_000n;
  const dayOfA = b.day === lastOfMonth ? Math.min(a.day, b.day) : a.day;
  const incomplete = b.day < dayOfA || (b.day === dayOfA && time(to) < time(from));
  return BigInt(difference - (incomplete ? 1 : 0));
}
