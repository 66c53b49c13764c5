// times: functions of dates and times. https://trino.io/docs/current/functions/datetime.html
// A timestamp with time zone is one in UTC here: other zones are refused where they come in.

import { literal } from "../../../../../schemas/sql-text";
import { notImitated } from "../../query-error";
import { timestampText } from "../casts";
import { of, type Type, zoned } from "../types";
import type { Value } from "../value";
import { type Lines, line } from "./line";

/** The value as DuckDB's timestamp or date without a zone. */
const local = (value: Value | undefined): string =>
  value?.type.kind === "timestamp with time zone" ? `timezone('UTC', ${value.sql})` : (value?.sql ?? "NULL");

const moment = (value: Value | undefined): string =>
  value?.type.kind === "date" ? `CAST(${value.sql} AS TIMESTAMP)` : local(value);

/** Of a timestamp without a zone, one of the value's own type. */
const back = (sql: string, value: Value | undefined): string => {
  if (value?.type.kind === "date") return `CAST(${sql} AS DATE)`;
  return value?.type.kind === "timestamp with time zone" ? `timezone('UTC', ${sql})` : sql;
};

const field = (sql: (local: string) => string) => [line("(D) -> bigint", ([value]) => sql(local(value)))];
const clock = (sql: (local: string) => string) => [
  line("(timestamp) -> bigint", ([value]) => sql(local(value))),
  line("(timestamptz) -> bigint", ([value]) => sql(local(value))),
];

const dateUnits = ["day", "week", "month", "quarter", "year"];
const units = ["millisecond", "second", "minute", "hour", ...dateUnits];

/** The unit, where it is one for values of that type. */
function unitOf(unit: Value | undefined, value: Value | undefined): string {
  const name = unit?.literal?.toLowerCase() ?? "";
  const known = value?.type.kind === "date" ? dateUnits : units;
  if (known.includes(name)) return name;
  throw notImitated(`The unit '${name}' of a ${value?.type.kind}`);
}

const micros: Readonly<Record<string, number>> = {
  millisecond: 1_000,
  second: 1_000_000,
  minute: 60_000_000,
  hour: 3_600_000_000,
  day: 86_400_000_000,
  week: 604_800_000_000,
};
const months: Readonly<Record<string, number>> = { month: 1, quarter: 3, year: 12 };

function plus([unit, count, value]: readonly Value[]): string {
  const name = unitOf(unit, value);
  const single = micros[name];
  const span =
    single === undefined
      ? `to_months(CAST(${count?.sql} * ${months[name]} AS INTEGER))`
      : single >= (micros.day ?? 0)
        ? `to_days(CAST(${count?.sql} * ${single / (micros.day ?? 1)} AS INTEGER))`
        : `to_microseconds(${count?.sql} * ${single})`;
  return back(`(${moment(value)} + ${span})`, value);
}

/** Whole units between two moments; DuckDB's date_diff counts the boundaries between them. */
function between([unit, from, to]: readonly Value[]): string {
  const name = unitOf(unit, from);
  const single = micros[name];
  if (single === undefined) return `(trino_months(${moment(from)}, ${moment(to)}) // ${months[name]})`;
  return `((epoch_us(${moment(to)}) - epoch_us(${moment(from)})) // ${single})`;
}

const first = (types: readonly Type[]): Type => types[1] ?? of("date");

export const times: Lines = {
  date_add: [line("(varchar, bigint, D) -> D", plus, { literals: [1] })],
  date_diff: [line("(varchar, D, D) -> bigint", between, { literals: [1] })],
  date_format: [
    line("(timestamp, varchar) -> varchar", ([value, format]) => `trino_date_format(${local(value)}, ${format?.sql})`),
    line(
      "(timestamptz, varchar) -> varchar",
      ([value, format]) => `trino_date_format(${local(value)}, ${format?.sql})`,
    ),
  ],
  date_parse: [
    line("(varchar, varchar) -> timestamp", "trino_date_parse($1, $2)", {
      gives: () => ({ kind: "timestamp", precision: 3 }),
    }),
  ],
  date_trunc: [
    line("(varchar, D) -> D", ([unit, value]) => back(`date_trunc('${unitOf(unit, value)}', ${local(value)})`, value), {
      literals: [1],
      gives: first,
    }),
  ],
  day: field((at) => `day(${at})`),
  day_of_week: field((at) => `isodow(${at})`),
  day_of_year: field((at) => `dayofyear(${at})`),
  format_datetime: [
    line(
      "(timestamp, varchar) -> varchar",
      ([value, format]) => `trino_format_datetime(${local(value)}, ${format?.sql})`,
    ),
    line(
      "(timestamptz, varchar) -> varchar",
      ([value, format]) => `trino_format_datetime(${local(value)}, ${format?.sql})`,
    ),
  ],
  from_iso8601_date: [line("(varchar) -> date", "CAST(trino_iso8601($1, true) AS DATE)")],
  from_iso8601_timestamp: [
    line("(varchar) -> timestamptz", "timezone('UTC', trino_iso8601($1, false))", { gives: () => zoned(3) }),
  ],
  from_unixtime: [
    line("(double) -> timestamptz", "timezone('UTC', make_timestamp(CAST(floor($1 * 1000 + 0.5) AS BIGINT) * 1000))", {
      gives: () => zoned(3),
    }),
  ],
  hour: clock((at) => `hour(${at})`),
  last_day_of_month: [line("(D) -> date", ([value]) => `last_day(${local(value)})`)],
  millisecond: clock((at) => `(millisecond(${at}) % 1000)`),
  minute: clock((at) => `minute(${at})`),
  month: field((at) => `month(${at})`),
  now: [line("() -> timestamptz", "date_trunc('millisecond', now())", { gives: () => zoned(3) })],
  quarter: field((at) => `quarter(${at})`),
  second: clock((at) => `second(${at})`),
  to_iso8601: [
    line("(date) -> varchar", "CAST($1 AS VARCHAR)"),
    line("(timestamp) -> varchar", ([value]) => iso8601(value, "")),
    line("(timestamptz) -> varchar", ([value]) => iso8601(value, "Z")),
  ],
  to_milliseconds: [line("(interval day to second) -> bigint", "CAST(trino_interval_us($1) // 1000 AS BIGINT)")],
  to_unixtime: [
    line("(timestamp) -> double", "epoch($1)"),
    line("(timestamptz) -> double", ([value]) => `epoch(${local(value)})`),
  ],
  week: field((at) => `week(${at})`),
  year: field((at) => `year(${at})`),
  year_of_week: field((at) => `isoyear(${at})`),
};

function iso8601(value: Value | undefined, zone: string): string {
  const precision = value !== undefined && "precision" in value.type ? value.type.precision : 3;
  return `(replace(${timestampText(local(value), precision)}, ' ', 'T') || ${literal(zone)})`;
}
