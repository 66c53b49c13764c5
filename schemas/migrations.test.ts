import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { migrations, migrationsHash, readMigrations } from "./migrations";

/** The migrations of a directory that holds these files. */
function of(files: Readonly<Record<string, string>>) {
  const directory = mkdtempSync(join(tmpdir(), "migrations-"));
  try {
    for (const [name, text] of Object.entries(files)) writeFileSync(join(directory, name), text);
    return readMigrations(directory);
  } finally {
    rmSync(directory, { recursive: true });
  }
}

test("the migrations of the project can be read, in the order of their numbers", () => {
  const [first] = migrations;
  assert.equal(first?.name, "0001_ground.sql");
  assert.deepEqual(
    first.statements.map(({ sql }) => sql),
    ["create extension if not exists vector"],
  );
});

test("readMigrations() gives the same hash for other line ends, and another one for another text", () => {
  const hashOf = (text: string) => migrationsHash(of({ "0001_a.sql": text }));
  assert.equal(hashOf("select 1;\r\n"), hashOf("select 1;\n"));
  assert.notEqual(hashOf("select 1;\n"), hashOf("select 2;\n"));
});

test("readMigrations() names every file that is wrong, and why", () => {
  const sql = "select 1";
  for (const [files, says] of [
    [{ "1_a.sql": sql }, '"1_a.sql" is not called like 0001_what-it-does.sql'],
    [{ "0001_a.sql": sql, "0001_b.sql": sql }, '"0001_b.sql" should have the number 0002'],
    [{ "0001_a.sql": sql, "0003_b.sql": sql }, '"0003_b.sql" should have the number 0002'],
    [{ "0001_a.sql": "-- later" }, '"0001_a.sql" holds no statement'],
    [{ "0001_a.sql": "select 1;\nselect 'a" }, '"0001_a.sql" line 2 begins a string that never ends'],
    [{ "0001_a.sql": "select 1;\ncommit" }, '"0001_a.sql" line 2, "commit": each file is one transaction'],
    [{ "0001_a.sql": "copy t (a)\n from stdin" }, '"0001_a.sql" line 1, "copy t (a)": there is no input'],
  ] as const) {
    assert.throws(
      () => of(files),
      (error: Error) => error.name === "BadMigration" && error.message.includes(says),
      says,
    );
  }
});
