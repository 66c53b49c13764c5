// results: the answer of a query as a file, written by the query and read again page by page.
//
//   {id}.csv    of a SELECT: a line of names, then the rows; every value in quotes, NULL nothing at all
//   {id}.txt    of SHOW and DESCRIBE: a row per line, without names
//
// https://docs.aws.amazon.com/athena/latest/ug/querying-finding-output-files.html. The {id}.csv.metadata beside it is not
// written: nobody but Athena reads it.

import type { Type } from "./dialect/types";
import type { Execution, ResultColumn } from "./execution";

export type Row = readonly (string | undefined)[];

export const csvLine = (row: Row): string =>
  `${row.map((value) => (value === undefined ? "" : `"${value.replaceAll('"', '""')}"`)).join(",")}\n`;

export interface Page {
  readonly rows: readonly Row[];
  /** How many bytes of the file they are. */
  readonly bytes: number;
}

/** The first rows of a piece of the file, at most `count`. A row that is cut off at its end is left for the next. */
export function pageOf(piece: Buffer, count: number, { kind }: Execution): Page {
  const rows: Row[] = [];
  let at = 0;
  while (rows.length < count) {
    const end = kind.type === "DML" ? endOfRecord(piece, at) : piece.indexOf(newline, at);
    if (end === -1) break;
    const text = piece.toString("utf8", at, end);
    rows.push(kind.type === "DML" ? fieldsOf(text) : [text]);
    at = end + 1;
  }
  return { rows, bytes: at };
}

const [newline, quote] = [0x0a, 0x22];

/** A line break within quotes ends nothing. */
function endOfRecord(file: Buffer, from: number): number {
  let within = false;
  for (let at = from; at < file.length; at += 1) {
    if (file[at] === quote) within = !within;
    else if (file[at] === newline && !within) return at;
  }
  return -1;
}

function fieldsOf(record: string): Row {
  const fields: (string | undefined)[] = [];
  for (let at = 0; at <= record.length; at += 1) {
    if (record[at] !== '"') {
      fields.push(undefined);
      continue;
    }
    let end = record.indexOf('"', at + 1);
    while (record[end + 1] === '"') end = record.indexOf('"', end + 2);
    fields.push(record.slice(at + 1, end).replaceAll('""', '"'));
    // On to the comma.
    at = end + 1;
  }
  return fields;
}

/** https://docs.aws.amazon.com/athena/latest/APIReference/API_ColumnInfo.html */
export function columnInfo({ name, type }: ResultColumn) {
  const { Type, Precision = 0, Scale = 0 } = type === "string" ? { Type: "string" } : described(type);
  return {
    CatalogName: "hive",
    SchemaName: "",
    TableName: "",
    Name: name,
    Label: name,
    Type,
    Precision,
    Scale,
    Nullable: "UNKNOWN",
    CaseSensitive: Type === "varchar",
  };
}

const precisions: Readonly<Record<string, number>> = {
  tinyint: 3,
  smallint: 5,
  integer: 10,
  bigint: 19,
  double: 17,
  varbinary: 1_073_741_824,
  timestamp: 3,
  "timestamp with time zone": 3,
};

function described(type: Type): { readonly Type: string; readonly Precision?: number; readonly Scale?: number } {
  switch (type.kind) {
    case "decimal":
      return { Type: "decimal", Precision: type.precision, Scale: type.scale };
    case "varchar":
      return { Type: "varchar", Precision: type.length ?? 2_147_483_647 };
    case "real":
      return { Type: "float", Precision: 17 };
    default:
      return { Type: type.kind, Precision: precisions[type.kind] ?? 0 };
  }
}

export const resultShape = ({ columns, kind }: Execution, rows: readonly Row[], token: string | undefined) => ({
  ...(kind.name === "DESCRIBE_TABLE" ? {} : { UpdateCount: 0 }),
  ResultSet: {
    Rows: rows.map((row) => ({ Data: row.map((value) => (value === undefined ? {} : { VarCharValue: value })) })),
    ResultSetMetadata: { ColumnInfo: columns.map(columnInfo) },
  },
  ...(token === undefined ? {} : { NextToken: token }),
});
