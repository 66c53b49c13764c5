// What raw-to-curated writes is what the catalog says: the names, their order, the types.

import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { DuckDBInstance } from "@duckdb/node-api";
import { duckdbType } from "../../../schemas/column-types";
import { curatedTypes } from "../../../schemas/curated-columns";
import { protectionMacros } from "../../../schemas/protection";
import { literal, quoted } from "../../../schemas/sql-text";
import { tableNames, tables } from "../../../schemas/tables";
import { brokenRows, newPartition, rawView, repeatedKeys, stagedRows } from "./curation-sql";

const directory = mkdtempSync(join(tmpdir(), "tributary-test-"));
after(() => rmSync(directory, { recursive: true, force: true }));

for (const name of tableNames) {
  test(`a curated file of ${name} has the columns and types that the catalog says`, async () => {
    const table = tables[name];
    const db = await (await DuckDBInstance.create(":memory:")).connect();
    for (const macro of protectionMacros("key")) await db.run(macro);
    const [raw, file] = [join(directory, `raw-${name}.parquet`), join(directory, `${name}.parquet`)];
    const empty = Object.entries(table.columns).map(
      ([column, { type }]) => `CAST(NULL AS ${duckdbType(type)}) AS ${quoted(column)}`,
    );
    await db.run(`COPY (SELECT ${empty.join(", ")} WHERE false) TO ${literal(raw)} (FORMAT parquet)`);
    const from = { key: "raw/a.parquet", version: "1" };
    for (const sql of [rawView(table, raw), brokenRows(table), repeatedKeys(table), stagedRows(table, from)])
      await db.run(sql);
    await db.run(newPartition(table, "2026-01-01", file));

    const described = await db.runAndReadAll(`DESCRIBE SELECT * FROM read_parquet(${literal(file)})`);
    // DuckDB reads milliseconds as microseconds; that they are milliseconds, only the file's own schema says.
    const units = await db.runAndReadAll(
      `SELECT name, converted_type FROM parquet_schema(${literal(file)}) WHERE converted_type LIKE 'TIMESTAMP%'`,
    );
    const written = described.getRowObjectsJson().map(({ column_name: column, column_type: type }) => {
      const unit = units.getRowObjectsJson().find((it) => it.name === column)?.converted_type;
      return [column, unit === "TIMESTAMP_MILLIS" ? "TIMESTAMP_MS" : type];
    });
    const said = Object.entries(curatedTypes(table)).map(([column, type]) => [column, duckdbType(type)]);
    assert.deepEqual(written, said);
    db.closeSync();
  });
}
