// parquet-schema: the columns of a Parquet file in Hive's types, from its footer.
//
// A footer says all that a crawler wants to know. It is read by DuckDB, from a file that is nothing but the footer.

import { mkdirSync, writeFileSync } from "node:fs";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { DuckDBInstance } from "@duckdb/node-api";
import { literal } from "../../../schemas/sql-text";
import type { CatalogColumn } from "./catalog";

export interface ParquetSchema {
  readonly columns: readonly CatalogColumn[];
  readonly rows: number;
}

export interface ParquetReader {
  /** Of the end of a file: the footer, its length, the magic. Throws a plain sentence where it cannot be understood. */
  read(end: Buffer): Promise<ParquetSchema>;
  end(): void;
}

/** What DuckDB's parquet_schema() answers for each element of the schema. */
interface Element {
  readonly name: string;
  readonly type: string | null;
  readonly num_children: string | null;
  readonly converted_type: string | null;
  readonly logical_type: string | null;
  readonly precision: string | null;
  readonly scale: string | null;
}

export function parquetReader(directory: string): ParquetReader {
  mkdirSync(directory, { recursive: true });
  let instance: Promise<DuckDBInstance> | undefined;
  let files = 0;

  return {
    async read(end) {
      instance ??= DuckDBInstance.create(":memory:", { threads: "1", memory_limit: "256MB" });
      const connection = await (await instance).connect();
      const file = join(directory, `${++files}.parquet`);
      writeFileSync(file, Buffer.concat([Buffer.from("PAR1"), end]));
      try {
        const schema = await connection.runAndReadAll(`SELECT * FROM parquet_schema(${literal(file)})`);
        const metadata = await connection.runAndReadAll(`SELECT num_rows FROM parquet_file_metadata(${literal(file)})`);
        const [, ...elements] = schema.getRowObjectsJson() as unknown as Element[];
        return { columns: elements.map(column), rows: Number(metadata.getRowObjectsJson()[0]?.num_rows) };
      } catch (error) {
        // Where the footer lay for a moment says nothing to anybody.
        throw new Error((error as Error).message.replaceAll(file, "it"), { cause: error });
      } finally {
        connection.closeSync();
        await rm(file, { force: true });
      }
    },
    end() {
      void instance?.then((opened) => opened.closeSync());
    },
  };
}

function column(element: Element): CatalogColumn {
  const type = hiveType(element);
  if (type === undefined) {
    const what = element.converted_type ?? element.logical_type ?? element.type ?? "a structure";
    throw new Error(`its column "${element.name}" is ${what}, which is not imitated`);
  }
  return { name: element.name.toLowerCase(), type };
}

/** Parquet format, "Logical type definitions"; Athena User Guide, "Data types in Amazon Athena". */
function hiveType(element: Element): string | undefined {
  const { type, converted_type: converted, logical_type: logical, precision, scale, num_children: children } = element;
  if (children !== null || type === null) return undefined;
  if (converted === "DECIMAL") return `decimal(${precision},${scale ?? 0})`;
  if (converted !== null) return convertedTypes[converted];
  // What has only a logical type is newer than Hive: nanoseconds, a UUID.
  return logical === null ? physicalTypes[type] : undefined;
}

const convertedTypes: Readonly<Record<string, string>> = {
  INT_8: "tinyint",
  INT_16: "smallint",
  INT_32: "int",
  INT_64: "bigint",
  DATE: "date",
  TIMESTAMP_MILLIS: "timestamp",
  TIMESTAMP_MICROS: "timestamp",
  UTF8: "string",
  ENUM: "string",
};

const physicalTypes: Readonly<Record<string, string>> = {
  BOOLEAN: "boolean",
  INT32: "int",
  INT64: "bigint",
  INT96: "timestamp",
  FLOAT: "float",
  DOUBLE: "double",
  BYTE_ARRAY: "binary",
  FIXED_LEN_BYTE_ARRAY: "binary",
};
