// write: the files of a sample shop as Parquet, in the types that the tables declare, each below a directory under its key.
//
// The rows go into DuckDB in columns, a chunk at a time, and not as text: so a cent becomes a decimal exactly.

import { mkdir } from "node:fs/promises";
import { dirname, join } from "node:path";
import {
  type DuckDBConnection,
  DuckDBDataChunk,
  DuckDBDecimalValue,
  DuckDBInstance,
  DuckDBTimestampValue,
  type DuckDBValue,
} from "@duckdb/node-api";
import { type Column, type ColumnType, type TableName, tableNames, tables } from "../../schemas/tables";
import type { RawRow } from "./rows";
import type { Shop } from "./shop";

export interface SampleFile {
  readonly key: string;
  readonly table: TableName;
  readonly path: string;
  readonly rows: number;
  readonly dirty: number;
  readonly duplicates: number;
}

export async function writeShop({ files }: Pick<Shop, "files">, directory: string): Promise<SampleFile[]> {
  // One thread keeps the rows, and so the bytes, in one order.
  const instance = await DuckDBInstance.create(":memory:", { threads: "1" });
  const connection = await instance.connect();
  try {
    for (const table of tableNames)
      await connection.run(`create table ${table} (${columnsOf(table).map(declaration)})`);
    const written: SampleFile[] = [];
    for (const { key, table, rows, dirty, duplicates } of files) {
      const path = join(directory, key);
      await mkdir(dirname(path), { recursive: true });
      await append(connection, table, rows);
      await connection.run(`copy ${table} to '${path.replaceAll("'", "''")}' (format parquet, compression zstd)`);
      await connection.run(`truncate ${table}`);
      written.push({ key, table, path, rows: rows.length, dirty, duplicates });
    }
    return written;
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
}

const columnsOf = (table: TableName): [string, Column][] => Object.entries(tables[table].columns);

const declaration = ([name, { type }]: [string, Column]) => `${name} ${type}`;

/** DuckDB's vector size: the most that a chunk holds. */
const chunkRows = 2_048;

async function append(connection: DuckDBConnection, table: TableName, rows: readonly RawRow[]) {
  const appender = await connection.createAppender(table);
  const columns = columnsOf(table);
  const types = columns.map((_, index) => appender.columnType(index));
  for (let start = 0; start < rows.length; start += chunkRows) {
    const part = rows.slice(start, start + chunkRows);
    const chunk = DuckDBDataChunk.create(types, part.length);
    columns.forEach(([name, { type }], index) => {
      const convert = converterTo(type);
      chunk.setColumnValues(
        index,
        part.map((row) => convert(row[name] ?? null)),
      );
    });
    appender.appendDataChunk(chunk);
  }
  appender.closeSync();
}

function converterTo(type: ColumnType): (value: RawRow[string]) => DuckDBValue {
  const decimal = /^decimal\((\d+),(\d+)\)$/.exec(type);
  if (decimal) {
    const [width, scale] = [Number(decimal[1]), Number(decimal[2])];
    return (cents) => (typeof cents === "number" ? new DuckDBDecimalValue(BigInt(cents), width, scale) : null);
  }
  if (type === "bigint") return (value) => (typeof value === "number" ? BigInt(value) : null);
  if (type === "timestamp") {
    return (moment) => (typeof moment === "number" ? new DuckDBTimestampValue(BigInt(moment * 1_000)) : null);
  }
  return (value) => value ?? null;
}
