import assert from "node:assert/strict";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { type DuckDBConnection, DuckDBInstance } from "@duckdb/node-api";
import type { Table } from "../../../schemas/tables";
import { type BadFile, isBadFile } from "./bad-file";
import { columnProblems, inspectParquet } from "./parquet-file";

const table = {
  columns: { id: { type: "bigint" }, note: { type: "varchar", nullable: true } },
  primaryKey: ["id"],
  version: "id",
  partition: { column: "id", by: "day" },
} satisfies Table;

let directory: string;
let db: DuckDBConnection;
before(async () => {
  directory = await mkdtemp(join(tmpdir(), "parquet-file-"));
  db = await connect();
});
after(() => rm(directory, { recursive: true }));

const connect = async (): Promise<DuckDBConnection> =>
  (await DuckDBInstance.create(":memory:", { threads: "1" })).connect();

let files = 0;
/** Every file gets a path of its own: DuckDB keeps what it has read of a path for a moment. */
const newPath = () => join(directory, `${++files}.parquet`);

async function written(select: string, options = ""): Promise<Buffer> {
  const path = newPath();
  await db.run(`COPY (${select}) TO '${path}' (FORMAT parquet${options})`);
  return readFile(path);
}

async function inspect(bytes: Uint8Array, given: Table = table): Promise<number | BadFile> {
  const path = newPath();
  await writeFile(path, bytes);
  try {
    return await inspectParquet(db, path, given);
  } catch (error) {
    if (!isBadFile(error)) throw error;
    // Such an error leaves the database unusable.
    if (/^(INTERNAL|FATAL) /.test(error.message)) db = await connect();
    return error;
  }
}

async function refused(bytes: Uint8Array, code: string, message?: string): Promise<void> {
  const problem = await inspect(bytes);
  assert.ok(isBadFile(problem), `read ${problem} rows`);
  assert.equal(`${problem.code}: ${message === undefined ? "" : problem.message}`, `${code}: ${message ?? ""}`);
}

const fourRows = "SELECT i + 1 AS id, ['one', NULL, 'three', 'four'][i + 1] AS note FROM range(4) t(i)";

test("inspectParquet() counts the rows of a good file, however it is compressed and grouped", async () => {
  const many = "SELECT i AS id, repeat('x', (i % 30)::INTEGER) AS note FROM range(5000) t(i)";
  for (const compression of ["uncompressed", "snappy", "zstd", "gzip", "lz4_raw", "brotli"]) {
    for (const version of ["V1", "V2"]) {
      const options = `, COMPRESSION ${compression}, ROW_GROUP_SIZE 2048, PARQUET_VERSION ${version}`;
      assert.equal(await inspect(await written(many, options)), 5_000, options);
    }
  }
});

test("inspectParquet() takes what the least and the greatest text can be", async () => {
  for (const text of ["''", "chr(0) || 'x'", "'ü€😀'", "repeat('😀', 1000)", "'\"'", "'a' || chr(10) || 'b'", "NULL"]) {
    assert.equal(await inspect(await written(`SELECT 1::BIGINT AS id, CAST(${text} AS VARCHAR) AS note`)), 1, text);
  }
});

test("inspectParquet() takes the columns in any order and case", async () => {
  assert.equal(await inspect(await written("SELECT 'x' AS NOTE, 1::INTEGER AS Id")), 1);
});

test("inspectParquet() refuses what is no Parquet file", async () => {
  await refused(Buffer.alloc(0), "NotParquet", "it does not begin with PAR1: it has 0 bytes");
  await refused(Buffer.from("P"), "NotParquet", "it does not begin with PAR1: it has 1 bytes");
  await refused(Buffer.from("id,note\n1,one\n"), "NotParquet", "it does not begin with PAR1: it has 14 bytes");
  await refused(Buffer.from("PAR1"), "Truncated", "it does not end with PAR1: after 4 bytes it breaks off");
  await refused(Buffer.from("PAR1PAR1"), "Truncated", "it does not end with PAR1: after 8 bytes it breaks off");
  await refused(Buffer.from("PAR1\0\0\0\0PAR1"), "Unreadable");
});

test("inspectParquet() refuses a file cut short anywhere", async () => {
  const good = await written(fourRows);
  for (let length = 4; length < good.length; length += 7) {
    const problem = await inspect(good.subarray(0, length));
    assert.equal(isBadFile(problem) && problem.code, "Truncated", `${length} bytes`);
  }
  await refused(Buffer.concat([good.subarray(0, 40), good.subarray(60)]), "Unreadable");
});

