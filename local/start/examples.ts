// examples: rows before and after, each found by the provenance that its curated version carries.

import { join } from "node:path";
import { type DuckDBConnection, DuckDBInstance } from "@duckdb/node-api";
import { literal } from "../../schemas/sql-text";
import { type TableName, tables } from "../../schemas/tables";
import type { Cloud } from "../cloud";

export interface Example {
  readonly table: TableName;
  /** Where the row came from. */
  readonly source: string;
  readonly raw: Readonly<Record<string, unknown>>;
  readonly curated: Readonly<Record<string, unknown>>;
}

/** A payment with a card and a customer with a note, as far as there are such. */
export async function examples(cloud: Cloud, rawBucket: string, curatedBucket: string): Promise<Example[]> {
  const connection = await (await DuckDBInstance.create()).connect();
  const found = [
    await example(connection, cloud, rawBucket, curatedBucket, "payments", "card_token IS NOT NULL"),
    await example(connection, cloud, rawBucket, curatedBucket, "customers", "contains(notes, '**')"),
  ];
  connection.closeSync();
  return found.filter((each) => each !== undefined);
}

async function example(
  connection: DuckDBConnection,
  { directory, s3 }: Cloud,
  rawBucket: string,
  curatedBucket: string,
  table: TableName,
  condition: string,
): Promise<Example | undefined> {
  const rows = async (sql: string) => (await connection.runAndReadAll(sql)).getRowObjectsJson();
  const files = join(directory, "s3", curatedBucket, "curated", table, "*", "*.parquet");
  if ((await rows(`FROM glob(${literal(files)}) LIMIT 1`)).length === 0) return undefined;

  const key = tables[table].primaryKey.join(", ");
  const [curated] = await rows(`FROM read_parquet(${literal(files)}) WHERE ${condition} ORDER BY ${key} LIMIT 1`);
  const path = curated && s3.pathOf(rawBucket, String(curated.source_file));
  if (curated === undefined || path === undefined) return undefined;
  const [raw = {}] = await rows(
    `SELECT * EXCLUDE (file_row_number) FROM read_parquet(${literal(path)}, file_row_number = true)
     WHERE file_row_number + 1 = ${Number(curated.source_row)}`,
  );
  return { table, source: `${curated.source_file}, row ${curated.source_row}`, raw, curated };
}
