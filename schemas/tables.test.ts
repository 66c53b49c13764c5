import assert from "node:assert/strict";
import { before, test } from "node:test";
import { type DuckDBConnection, DuckDBInstance } from "@duckdb/node-api";
import { protectedColumns } from "./protection";
import { literal } from "./sql-text";
import { type Column, type Table, tableNamed, tables } from "./tables";

let db: DuckDBConnection;
before(async () => {
  db = await (await DuckDBInstance.create()).connect();
});

const all = Object.entries<Table>(tables);

test("The columns that place a row are there in every row and leave the raw bucket as they are", () => {
  for (const [name, table] of all) {
    const asTheyAre = new Map(protectedColumns(table).map(({ name, sql }) => [name, sql]));
    assert.ok(table.primaryKey.length > 0, `${name} has a key`);
    for (const placing of [...table.primaryKey, table.version, table.partition.column]) {
      const column = table.columns[placing];
      assert.ok(column !== undefined, `${name}.${placing} exists`);
      assert.equal(column.nullable, undefined, `${name}.${placing} is in every row`);
      assert.equal(column.protect, undefined, `${name}.${placing} is not protected`);
      assert.equal(asTheyAre.get(placing), `"${placing}"`);
    }
  }
});

test("The version and the partition of a table are times", () => {
  for (const [name, { columns, version, partition }] of all) {
    assert.equal(columns[version]?.type, "timestamp", name);
    assert.match(columns[partition.column]?.type ?? "", /^(timestamp|date)$/, name);
    assert.notEqual(version, partition.column, `${name}: what a version changes cannot place its row`);
  }
});

test("No two curated columns of a table share a name, nor that of a partition or a source", () => {
  for (const [name, table] of all) {
    const names = [
      ...protectedColumns(table).map(({ name }) => name),
      ...["dt", "source_file", "source_version", "source_row", "arrived"],
    ];
    assert.deepEqual(names, [...new Set(names)], name);
    for (const one of [...names, ...Object.keys(table.columns)]) assert.match(one, /^[a-z][a-z0-9_]*$/, name);
  }
});

test("Only texts are matched, listed or protected, and only what has a length or a size is bounded", () => {
  for (const [name, column] of everyColumn()) {
    const { type, oneOf, pattern, protect, min, max } = column;
    if (oneOf || pattern || protect) assert.equal(type, "varchar", name);
    if (min !== undefined || max !== undefined) assert.match(type, /^(bigint|integer|double|varchar|decimal.*)$/, name);
    assert.ok((min ?? -Infinity) <= (max ?? Infinity), name);
  }
});

test("A pattern means the same in RE2 and in JavaScript: it has nothing on which the two differ", async () => {
  for (const [name, { pattern }] of everyColumn()) {
    if (pattern === undefined) continue;
    assert.doesNotThrow(() => new RegExp(`^(?:${pattern})$`, "u"), name);
    await db.run(`SELECT regexp_full_match('', ${literal(pattern)})`);
    const outsideSets = pattern.replaceAll(/\[(?:[^\]\\]|\\.)*\]/g, "");
    assert.doesNotMatch(outsideSets.replaceAll(/\\./g, ""), /[.$^]|\(\?[^:]/, name);
    assert.doesNotMatch(pattern, /\\[swbBpPSW]/, name);
  }
});

test("tableNamed() knows the tables of the lake and nothing that every object has", () => {
  assert.equal(tableNamed("orders"), tables.orders);
  for (const name of ["", "order", "ORDERS", "constructor", "toString", "__proto__", "hasOwnProperty"]) {
    assert.equal(tableNamed(name), undefined, name);
  }
});

const everyColumn = (): [string, Column][] =>
  all.flatMap(([table, { columns }]) =>
    Object.entries(columns).map(([name, column]): [string, Column] => [`${table}.${name}`, column]),
  );
