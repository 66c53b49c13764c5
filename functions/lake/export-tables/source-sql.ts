// source-sql: what the source is asked, in the words that PostgreSQL and MySQL share and in those in which they differ.
//
// A MySQL session is set to ANSI quotes and plain backslashes first, and both to UTC.

import { literal, quoted } from "../../../schemas/sql-text";
import { longestText, type PlannedColumn, type TablePlan } from "./table-plan";

export interface Dialect {
  /** The text of a value, as far as its length is asked for. */
  textOf(column: string): string;
  /** What is selected for a column; the column itself, mostly. */
  value(column: PlannedColumn): string;
  /** Whether a moment stands in time: neither infinite nor zero. NULL for NULL. */
  dated(column: string): string;
  /** Of a set of rows: a text that is another one as soon as a row or a value of it is another one. */
  fingerprint(columns: readonly string[]): string;
}

/** Where a row stands in the order of an export: its version and its primary key, as the source writes them. */
export type Place = readonly (string | null)[];

/**
 * Which rows: those whose version stands in time, from a moment on or behind a place, or the others, which no version tells
 * to be new.
 */
export type Range =
  | { readonly rows: "dated"; readonly from?: string; readonly behind?: Place }
  | { readonly rows: "undated"; readonly behind?: Place };

/** Every declared column of the rows, in the order of version and key, and the names of those too long to be told. */
export function selectRecords({ columns, order }: TablePlan, from: string, range: Range, dialect: Dialect): string {
  const values = columns.map((column) =>
    column.unbounded
      ? `CASE WHEN ${isTooLong(column, dialect)} THEN NULL ELSE ${dialect.value(column)} END`
      : dialect.value(column),
  );
  const long = columns
    .filter(({ unbounded }) => unbounded)
    .map((column) => `CASE WHEN ${isTooLong(column, dialect)} THEN ${literal(column.name)} END`);
  const tooLong = long.length === 0 ? "NULL" : `NULLIF(CONCAT_WS(',', ${long.join(", ")}), '')`;
  const sorted = keyOf(order, range).map(({ source }) => quoted(source.name));
  return `SELECT ${[...values, tooLong].join(", ")} FROM ${from} WHERE ${condition(order, range, dialect)} ORDER BY ${sorted.join(", ")}`;
}

/** One value: what the rows of the range are. */
export function selectFingerprint({ columns, order }: TablePlan, from: string, range: Range, dialect: Dialect): string {
  const names = columns.map(({ source }) => quoted(source.name));
  return `SELECT ${dialect.fingerprint(names)} FROM ${from} WHERE ${condition(order, range, dialect)}`;
}

const isTooLong = ({ source }: PlannedColumn, dialect: Dialect): string =>
  `OCTET_LENGTH(${dialect.textOf(quoted(source.name))}) > ${longestText}`;

/** The undated have no version to go by. */
const keyOf = (order: readonly PlannedColumn[], { rows }: Range) => (rows === "dated" ? order : order.slice(1));

function condition(order: readonly PlannedColumn[], range: Range, dialect: Dialect): string {
  const version = quoted(order[0]?.source.name ?? "");
  const dated = dialect.dated(version);
  const conditions = [range.rows === "dated" ? dated : `(${version} IS NULL OR NOT ${dated})`];
  if (range.rows === "dated" && range.from !== undefined) conditions.push(`${version} >= ${literal(range.from)}`);
  if (range.behind !== undefined) {
    const key = keyOf(order, range).map(({ source }) => quoted(source.name));
    const place = range.behind.slice(-key.length).map((text) => literal(text ?? ""));
    conditions.push(`(${key.join(", ")}) > (${place.join(", ")})`);
  }
  return conditions.join(" AND ");
}
