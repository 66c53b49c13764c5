// print: the rows of an answer, page by page: as a table for a person, as CSV or JSON for a program.

import { once } from "node:events";
import { type ColumnInfo, paginateGetQueryResults } from "@aws-sdk/client-athena";
import type { Asked } from "./ask";
import type { Options } from "./options";
import { drawTable } from "./table";
import type { Target } from "./target";

export interface Printed {
  readonly rows: number;
  /** Whether there are others that were not printed. */
  readonly more: boolean;
}

export type Row = readonly (string | undefined)[];

/** What a terminal shows without scrolling for minutes. */
const rowsOfTable = 200;

export async function printAnswer(asked: Asked, { format, limit }: Options, target: Target): Promise<Printed> {
  const most = limit ?? (format === "table" ? rowsOfTable : Number.POSITIVE_INFINITY);
  const kept: Row[] = [];
  let columns: readonly ColumnInfo[] | undefined;
  let [rows, more] = [0, false];
  for await (const page of pagesOf(asked, target)) {
    if (columns === undefined) {
      columns = page.columns;
      if (format === "csv") await write(csvLine(columns.map(({ Name = "" }) => Name)));
      if (format === "json") await write("[");
    }
    const wanted = page.rows.slice(0, most - rows);
    if (format === "table") kept.push(...wanted);
    const own = columns;
    const before = rows;
    if (format === "csv") await write(wanted.map(csvLine).join(""));
    if (format === "json")
      await write(wanted.map((row, index) => `${before + index === 0 ? "" : ","}\n  ${jsonObject(own, row)}`).join(""));
    rows += wanted.length;
    more = wanted.length < page.rows.length;
    if (more) break;
  }
  if (format === "json") await write(rows === 0 ? "]\n" : "\n]\n");
  if (format === "table" && columns !== undefined && columns.length > 0) {
    const alignments = columns.map(({ Type = "" }) => (isNumber(Type) ? ("right" as const) : ("left" as const)));
    await write(
      `${drawTable(
        columns.map(({ Name = "" }) => Name),
        kept,
        alignments,
      )}\n`,
    );
  }
  return { rows, more };
}

async function* pagesOf({ id, withNames }: Asked, { athena }: Target) {
  let first = withNames;
  for await (const { ResultSet } of paginateGetQueryResults({ client: athena }, { QueryExecutionId: id })) {
    const rows = (ResultSet?.Rows ?? []).map(({ Data = [] }): Row => Data.map(({ VarCharValue }) => VarCharValue));
    yield { columns: ResultSet?.ResultSetMetadata?.ColumnInfo ?? [], rows: first ? rows.slice(1) : rows };
    first = false;
  }
}

async function write(text: string): Promise<void> {
  if (!process.stdout.write(text)) await once(process.stdout, "drain");
}

/** RFC 4180, with NULL as nothing and an empty text in quotes. */
export const csvLine = (row: Row): string => `${row.map(csvField).join(",")}\n`;

function csvField(value: string | undefined): string {
  if (value === undefined) return "";
  return value === "" || /[",\r\n]/.test(value) ? `"${value.replaceAll('"', '""')}"` : value;
}

const numbers = ["tinyint", "smallint", "integer", "bigint", "float", "double", "decimal"];

const isNumber = (type: string): boolean => numbers.includes(type);

export function jsonObject(columns: readonly ColumnInfo[], row: Row): string {
  return `{${columns.map(({ Name = "", Type = "" }, index) => `${JSON.stringify(Name)}: ${jsonValue(row[index], Type)}`).join(", ")}}`;
}

/** A number is written as Athena prints it: JSON sets no limit to its digits. */
function jsonValue(value: string | undefined, type: string): string {
  if (value === undefined) return "null";
  if (type === "boolean") return value;
  return isNumber(type) && /^-?\d/.test(value) ? value : JSON.stringify(value);
}
