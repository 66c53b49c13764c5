import assert from "node:assert/strict";
import { test } from "node:test";
import { runtime } from "@pulumi/pulumi";
import { array, boolean, number, object, optional, parse, pipe, string, transform } from "valibot";
import { lazyDefaults } from "./lazy-defaults";

const schemas = () => ({
  query: object({
    sort: optional(string(), "day"),
    limit: optional(pipe(string(), transform(Number)), "100"),
    list: pipe(
      optional(string(), ""),
      transform((text) => text.split(",")),
    ),
    days: array(object({ open: optional(boolean(), false), shops: optional(number(), 0) })),
    note: optional(string()),
  }),
});

test("schemas with lazy defaults read as they did before", () => {
  const given = schemas();
  const lazy = schemas();
  lazyDefaults(lazy);
  for (const value of [
    { days: [{}] },
    { sort: "a", limit: "5", list: "a,b", days: [{ open: true, shops: 1 }], note: "b" },
  ]) {
    assert.deepEqual(parse(lazy.query, value), parse(given.query, value));
  }
});

test("schemas with lazy defaults can be captured, and others cannot", async () => {
  const given = schemas();
  await assert.rejects(
    runtime.serializeFunction(() => () => parse(given.query, {})),
    /Cannot use 'in' operator/,
  );
  const lazy = schemas();
  lazyDefaults(lazy);
  lazyDefaults(lazy);
  const { text } = await runtime.serializeFunction(() => async () => parse(lazy.query, {}), {
    isFactoryFunction: true,
  });
  assert.match(text, /"day"/);
});

test("a schema that holds itself is walked once", () => {
  const node: Record<string, unknown> = { kind: "schema", default: "leaf" };
  node.child = node;
  lazyDefaults(node);
  assert.equal(typeof node.default, "function");
});
