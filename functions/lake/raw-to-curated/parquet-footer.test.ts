import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { DuckDBInstance } from "@duckdb/node-api";
import { checkFooter } from "./parquet-footer";

const directory = mkdtempSync(join(tmpdir(), "footer-"));
after(() => rmSync(directory, { recursive: true }));

/** Checks a file of these bytes. */
const check = (content: Buffer) => {
  const path = join(directory, "file.parquet");
  writeFileSync(path, content);
  return checkFooter(path);
};

/** A file with this footer, said to be `length` bytes long. */
function withFooter(footer: readonly number[], length = footer.length): Buffer {
  const size = Buffer.alloc(4);
  size.writeUInt32LE(length);
  return Buffer.concat([Buffer.from("PAR1"), Buffer.from(footer), size, Buffer.from("PAR1")]);
}

/** Version 1, then a schema whose length is this varint, in Thrift's compact protocol. */
const schemaOf = (...length: number[]) => [0x15, 0x02, 0x19, 0xfc, ...length, 0, 0, 0, 0];

test("checkFooter() lets a file of DuckDB's pass, however many columns a table has", async () => {
  const connection = await (await DuckDBInstance.create()).connect();
  const path = join(directory, "good.parquet");
  for (const columns of [1, 14, 15, 200]) {
    const list = Array.from({ length: columns }, (_, index) => `${index} AS c${index}`);
    await connection.run(`COPY (SELECT ${list.join(", ")}) TO '${path}'`);
    await checkFooter(path);
  }
  connection.closeSync();
});

test("checkFooter() refuses a schema that nobody could believe, without reading it", async () => {
  for (const [footer, elements] of [
    [schemaOf(0xff, 0xff, 0xff, 0xff, 0x07), 2_147_483_647],
    [schemaOf(0xc0, 0x84, 0x3d), 1_000_000],
    [schemaOf(0xe9, 0x07), 1_001],
  ] as const) {
    await assert.rejects(check(withFooter(footer)), {
      code: "Columns",
      message: `its schema has ${elements} elements: 1000 are the most`,
    });
  }
  await check(withFooter(schemaOf(0xe8, 0x07)));
});

test("checkFooter() refuses a footer that is longer than its file", async () => {
  for (const length of [10, 2 ** 31, 2 ** 32 - 1]) {
    await assert.rejects(check(withFooter([0x15, 0x02], length)), { code: "Unreadable" }, String(length));
  }
});

test("checkFooter() tells what is no Parquet from what breaks off and what is encrypted", async () => {
  for (const [content, code] of [
    ["", "NotParquet"],
    ["PAR", "NotParquet"],
    ["order_id,total\n1,2\n", "NotParquet"],
    ["PAR1", "Truncated"],
    ["PAR1PAR1", "Truncated"],
    ["PAR1 and then nothing", "Truncated"],
    ["PARE1234PARE", "Encrypted"],
    ["PAR1 1234 PARE", "Encrypted"],
  ] as const) {
    await assert.rejects(check(Buffer.from(content)), { code }, content);
  }
});
