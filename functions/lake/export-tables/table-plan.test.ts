import assert from "node:assert/strict";
import { test } from "node:test";
import type { ColumnType, Table } from "../../../schemas/tables";
import { planTable } from "./table-plan";

const table = (type: ColumnType): Table => ({
  columns: { id: { type: "bigint" }, value: { type }, updated_at: { type: "timestamp" } },
  primaryKey: ["id"],
  version: "updated_at",
  partition: { column: "updated_at", by: "day" },
});
const found = (type: string) => [
  { name: "ID", type: "bigint" },
  { name: "more", type: "jsonb" },
  { name: "Value", type },
  { name: "updated_at", type: "timestamp without time zone" },
];
const planned = (type: ColumnType, source: string) => planTable("things", table(type), found(source)).columns[1];

test("planTable() finds columns however their names are written, and orders by version and key", () => {
  const { columns, order } = planTable("things", table("varchar"), found("text"));
  assert.deepEqual(
    columns.map(({ name, source }) => [name, source.name]),
    [
      ["id", "ID"],
      ["value", "Value"],
      ["updated_at", "updated_at"],
    ],
  );
  assert.deepEqual(
    order.map(({ name }) => name),
    ["updated_at", "id"],
  );
});

test("planTable() takes a column as fitting only where its type leaves no value that is none of the lake's", () => {
  for (const [type, fitting, other] of [
    [
      "bigint",
      ["bigint", "bigint(20)", "int(10) unsigned zerofill".slice(0, 7), "smallint"],
      ["bigint(20) unsigned", "numeric(18,0)", "text"],
    ],
    ["integer", ["integer", "int(11)", "tinyint(4)"], ["bigint", "int(10) unsigned", "double precision"]],
    [
      "decimal(12,2)",
      ["numeric(12,2)", "decimal(12,2)", "numeric(10,0)", "decimal(11,1)"],
      ["numeric", "numeric(12,3)", "decimal(13,2)", "real"],
    ],
    ["double", ["double precision", "real", "double", "float"], ["text", "numeric"]],
    ["boolean", ["boolean"], ["tinyint(1)", "bit(1)", "character varying(1)"]],
    ["date", ["date"], ["timestamp without time zone", "text"]],
    ["timestamp", ["timestamp(3) with time zone", "datetime(6)", "timestamp"], ["date", "text"]],
    ["varchar", ["text", "uuid", "json"], []],
  ] as const) {
    for (const source of fitting) assert.equal(planned(type, source)?.fits, true, `${type} of ${source}`);
    for (const source of other) assert.equal(planned(type, source)?.fits, false, `${type} of ${source}`);
  }
});

test("planTable() knows which values may be too long", () => {
  for (const source of [
    "text",
    "character varying",
    "longtext",
    "jsonb",
    "character varying(300000)",
    "bytea",
    "enum('a')",
  ])
    assert.equal(planned("varchar", source)?.unbounded, true, source);
  for (const source of [
    "character varying(200)",
    "varchar(255)",
    "char(2)",
    "bigint",
    "numeric",
    "uuid",
    "timestamp(6) with time zone",
  ])
    assert.equal(planned("varchar", source)?.unbounded, false, source);
});

test("planTable() names what the source lacks", () => {
  const cases = [
    [[], "the source has no such table"],
    [found("text").slice(1), 'the source\'s table lacks "id"'],
    [found("text").slice(1, 3), 'the source\'s table lacks "id", "updated_at"'],
    [[...found("text").slice(0, 3), { name: "updated_at", type: "date" }], 'its "updated_at" is date in the source'],
  ] as const;
  for (const [columns, says] of cases) {
    assert.throws(
      () => planTable("things", table("varchar"), columns),
      (error: Error & { code: string }) =>
        error.code === "SourceTable" && error.message.startsWith(`Cannot export "things": ${says}`),
      says,
    );
  }
});
