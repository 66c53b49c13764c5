// The types that DuckDB writes, and what they are called in Hive.

import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { type DuckDBConnection, DuckDBInstance } from "@duckdb/node-api";
import { literal } from "../../../schemas/sql-text";
import { temporaryDirectory } from "../../temporary-directory";
import { parquetReader } from "./parquet-schema";

test("every type that Athena can read has the name that Hive gives it", async (t) => {
  const read = await reader(t);
  const types = {
    TRUE: "boolean",
    "1::TINYINT": "tinyint",
    "1::SMALLINT": "smallint",
    "1::INTEGER": "int",
    "1::BIGINT": "bigint",
    "sum(1)": "double",
    "1::FLOAT": "float",
    "1::DOUBLE": "double",
    "1::DECIMAL(9,2)": "decimal(9,2)",
    "1::DECIMAL(18,0)": "decimal(18,0)",
    "1::DECIMAL(38,2)": "decimal(38,2)",
    "'x'": "string",
    "DATE '2026-03-01'": "date",
    "TIMESTAMP_MS '2026-03-01'": "timestamp",
    "TIMESTAMP '2026-03-01'": "timestamp",
    "TIMESTAMPTZ '2026-03-01 00:00:00Z'": "timestamp",
    "'x'::BLOB": "binary",
    NULL: "int",
  };
  const columns = Object.keys(types).map((sql, number) => `${sql} AS "C${number}"`);
  const schema = await read(`SELECT ${columns.join(", ")} FROM range(3)`);
  assert.deepEqual(
    schema.columns,
    Object.values(types).map((type, number) => ({ name: `c${number}`, type })),
  );
  assert.equal(schema.rows, 1);
});

test("a type that Athena reads otherwise, or not at all, is refused by the column's name", async (t) => {
  const read = await reader(t);
  for (const sql of [
    "[1]",
    "{x: 1}",
    "MAP {1: 2}",
    "TIME '10:00'",
    "1::UTINYINT",
    "1::UBIGINT",
    "INTERVAL 1 DAY",
    "uuid()",
    "TIMESTAMP_NS '2026-03-01'",
    "'{}'::JSON",
  ]) {
    await assert.rejects(read(`SELECT 1 AS id, ${sql} AS odd`), /its column "odd" is .*, which is not imitated/, sql);
  }
});

test("nothing of a footer is left behind, and an error says nothing of where it lay", async (t) => {
  const directory = temporaryDirectory();
  const parquet = parquetReader(directory);
  t.after(() => parquet.end());
  await assert.rejects(parquet.read(Buffer.from("nothing at all\u0005\0\0\0PAR1")), (error: Error) => {
    assert.ok(!error.message.includes(directory), error.message);
    return true;
  });
  assert.deepEqual(readdirSync(directory), []);
});

async function reader(t: { after: (end: () => void) => void }) {
  const parquet = parquetReader(temporaryDirectory());
  const db: DuckDBConnection = await (await DuckDBInstance.create(":memory:")).connect();
  const file = join(temporaryDirectory(), "file.parquet");
  t.after(() => parquet.end());
  return async (sql: string) => {
    await db.run(`COPY (${sql}) TO ${literal(file)} (FORMAT parquet)`);
    const bytes = readFileSync(file);
    return parquet.read(bytes.subarray(-8 - bytes.readUInt32LE(bytes.length - 8)));
  };
}
