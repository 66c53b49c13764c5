import assert from "node:assert/strict";
import { before, test } from "node:test";
import {
  type DuckDBConnection,
  DuckDBDataChunk,
  DuckDBDateValue,
  DuckDBDecimalValue,
  DuckDBInstance,
  DuckDBTimestampMillisecondsValue,
  type DuckDBValue,
} from "@duckdb/node-api";
import fc from "fast-check";
import { type GenericSchema, is } from "valibot";
import { earliest, latest, rulesOf } from "./column-rules";
import { duckdbType } from "./column-types";
import { rowSchema } from "./row";
import { literal, quoted } from "./sql-text";
import { type Column, type Table, tables } from "./tables";

type Value = string | number | bigint | boolean | Date | null;
type Row = Readonly<Record<string, Value>>;

let db: DuckDBConnection;
before(async () => {
  db = await (await DuckDBInstance.create()).connect();
});

/** What no table of the lake has yet. */
const otherTypes = {
  columns: {
    ratio: { type: "double", min: -1, max: 1.5 },
    anything: { type: "double", nullable: true },
    born: { type: "date" },
    left: { type: "date", nullable: true },
    small: { type: "decimal(4,3)", nullable: true, min: -0.5 },
    maybe: { type: "boolean", nullable: true },
    oneCharacter: { type: "varchar", min: 1, max: 1 },
  },
  primaryKey: [],
  version: "",
  partition: { column: "", by: "day" },
} satisfies Table;

for (const [name, table] of Object.entries<Table>({ ...tables, otherTypes })) {
  test(`The rules of ${name} say the same in SQL and in valibot`, async () => {
    const rows = fc.array(rowOf(table), { minLength: 60, maxLength: 200, size: "max" });
    await fc.assert(
      fc.asyncProperty(rows, async (rows) => {
        const broken = await brokenBySql(table, rows);
        assert.deepEqual(
          broken,
          rows.map((row) => brokenByValibot(table, row)),
        );
      }),
      { numRuns: 5 },
    );
  });
}

test("rulesOf() gives the reasons that a value breaks, the first of them first", async () => {
  const table = (column: Column): Table => ({ ...otherTypes, columns: { it: column } });
  for (const [column, value, reason] of [
    [{ type: "bigint", min: 1 }, null, "is missing"],
    [{ type: "bigint", min: 1 }, 0n, "is less than 1"],
    [{ type: "varchar", oneOf: ["a", "it's"] }, "b", "is none of a, it's"],
    [{ type: "varchar", oneOf: ["a", "it's"] }, "it's", undefined],
    [{ type: "varchar", pattern: "[A-Z]{2}" }, "DE\n", "does not match [A-Z]{2}"],
    [{ type: "varchar", min: 1, max: 2 }, "", "has fewer than 1 characters"],
    [{ type: "varchar", min: 1, max: 2 }, "ab😀", "has more than 2 characters"],
    [{ type: "double", max: 2 }, Number.NaN, "is not a finite number"],
    [{ type: "timestamp" }, new Date("1970-01-01"), `is not between ${earliest} and ${latest}`],
    [{ type: "timestamp", nullable: true }, null, undefined],
  ] satisfies [Column, Value, string | undefined][]) {
    const told = rulesOf("it", column).map(
      ({ sql, reason }) => `WHEN NOT coalesce(${sql}, false) THEN ${literal(reason)}`,
    );
    const said = await overRows(
      table(column),
      [{ it: value }],
      told.length > 0 ? `CASE ${told.join(" ")} END` : "NULL",
    );
    assert.deepEqual(said, [reason ?? null]);
  }
});

const brokenBySql = async (table: Table, rows: readonly Row[]) => {
  const columns = Object.entries(table.columns).map(([name, column]) => {
    const all = rulesOf(name, column).map(({ sql }) => sql);
    return `if(coalesce(${["true", ...all].join(" AND ")}, false), '', ${literal(`${name} `)})`;
  });
  return overRows(table, rows, columns.join(" || "));
};

function brokenByValibot(table: Table, row: Row): string {
  const schema = rowSchema(table);
  const names = Object.keys(table.columns).filter((name) => !is(schema.entries[name] as GenericSchema, row[name]));
  assert.equal(is(schema, row), names.length === 0);
  return names.map((name) => `${name} `).join("");
}

/** Evaluates the expression over every row, each value in its column's type. */
async function overRows(table: Table, rows: readonly Row[], expression: string): Promise<unknown[]> {
  const columns = Object.entries(table.columns);
  const types = columns.map(([name, { type }]) => `${quoted(name)} ${duckdbType(type)}`);
  await db.run(`CREATE OR REPLACE TABLE good_and_bad (${types.join(", ")})`);
  const appender = await db.createAppender("good_and_bad");
  const chunk = DuckDBDataChunk.create(
    columns.map((_, index) => appender.columnType(index)),
    rows.length,
  );
  for (const [index, [name, column]] of columns.entries()) {
    chunk.setColumnValues(
      index,
      rows.map((row) => toDuckDB(row[name] ?? null, column)),
    );
  }
  appender.appendDataChunk(chunk);
  appender.closeSync();
  const result = await db.runAndReadAll(`SELECT ${expression} FROM good_and_bad ORDER BY rowid`);
  return result.getRows().map(([value]) => value);
}

