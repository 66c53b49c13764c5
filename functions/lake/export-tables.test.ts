import assert from "node:assert/strict";
import { test } from "node:test";
import { tableNames } from "../../schemas/tables";
import { readEvent } from "./export-tables";

test("readEvent() takes what the schedule sends for everything that is new", () => {
  for (const event of [{}, undefined, null]) assert.deepEqual(readEvent(event), { tables: tableNames, full: false });
});

test("readEvent() takes tables once, in their order, and whether all of them", () => {
  assert.deepEqual(readEvent({ tables: ["payments", "orders", "payments"], full: true }), {
    tables: ["orders", "payments"],
    full: true,
  });
});

test("readEvent() refuses what it does not know", () => {
  for (const [event, says] of [
    [{ tables: ["order"] }, '"order"'],
    [{ table: "orders" }, '"table"'],
    [{ full: "yes" }, '"yes"'],
    ["orders", '"orders"'],
  ] as const) {
    assert.throws(
      () => readEvent(event),
      (error: Error & { code: string }) => error.code === "BadEvent" && error.message.includes(says),
      JSON.stringify(event),
    );
  }
});
