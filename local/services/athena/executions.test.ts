import assert from "node:assert/strict";
import { test } from "node:test";
import { systemClock } from "../../clock";
import { journal } from "../../door/journal";
import { temporaryDirectory } from "../../temporary-directory";
import type { Execution } from "./execution";
import { executions } from "./executions";
import { queryError } from "./query-error";

const execution = (id: string): Execution => ({
  id,
  query: "SELECT 1",
  parameters: [],
  workgroup: "analysts",
  database: "lake",
  catalog: "AwsDataCatalog",
  kind: { type: "DML", name: "SELECT" },
  output: `s3://results/${id}.csv`,
  submitted: 0,
  state: "QUEUED",
  scanned: 0,
  planning: 0,
  rows: 0,
  columns: [],
});

test("a few run at once and the others wait their turn, in order", async () => {
  const { start, idle } = executions(temporaryDirectory(), systemClock(), journal());
  const [begun, finish]: [string[], (() => void)[]] = [[], []];
  const all = ["a", "b", "c", "d", "e"].map(execution);
  for (const each of all) {
    start(each, "operator", () => {
      begun.push(each.id);
      return new Promise((resolve) => finish.push(resolve));
    });
  }
  const over = idle();
  await new Promise((resolve) => setImmediate(resolve));
  assert.deepEqual(begun, ["a", "b", "c"]);
  assert.deepEqual(
    all.map(({ state }) => state),
    ["RUNNING", "RUNNING", "RUNNING", "QUEUED", "QUEUED"],
  );
  while (all.some(({ state }) => state !== "SUCCEEDED")) {
    for (const end of finish.splice(0)) end();
    await new Promise((resolve) => setImmediate(resolve));
  }
  assert.deepEqual(begun, ["a", "b", "c", "d", "e"]);
  await over;
});

test("the next start knows what came of a query, and nothing of one that was broken off", async () => {
  const directory = temporaryDirectory();
  const record = journal();
  const first = executions(directory, systemClock(), record);
  first.start(execution("good"), "operator", async () => undefined);
  first.start(execution("bad"), "operator", async () => {
    throw queryError("DIVISION_BY_ZERO", "Division by zero");
  });
  await first.idle();
  first.start(execution("open"), "operator", () => new Promise(() => undefined));

  const second = executions(directory, systemClock(), record);
  assert.equal(second.find("good")?.state, "SUCCEEDED");
  assert.deepEqual(second.find("bad")?.reason, {
    code: "DIVISION_BY_ZERO",
    message: "DIVISION_BY_ZERO: Division by zero",
  });
  assert.equal(second.find("open"), undefined);
  assert.deepEqual(
    record.entries.map(({ operation, outcome }) => [operation, outcome]),
    [
      ["SELECT", "ok"],
      ["SELECT", "DIVISION_BY_ZERO"],
    ],
  );
});