function toDuckDB(value: Value, { type }: Column): DuckDBValue {
  if (value instanceof Date) {
    const time = value.getTime();
    return type === "date"
      ? new DuckDBDateValue(Math.floor(time / 86_400_000))
      : new DuckDBTimestampMillisecondsValue(BigInt(time));
  }
  if (!type.startsWith("decimal(") || value === null) return value;
  const [width = 0, scale = 0] = [...type.matchAll(/\d+/g)].map(Number);
  return new DuckDBDecimalValue(BigInt(String(value).replace(".", "")), width, scale);
}

/** Rows of which about every third is good: anything in every column would leave none. */
const rowOf = ({ columns }: Table): fc.Arbitrary<Row> => {
  const rarely = 2 * Object.keys(columns).length;
  return fc.record(
    Object.fromEntries(
      Object.entries(columns).map(([name, column]) => [
        name,
        fc.oneof({ weight: rarely, arbitrary: likely(column) }, { weight: 2, arbitrary: possible(column) }),
      ]),
    ),
  );
};

/** Values that are good more often than not. */
function likely(column: Column): fc.Arbitrary<Value> {
  if (column.oneOf) return fc.constantFrom(...column.oneOf);
  if (column.pattern) return fc.stringMatching(new RegExp(`^(?:${column.pattern})$`, "u"));
  const [min, max] = [column.min ?? -1_000, column.max ?? 1_000];
  const [low, high] = [Math.ceil(min), Math.floor(max)];
  switch (column.type) {
    case "bigint":
      return fc.bigInt(BigInt(low), BigInt(Math.max(low, high)));
    case "integer":
      return fc.integer({ min: low, max: Math.max(low, high) });
    case "double":
      return fc.double({ min, max, noNaN: true });
    case "boolean":
      return fc.boolean();
    case "varchar":
      return fc.string({ unit: "grapheme", minLength: column.min ?? 0, maxLength: Math.min(column.max ?? 40, 40) });
    case "date":
      return days(new Date(earliest), new Date("2099-12-31"));
    case "timestamp":
      return fc.date({ min: new Date(earliest), max: new Date("2099-12-31"), noInvalidDate: true });
    default:
      return decimal(column.type);
  }
}

/** Anything that the column's type can hold, and what lies at its bounds. */
function possible(column: Column): fc.Arbitrary<Value> {
  const bounds = [column.min ?? 0, column.max ?? 0];
  const edges = [...bounds.flatMap((bound) => [bound - 1, bound, bound + 1])];
  const none = fc.constant(null);
  switch (column.type) {
    case "bigint":
      return fc.oneof(none, fc.constantFrom(...edges.map(BigInt)), fc.bigInt(-(2n ** 63n), 2n ** 63n - 1n));
    case "integer":
      return fc.oneof(none, fc.constantFrom(...edges), fc.integer());
    case "double":
      return fc.oneof(none, fc.constantFrom(...edges), fc.double());
    case "boolean":
      return fc.oneof(none, fc.boolean());
    case "varchar":
      return fc.oneof(none, nearly(column), fc.string({ unit: "binary" }), fc.string({ unit: "grapheme" }));
    case "date":
      return fc.oneof(none, fc.constantFrom(...aroundTheBounds(86_400_000)), days(new Date(0), new Date("2200-01-01")));
    case "timestamp":
      return fc.oneof(none, fc.constantFrom(...aroundTheBounds(1)), fc.date({ noInvalidDate: true }));
    default:
      return fc.oneof(none, decimal(column.type), fc.constantFrom(...decimalEdges(column)));
  }
}

/** Texts that miss what is asked for by a little. */
function nearly(column: Column): fc.Arbitrary<string> {
  const good = likely(column).map(String);
  const strange = fc.constantFrom(
    "",
    " ",
    "\n",
    "\r",
    "\u0000",
    "\u0085",
    "\u2028",
    "ß",
    "İ",
    "٣",
    "Ａ",
    "😀",
    "e\u0301",
    "'",
  );
  const longest = column.max === undefined ? [] : [column.max - 1, column.max, column.max + 1];
  return fc.oneof(
    fc.tuple(strange, good, strange).map((parts) => parts.join("")),
    good.map((text) => text.toLowerCase()),
    good.map((text) => text.slice(1)),
    good.map((text) => `${text.slice(0, 1)}é${text.slice(1)}`),
    ...longest.map((length) => fc.constantFrom("x".repeat(length), "😀".repeat(length))),
    fc.constantFrom(200, 201).map((length) => "ü".repeat(length)),
  );
}

const days = (min: Date, max: Date) =>
  fc.date({ min, max, noInvalidDate: true }).map((date) => new Date(date.toISOString().slice(0, 10)));

const aroundTheBounds = (step: number): Date[] =>
  [earliest, latest].flatMap((bound) => [-step, 0, step].map((by) => new Date(Date.parse(bound) + by)));

const decimal = (type: string): fc.Arbitrary<string> => {
  const [width = 0, scale = 0] = [...type.matchAll(/\d+/g)].map(Number);
  const most = 10n ** BigInt(width) - 1n;
  return fc.bigInt(-most, most).map((unscaled) => spelled(unscaled, scale));
};

function decimalEdges({ type, min = 0, max = 0 }: Column): string[] {
  const [, scale = 0] = [...type.matchAll(/\d+/g)].map(Number);
  return [min, max].flatMap((bound) =>
    [-1, 0, 1].map((by) => spelled(BigInt(Math.round(bound * 10 ** scale) + by), scale)),
  );
}

function spelled(unscaled: bigint, scale: number): string {
  const digits = String(unscaled < 0n ? -unscaled : unscaled).padStart(scale + 1, "0");
  return `${unscaled < 0n ? "-" : ""}${digits.slice(0, -scale)}.${digits.slice(-scale)}`;
}
