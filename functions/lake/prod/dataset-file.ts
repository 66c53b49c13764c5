// dataset-file: rows as a Parquet file of a dataset, in its columns and with its types and no others.

import { createHash } from "node:crypto";
import { duckdbType } from "../../../schemas/column-types";
import type { Dataset } from "../../../schemas/datasets";
import { literal, quoted } from "../../../schemas/sql-text";

export interface DatasetFile {
  /** A FROM clause. */
  readonly rows: string;
  /** The order of the rows, so that the same rows are the same bytes. */
  readonly by: readonly string[];
  /** What they were computed from: kept in the file, so that other sources are other bytes even where the rows are the same. */
  readonly madeOf: string;
  readonly file: string;
}

/**
 * The statement that writes rows to a file. Every type is said again: without it a sum would be written as a double, and a column of
 * nothing but NULL as an integer.
 */
export function datasetFile({ columns }: Dataset, { rows, by, madeOf, file }: DatasetFile): string {
  const typed = Object.entries(columns).map(
    ([name, { type }]) => `CAST(${quoted(name)} AS ${duckdbType(type)}) AS ${quoted(name)}`,
  );
  return `COPY (SELECT ${typed.join(", ")} FROM ${rows} ORDER BY ${by.map(quoted).join(", ")})
    TO ${literal(file)} (FORMAT parquet, COMPRESSION zstd, KV_METADATA {made_of: ${literal(madeOf)}})`;
}

/** One word for what something was made of. */
export const digestOf = (parts: readonly (string | undefined)[]): string =>
  createHash("sha256").update(JSON.stringify(parts)).digest("hex");

/** Where a dataset's file lies in the system's prod bucket. */
export const datasetKey = (name: string, day?: string): string =>
  day === undefined ? `${name}/${name}.parquet` : `${name}/dt=${day}/${name}.parquet`;
