// dataset-file: rows as a Parquet file of a dataset, in its columns and with its types and no others.

import { duckdbType } from "../../../schemas/column-types";
import type { Dataset } from "../../../schemas/datasets";
import { literal, quoted } from "../../../schemas/sql-text";

/**
 * The statement that writes `rows` (a FROM clause) to `file`. In the order `by`, so that the same rows are the same bytes. Every
 * type is said again: without it a sum would be written as a double, and a column of nothing but NULL as an integer.
 */
export function datasetFile({ columns }: Dataset, rows: string, by: readonly string[], file: string): string {
  const typed = Object.entries(columns).map(
    ([name, { type }]) => `CAST(${quoted(name)} AS ${duckdbType(type)}) AS ${quoted(name)}`,
  );
  return `COPY (SELECT ${typed.join(", ")} FROM ${rows} ORDER BY ${by.map(quoted).join(", ")})
    TO ${literal(file)} (FORMAT parquet, COMPRESSION zstd)`;
}

/** Where a dataset's file lies in the system's prod bucket. */
export const datasetKey = (name: string, day?: string): string =>
  day === undefined ? `${name}/${name}.parquet` : `${name}/dt=${day}/${name}.parquet`;