test("inspectParquet() refuses an encrypted file", async () => {
  const path = newPath();
  const connection = await connect();
  await connection.run("SET force_mbedtls_unsafe = 'true'");
  await connection.run("PRAGMA add_parquet_key('key', '0123456789112345')");
  await connection.run(`COPY (${fourRows}) TO '${path}' (FORMAT parquet, ENCRYPTION_CONFIG {footer_key: 'key'})`);
  await refused(await readFile(path), "Encrypted", "its footer is encrypted");
  await refused(Buffer.from("PAR1 with an encrypted tail PARE"), "Encrypted", "its footer is encrypted");
});

test("inspectParquet() refuses a file without rows", async () => {
  await refused(await written(`${fourRows} LIMIT 0`), "Empty", "it has no rows");
});

test("inspectParquet() refuses columns that are not the table's", async () => {
  for (const [select, message] of [
    ["SELECT 'x' AS note", 'column "id" is missing'],
    ["SELECT '1' AS id, 'x' AS note", 'column "id" is VARCHAR and must be bigint'],
    ["SELECT 1::UBIGINT AS id, 'x' AS note", 'column "id" is UBIGINT and must be bigint'],
    [
      "SELECT 1.5 AS id, 2 AS note",
      'column "id" is DECIMAL(2,1) and must be bigint; column "note" is INTEGER and must be varchar',
    ],
    ["SELECT 1 AS id, 'x' AS note, 2 AS extra", 'column "extra" (INTEGER) is not known'],
    ["SELECT 1 AS id, ['x'] AS note", 'column "note" is VARCHAR[] and must be varchar'],
    ["SELECT 1 AS id, {'a': 'x'} AS note", 'column "note" is STRUCT(...) and must be varchar'],
    ["SELECT 1 AS id, 'x' AS note, MAP {'a': {'b': 1}} AS deep", 'column "deep" (MAP(...)) is not known'],
    ["SELECT 1 AS id, 'x' AS note, 3 AS constructor", 'column "constructor" (INTEGER) is not known'],
    ["SELECT 1 AS id, 'x' AS note, 'y' AS NOTE", 'column "NOTE_1" (VARCHAR) is not known'],
  ] as const) {
    await refused(await written(select), "Columns", message);
  }
});

test("inspectParquet() refuses two columns of one name", async () => {
  const twice = replaced(await written("SELECT 1 AS id, 'x' AS note, 'y' AS nota"), "nota", "note");
  await refused(twice, "Columns", 'column "note_1" (VARCHAR) is not known');
});

test("columnProblems() tells no name that may be the first row of a file without a header", () => {
  const sensitive = [
    "4111111111111111",
    "card_4111111111111111",
    "4111 1111 1111 1111",
    "jane@example.com",
    "078-05-1120",
    "Jane Doe",
  ];
  for (const name of sensitive) {
    const found = [{ name, type: `STRUCT("${name}" VARCHAR)[]` }];
    assert.equal(
      columnProblems(table, found).join("; "),
      'column "id" is missing; column "note" is missing; column number 1 (STRUCT(...)[]) is not known',
    );
  }
});

test("inspectParquet() refuses a file whose footer promises other numbers of rows or values", async () => {
  const good = await written(fourRows, ", COMPRESSION uncompressed");
  const { footer } = regions(good);
  const said = new Set<string>();
  for (let at = footer; at < good.length - 8; at++) {
    if (good[at] !== 8) continue; // 4, as Thrift's compact protocol writes it
    const changed = Buffer.from(good);
    changed[at] = 10;
    const problem = await inspect(changed);
    if (isBadFile(problem)) said.add(`${problem.code}: ${problem.message}`);
  }
  for (const expected of [
    "Damaged: its footer promises 5 rows, and 4 can be read",
    'Damaged: column "id" does not have its values: 5 promised, 4 read',
    'Damaged: column "note" does not have its values: 4 promised, 3 read',
  ]) {
    assert.ok(said.has(expected), `${expected}\nnot in\n${[...said].join("\n")}`);
  }
});

