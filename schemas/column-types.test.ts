import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { type DuckDBConnection, DuckDBInstance } from "@duckdb/node-api";
import { accepts, duckdbType, glueType } from "./column-types";
import type { ColumnType } from "./tables";

let db: DuckDBConnection;
let directory: string;
before(async () => {
  db = await (await DuckDBInstance.create()).connect();
  directory = await mkdtemp(join(tmpdir(), "column-types-"));
});
after(() => rm(directory, { recursive: true }));

const ask = async (sql: string) => (await db.runAndReadAll(sql)).getRowObjectsJson();

const types: Record<string, { good: string[]; bad: string[] }> = {
  bigint: {
    good: ["TINYINT", "SMALLINT", "INTEGER", "BIGINT", "UTINYINT", "USMALLINT", "UINTEGER"],
    bad: ["UBIGINT", "HUGEINT", "DOUBLE", "DECIMAL(18,0)", "VARCHAR", "BOOLEAN", "TIMESTAMP"],
  },
  integer: {
    good: ["TINYINT", "SMALLINT", "INTEGER", "UTINYINT", "USMALLINT"],
    bad: ["BIGINT", "UINTEGER", "FLOAT", "DATE", "DECIMAL(4,0)"],
  },
  double: {
    good: ["DOUBLE", "FLOAT", "TINYINT", "SMALLINT", "INTEGER"],
    bad: ["BIGINT", "DECIMAL(12,2)", "VARCHAR"],
  },
  boolean: { good: ["BOOLEAN"], bad: ["TINYINT", "INTEGER", "VARCHAR"] },
  date: { good: ["DATE"], bad: ["TIMESTAMP", "INTEGER", "VARCHAR", "TIME"] },
  timestamp: {
    good: ["TIMESTAMP", "TIMESTAMP_S", "TIMESTAMP_MS", "TIMESTAMP_NS", "TIMESTAMP WITH TIME ZONE"],
    bad: ["DATE", "BIGINT", "VARCHAR", "TIME", "TIME WITH TIME ZONE", "INTERVAL"],
  },
  varchar: { good: ["VARCHAR"], bad: ["BLOB", "UUID", "JSON", "BIGINT", "VARCHAR[]", "STRUCT(a VARCHAR)", "BIT"] },
  "decimal(12,2)": {
    good: ["DECIMAL(12,2)", "DECIMAL(4,2)", "DECIMAL(10,0)", "DECIMAL(11,1)"],
    bad: [
      "DECIMAL(13,2)",
      "DECIMAL(12,3)",
      "DECIMAL(12,1)",
      "DECIMAL(11,0)",
      "DECIMAL(38,2)",
      "DOUBLE",
      "BIGINT",
      "DECIMAL",
    ],
  },
};

test("accepts() takes the types whose every value fits, and no others", () => {
  for (const [type, { good, bad }] of Object.entries(types)) {
    for (const found of good) assert.ok(accepts(type as ColumnType, found), `${found} for ${type}`);
    for (const found of bad) assert.ok(!accepts(type as ColumnType, found), `${found} for ${type}`);
  }
});

test("The least and greatest values of an accepted number come through unchanged", async () => {
  const power = (type: string) => {
    const [precision = 0, scale = 0] = [...type.matchAll(/\d+/g)].map(Number);
    return scale === 0 ? "9".repeat(precision) : `${"9".repeat(precision - scale)}.${"9".repeat(scale)}`;
  };
  const extremes = (type: string): string[] => {
    const bits = { TINYINT: 8, SMALLINT: 16, INTEGER: 32, BIGINT: 64 }[type.replace(/^U/, "")];
    if (bits === undefined)
      return type.startsWith("DECIMAL") ? [power(type), `-${power(type)}`] : ["0.1", "3.4e38", "-3.4e38"];
    return type.startsWith("U")
      ? ["0", String(2n ** BigInt(bits) - 1n)]
      : [String(-(2n ** BigInt(bits - 1))), String(2n ** BigInt(bits - 1) - 1n)];
  };
  for (const declared of ["bigint", "integer", "double", "decimal(12,2)"]) {
    for (const found of types[declared]?.good ?? []) {
      for (const value of extremes(found)) {
        const given = `CAST('${value}' AS ${found})`;
        const sql = `SELECT CAST(CAST(${given} AS ${duckdbType(declared as ColumnType)}) AS ${found}) = ${given} AS same`;
        assert.deepEqual(await ask(sql), [{ same: true }], `${value} as ${found} for ${declared}`);
      }
    }
  }
});

test("glueType() names the types of Hive", () => {
  const named = Object.keys(types).map((type) => [type, glueType(type as ColumnType)]);
  assert.deepEqual(named, [
    ["bigint", "bigint"],
    ["integer", "int"],
    ["double", "double"],
    ["boolean", "boolean"],
    ["date", "date"],
    ["timestamp", "timestamp"],
    ["varchar", "string"],
    ["decimal(12,2)", "decimal(12,2)"],
  ]);
});

test("Parquet written in duckdbType() holds what Athena reads, even of a column of NULLs", async () => {
  const file = join(directory, "types.parquet");
  const declared: ColumnType[] = [
    "bigint",
    "integer",
    "double",
    "boolean",
    "date",
    "timestamp",
    "varchar",
    "decimal(9,2)",
    "decimal(12,2)",
    "decimal(30,4)",
  ];
  const columns = declared.map((type) => `CAST(NULL AS ${duckdbType(type)}) AS "${type}"`);
  await db.run(`COPY (SELECT ${columns.join(", ")}) TO '${file}' (FORMAT parquet)`);
  const schema = await ask(
    `SELECT name, type, converted_type, coalesce(regexp_extract(logical_type, 'unit=.*(MILLIS|MICROS|NANOS)=[A-Z]', 1), '') AS unit,
       coalesce(contains(logical_type, 'isAdjustedToUTC=1'), false) AS zoned, precision::INTEGER AS precision, scale::INTEGER AS scale
     FROM parquet_schema('${file}') WHERE num_children IS NULL`,
  );
  const plain = { converted_type: null, unit: "", zoned: false, precision: null, scale: null };
  const decimal = (precision: number, scale: number) => ({ ...plain, converted_type: "DECIMAL", precision, scale });
  assert.deepEqual(schema, [
    { name: "bigint", type: "INT64", ...plain, converted_type: "INT_64" },
    { name: "integer", type: "INT32", ...plain, converted_type: "INT_32" },
    { name: "double", type: "DOUBLE", ...plain },
    { name: "boolean", type: "BOOLEAN", ...plain },
    { name: "date", type: "INT32", ...plain, converted_type: "DATE" },
    { name: "timestamp", type: "INT64", ...plain, converted_type: "TIMESTAMP_MILLIS", unit: "MILLIS" },
    { name: "varchar", type: "BYTE_ARRAY", ...plain, converted_type: "UTF8" },
    { name: "decimal(9,2)", type: "INT32", ...decimal(9, 2) },
    { name: "decimal(12,2)", type: "INT64", ...decimal(12, 2) },
    { name: "decimal(30,4)", type: "FIXED_LEN_BYTE_ARRAY", ...decimal(30, 4) },
  ]);
});
