// The production stack on the embedded AWS: its key, its access logs, its alarms' recipient and its pages do not stop it.

import assert from "node:assert/strict";
import { before, test } from "node:test";
import type { Evaluation } from "../stage/evaluation/evaluate";
import { withoutBehaviour } from "./deploy/without-behaviour";
import { accounting, curation, evaluated, openLake, order, parquet, rowsOf } from "./lake-fixture";

let program: Evaluation;
before(async () => {
  const settings = { "tributary:alarmEmail": "alarms@example.com", "tributary:apiOrigins": "https://shop.example" };
  program = curation(await evaluated("prod", settings));
});

test("the production stack curates files as well", async (t) => {
  const lake = await openLake(t, program);

  await lake.take([{ key: "raw/orders/a.parquet", body: await parquet(rowsOf("orders", [order({})])) }]);

  assert.equal((await lake.curated("orders")).length, 1);
  assert.deepEqual((await lake.audits()).map(accounting), ["1 = 1 + 0 + 0"]);
});

test("every type that has no behaviour has a reason, and the program uses it", () => {
  const used = new Set(program.resources.map(({ type }) => type));
  for (const [type, reason] of Object.entries(withoutBehaviour)) {
    assert.match(reason, /^\S.{15,}[^.]$/, type);
    // Pulumi registers the provider itself, which an evaluation has none of.
    if (!type.startsWith("pulumi:")) assert.ok(used.has(type), `${type} is on the list and nobody uses it`);
  }
});
