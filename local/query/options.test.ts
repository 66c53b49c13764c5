import assert from "node:assert/strict";
import { test } from "node:test";
import { readOptions } from "./options";

test("a query comes with what is wanted of its answer", () => {
  assert.deepEqual(readOptions(["select 1"]), { format: "table", query: "select 1" });
  assert.deepEqual(readOptions(["--csv", "--limit", "5", "-"]), { format: "csv", query: "-", limit: 5 });
  assert.deepEqual(readOptions(["--json", "--stack", "prod", "--file", "a.sql"]), {
    format: "json",
    stack: "prod",
    file: "a.sql",
  });
  assert.deepEqual(readOptions(["--named", "sales", "--data", "d"]), { format: "table", named: "sales", data: "d" });
  assert.deepEqual(readOptions(["--named"]), { format: "table", named: "" });
  assert.deepEqual(readOptions(["--named", "--csv"]), { format: "csv", named: "" });
  assert.equal(readOptions(["select 1", "--help"]), undefined);
});

test("wrong use is told by a sentence", () => {
  for (const [words, message] of [
    [[], 'What is the query? npm run query -- "select ..." (--help lists the options)'],
    [["select", "1"], "Cannot take more than one query: put it in quotes, as one word."],
    [["select 1", "--file", "a.sql"], "Cannot take a query, --file and --named at once: one of them is enough."],
    [["select 1", "--csv", "--json"], "Cannot print --csv and --json at once."],
    [["select 1", "--stack", "a", "--data", "b"], "Cannot ask --stack and --data at once."],
    [["select 1", "--limit", "0"], 'Cannot take --limit "0": it must be a whole number from 1.'],
    [
      ["select 1", "--speed", "9"],
      /^Cannot read the options: Unknown option '--speed'.*\(npm run query -- --help lists them\)$/,
    ],
  ] as const) {
    assert.throws(() => readOptions(words), { name: "UsageError", message });
  }
});