test("inspectParquet() decodes also what DuckDB could answer from the footer: a table of numbers only", async () => {
  const numbers = { ...table, columns: { id: { type: "bigint" }, line: { type: "integer" } } } satisfies Table;
  const good = await written("SELECT i + 1 AS id, 7::INTEGER AS line FROM range(4) t(i)", ", COMPRESSION uncompressed");
  assert.equal(await inspect(good, numbers), 4);
  const changed = Buffer.from(good);
  changed[good.indexOf(Buffer.from([4, 0, 0, 0, 0, 0, 0, 0]))] = 9;
  const problem = await inspect(changed, numbers);
  assert.ok(isBadFile(problem));
  assert.equal(problem.message, 'column "id" does not have what its footer gives as its greatest value');
});

test("inspectParquet() finds a damaged byte unless it only turns values into others within the footer's bounds", async () => {
  const select = "SELECT i * 1000 + 1 AS id, ['one', NULL, 'three', 'four'][i + 1] AS note FROM range(4) t(i)";
  for (const compression of ["uncompressed", "snappy", "zstd"]) {
    const good = await written(select, `, COMPRESSION ${compression}`);
    const rows = await content(good);
    const { footer } = regions(good);
    // The footer is the same but for the name of the compression.
    const end = compression === "uncompressed" ? good.length : footer;
    let slipped = 0;
    for (let at = 0; at < end; at++) {
      const changed = Buffer.from(good);
      changed[at] = (good[at] ?? 0) ^ ([1, 255, 16, 128, 2][at % 5] ?? 0);
      if (isBadFile(await inspect(changed))) continue;
      const found = await content(changed);
      if (JSON.stringify(found) === JSON.stringify(rows)) continue;
      slipped++;
      const where = `byte ${at} of ${good.length}, ${compression}: ${JSON.stringify(found)}`;
      assert.ok(at < footer, where);
      assert.deepEqual(found.map(shape), rows.map(shape), where);
      for (const { id, note } of found) {
        assert.ok(Number(id) >= 1 && Number(id) <= 3_001, where);
        assert.ok(note === null || (String(note) >= "four" && String(note) <= "three"), where);
      }
    }
    assert.ok(slipped < good.length / 10, `${slipped} of ${good.length} bytes, ${compression}`);
  }
});

test("No error tells a value of the file", async () => {
  const card = "4111111111111111";
  for (const text of [
    `!${card}`,
    `!4111 1111-1111 1111`,
    `!a" ${card} "b`,
    `!it's ${card}'`,
    `!"x"\n${card}`,
    '!a" jane@example.com "b',
  ]) {
    const good = await written(`SELECT 1 AS id, '${text.replaceAll("'", "''")}' AS note`, ", COMPRESSION uncompressed");
    const problem = await inspect(replaced(good, "!", Buffer.from([0xff])));
    assert.ok(isBadFile(problem), text);
    assert.equal(problem.code, "Unreadable");
    assert.doesNotMatch(problem.message, /1111|jane/);
    assert.match(problem.message, /utf-?8|unicode/i);
  }
});

test("A moment without memory is no bad file", async () => {
  const path = newPath();
  await writeFile(
    path,
    await written("SELECT i AS id, repeat('x', 1000) AS note FROM range(300000) t(i)", ", ROW_GROUP_SIZE 300000"),
  );
  const connection = await (await DuckDBInstance.create(":memory:", { threads: "1", memory_limit: "1MB" })).connect();
  await assert.rejects(inspectParquet(connection, path, table), (error) => {
    assert.match((error as Error).message, /^Out of Memory/);
    return !isBadFile(error);
  });
});

async function content(bytes: Uint8Array) {
  const path = newPath();
  await writeFile(path, bytes);
  return (await db.runAndReadAll(`SELECT id, note FROM read_parquet('${path}')`)).getRowObjectsJson();
}

/** Which of a row's values are there. */
const shape = (row: Record<string, unknown>) => Object.values(row).map((value) => value === null);

/** Where the footer begins: its length stands before the last four bytes (Parquet format, "File format"). */
const regions = (file: Buffer) => ({ footer: file.length - 8 - file.readUInt32LE(file.length - 8) });

/** `from` replaced by as many other bytes wherever it is found. */
function replaced(file: Buffer, from: string, to: string | Buffer): Buffer {
  const changed = Buffer.from(file);
  let found = 0;
  for (let at = changed.indexOf(from); at !== -1; at = changed.indexOf(from, at + 1)) {
    changed.set(Buffer.from(to), at);
    found++;
  }
  assert.ok(found > 0 && Buffer.byteLength(from) === Buffer.from(to).length);
  return changed;
}
