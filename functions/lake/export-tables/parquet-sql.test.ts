// What DuckDB makes of the texts of a source, type by type.

import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { type DuckDBConnection, DuckDBInstance } from "@duckdb/node-api";
import { protectionMacros } from "../../../schemas/protection";
import { literal } from "../../../schemas/sql-text";
import type { Column, ColumnType, Table } from "../../../schemas/tables";
import { fittingRows, textView, unfitRows } from "./parquet-sql";
import { encodeRecord } from "./record";
import { planTable } from "./table-plan";

interface Made {
  readonly good: readonly (string | null)[];
  readonly types: string;
  readonly bad: readonly { readonly problems: readonly object[]; readonly record: { readonly value: string | null } }[];
}

/** Puts these texts of a source's column through both statements. */
async function make(t: TestContext, value: Column, source: string, texts: readonly (string | null)[]): Promise<Made> {
  const directory = mkdtempSync(join(tmpdir(), "parquet-sql-"));
  const instance = await DuckDBInstance.create(":memory:");
  const connection = await instance.connect();
  t.after(() => {
    instance.closeSync();
    rmSync(directory, { recursive: true });
  });
  const table: Table = {
    columns: { id: { type: "bigint" }, value, updated_at: { type: "timestamp" } },
    primaryKey: ["id"],
    version: "updated_at",
    partition: { column: "updated_at", by: "day" },
  };
  const types = { id: "bigint", value: source, updated_at: "timestamp" };
  const found = Object.entries(types).map(([name, type]) => ({ name, type }));
  const plan = planTable("things", table, found);
  const [csv, parquet, ndjson] = ["part.csv", "part.parquet", "unfit.ndjson"].map((name) => join(directory, name));
  const lines = texts.map((text, id) => encodeRecord([String(id), text, "2026-05-01 10:00:00", null]));
  writeFileSync(csv ?? "", Buffer.concat(lines));
  await connection.run(textView(plan, csv ?? ""));
  await connection.run(fittingRows(plan, parquet ?? ""));
  for (const macro of protectionMacros("")) await connection.run(macro);
  await connection.run(unfitRows(plan, table, ndjson ?? ""));

  const file = `read_parquet(${literal(parquet ?? "")})`;
  const good = await rows(connection, `SELECT value::VARCHAR AS value FROM ${file} ORDER BY id`);
  const described = await rows(connection, `SELECT column_type AS value FROM (DESCRIBE FROM ${file})`);
  const bad = readFileSync(ndjson ?? "", "utf8")
    .split("\n")
    .slice(0, -1);
  return { good, types: described.join(", "), bad: bad.map((line) => JSON.parse(line)) };
}

const rows = async (connection: DuckDBConnection, sql: string) =>
  (await connection.runAndReadAll(sql)).getRowObjectsJson().map(({ value }) => value as string | null);

test("a text becomes a value of its column's type exactly, or its row is set aside", async (t) => {
  for (const [type, source, good, bad] of [
    [
      "bigint",
      "text",
      ["0", "-9223372036854775808", null],
      ["1.5", "1e3", "9223372036854775808", " 1", "", "0x10", "1_000"],
    ],
    ["integer", "bigint", ["2147483647", "-1"], ["2147483648"]],
    [
      "decimal(12,2)",
      "numeric",
      ["12.50", "-9999999999.99", "0.00"],
      ["12.505", "NaN", "1e2", "10000000000.00", "", "."],
    ],
    ["decimal(12,2)", "numeric(12,2)", ["12.50"], ["NaN", "Infinity"]],
    ["double", "text", ["0.1", "1e+300", "-5.0", "nan", null], ["0x1p3", "one", ""]],
    ["boolean", "text", ["true", "false"], ["2", "yes", ""]],
    ["date", "date", ["2026-02-28", "1900-01-01"], ["infinity", "0000-00-00"]],
    ["date", "text", ["2026-02-28"], ["2026-02-30", "2026-02-28 10:00:00", "28.2.2026"]],
    [
      "timestamp",
      "timestamp",
      ["1969-12-31 23:59:59.999999", "10000-01-01 00:00:00"],
      ["infinity", "0044-03-15 00:00:00 BC"],
    ],
    ["timestamp", "text", ["2026-05-01 10:00:00.5"], ["2026-05-01", "2026-05-01 10:00:00+02", "2026-05-01T10:00:00Z"]],
    ["varchar", "text", ["", "\\N", "NULL", null, "a\u0000b"], []],
  ] as const) {
    const asWritten = good.map((text) =>
      type === "boolean" && text ? (text[0] ?? null) : text === "nan" ? "NaN" : text,
    );
    const made = await make(t, { type: type as ColumnType, nullable: true }, source, [...asWritten, ...bad]);
    assert.deepEqual(made.good, good, `${type} of ${source}`);
    assert.deepEqual(
      made.bad.map(({ record }) => record.value),
      bad,
      `${type} of ${source}`,
    );
    assert.deepEqual(
      made.bad.map(({ problems }) => problems),
      bad.map((value) => [{ field: "value", value, reason: `is no ${type}` }]),
    );
    assert.equal(made.types, `BIGINT, ${type.toUpperCase()}, TIMESTAMP`);
  }
});

test("a timestamp with its zone in UTC is one, and a whole number with zeros behind it a decimal", async (t) => {
  const zoned = await make(t, { type: "timestamp" }, "timestamp with time zone", ["2026-05-01 10:00:00.25+00"]);
  assert.deepEqual(zoned.good, ["2026-05-01 10:00:00.25"]);
  const decimal = await make(t, { type: "decimal(12,2)" }, "numeric", ["12", "12.5", "12.5000", "-0"]);
  assert.deepEqual(decimal.good, ["12.00", "12.50", "12.50", "0.00"]);
});

test("what is shown of a row that is set aside is masked, wherever a card number stands", async (t) => {
  const card = "378282246310005";
  for (const [column, text, shown] of [
    [{ type: "decimal(12,2)" }, card, "***********0005"],
    [{ type: "timestamp" }, `card ${card}`, "card ***********0005"],
    [{ type: "bigint", protect: { kind: "card", as: "card" } }, `${card}.5`, "***************.*"],
    [{ type: "bigint", protect: { kind: "drop" } }, `${card}.5`, "withheld"],
  ] as const) {
    const { bad } = await make(t, column, "text", [text]);
    assert.equal(bad[0]?.record.value, shown);
    assert.equal(JSON.stringify(bad).includes(card), false);
  }
});
