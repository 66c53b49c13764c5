import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { type Entry, journal } from "./journal";

const entry = (operation: string): Omit<Entry, "at"> => ({
  service: "s3",
  operation,
  principal: "operator",
  resource: "lake/a",
  outcome: "ok",
  ms: 1,
});

test("a journal keeps its entries in order, in memory and as lines of its file", async (t) => {
  const directory = mkdtempSync(join(tmpdir(), "journal-"));
  t.after(() => rmSync(directory, { recursive: true }));
  const file = join(directory, "journal.ndjson");
  for (const operation of ["PutObject", "GetObject"]) {
    const record = journal({ file });
    record.add({ ...entry(operation), detail: { text: "two\nlines" } });
    assert.match(record.entries[0]?.at ?? "", /^\d{4}-\d\d-\d\dT[\d:.]+Z$/);
    await record.end();
  }

  const lines = readFileSync(file, "utf8").trimEnd().split("\n");
  assert.deepEqual(
    lines.map((line) => JSON.parse(line).operation),
    ["PutObject", "GetObject"],
  );
});

test("a journal tells every listener, until it stops listening", () => {
  const record = journal();
  const heard: string[] = [];
  const stop = record.listen(({ operation }) => heard.push(operation));
  record.add(entry("PutObject"));
  stop();
  record.add(entry("GetObject"));

  assert.deepEqual(heard, ["PutObject"]);
});

test("a journal forgets the oldest entries in memory when there are more than it keeps", () => {
  const record = journal({ keep: 2 });
  for (const operation of ["one", "two", "three"]) record.add(entry(operation));

  assert.deepEqual(
    record.entries.map(({ operation }) => operation),
    ["two", "three"],
  );
});
