import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { literal } from "../../../../schemas/sql-text";
import { temporaryDirectory } from "../../../temporary-directory";
import { lockEngine, openEngine } from "./duckdb";

test("a locked database reads and writes its own directory and nothing else, for good", async (t) => {
  const [own, other] = [temporaryDirectory(), temporaryDirectory()];
  for (const directory of [own, other]) writeFileSync(join(directory, "a.csv"), "a\n1\n");
  const engine = await openEngine(own);
  t.after(() => engine.end());
  await lockEngine(engine, own);
  const run = (sql: string) => engine.connection.runAndReadAll(sql);

  assert.deepEqual((await run(`SELECT * FROM read_csv(${literal(join(own, "a.csv"))})`)).getRows(), [[1n]]);
  await run(`COPY (SELECT 1 AS a) TO ${literal(join(own, "b.parquet"))} (FORMAT parquet)`);
  for (const sql of [
    `SELECT * FROM read_csv(${literal(join(other, "a.csv"))})`,
    "SELECT * FROM read_text('/etc/hostname')",
    `COPY (SELECT 1 AS a) TO ${literal(join(other, "b.parquet"))} (FORMAT parquet)`,
    `ATTACH ${literal(join(other, "c.duckdb"))}`,
    `SELECT * FROM read_csv(${literal(`${own}/../${other.split("/").at(-1)}/a.csv`)})`,
    "SET enable_external_access = true",
    "SET allowed_directories = ['/']",
    "LOAD httpfs",
  ]) {
    await assert.rejects(run(sql), /Permission Error|configuration has been locked|Cannot change/, sql);
  }
});
