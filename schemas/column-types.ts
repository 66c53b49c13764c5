// column-types: what a column type of the lake is called elsewhere, and what may stand in for it in a raw file.

import type { ColumnType } from "./tables";

const isDecimal = (type: string) => type.startsWith("decimal(");

/** The type that DuckDB writes, so that Parquet holds what Athena reads (a plain TIMESTAMP would be microseconds). */
export const duckdbType = (type: ColumnType): string => (type === "timestamp" ? "TIMESTAMP_MS" : type.toUpperCase());

/** The type in the Glue catalog, which is Hive's. */
export function glueType(type: ColumnType): string {
  if (type === "varchar") return "string";
  if (type === "integer") return "int";
  return type;
}

const accepted: Readonly<Record<Exclude<ColumnType, `decimal(${string}`>, readonly string[]>> = {
  bigint: ["TINYINT", "SMALLINT", "INTEGER", "BIGINT", "UTINYINT", "USMALLINT", "UINTEGER"],
  integer: ["TINYINT", "SMALLINT", "INTEGER", "UTINYINT", "USMALLINT"],
  double: ["DOUBLE", "FLOAT", "TINYINT", "SMALLINT", "INTEGER"],
  boolean: ["BOOLEAN"],
  date: ["DATE"],
  timestamp: ["TIMESTAMP", "TIMESTAMP_S", "TIMESTAMP_MS", "TIMESTAMP_NS", "TIMESTAMP WITH TIME ZONE"],
  varchar: ["VARCHAR"],
};

/** Whether every value of DuckDB's type `found` fits the declared type: a column is widened, never squeezed. */
export function accepts(type: ColumnType, found: string): boolean {
  if (!isDecimal(type)) return accepted[type as keyof typeof accepted].includes(found);
  const declared = digits(type);
  const given = digits(found.toLowerCase());
  return (
    given !== undefined && declared !== undefined && given.scale <= declared.scale && given.whole <= declared.whole
  );
}

function digits(decimal: string): { whole: number; scale: number } | undefined {
  const [, precision, scale] = /^decimal\((\d+),(\d+)\)$/.exec(decimal) ?? [];
  if (precision === undefined || scale === undefined) return undefined;
  return { whole: Number(precision) - Number(scale), scale: Number(scale) };
}
