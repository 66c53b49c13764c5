import assert from "node:assert/strict";
import { test } from "node:test";
import {
  array,
  boolean,
  type GenericSchema,
  integer,
  isoTimestamp,
  literal,
  maxLength,
  maxValue,
  minLength,
  minValue,
  number,
  object,
  picklist,
  pipe,
  regex,
  safeParse,
  strictObject,
  string,
  union,
  url,
} from "valibot";
import { endpoints } from "../../schemas/endpoints";
import { reasonOf } from "./reason";

const reasonsOf = (schema: GenericSchema, value: unknown): string[] =>
  (safeParse(schema, value).issues ?? []).map(reasonOf);

test("reasonOf() says what a value must be, and what it is", () => {
  for (const [schema, value, reason] of [
    [picklist(["open", "resolved"]), "shut", 'must be "open" or "resolved", and is "shut"'],
    [picklist(["a", "b", "c"]), 1, 'must be "a", "b" or "c", and is 1'],
    [picklist(["a"]), "b", 'must be "a", and is "b"'],
    [literal("a"), "b", 'must be "a", and is "b"'],
    [number(), "5", 'must be a number, and is "5"'],
    [string(), [], "must be a text, and is a list"],
    [boolean(), {}, "must be true or false, and is an object"],
    [array(string()), null, "must be a list, and is null"],
    [object({}), 1, "must be an object, and is 1"],
    [union([string(), number()]), null, "must be a text or a number, and is null"],
    [pipe(number(), integer()), 1.5, "must be a whole number, and is 1.5"],
    [pipe(number(), minValue(1)), 0, "must be at least 1, and is 0"],
    [pipe(number(), maxValue(9)), 10, "must be at most 9, and is 10"],
    [pipe(string(), minLength(1)), "", "must have at least 1 characters, and has 0"],
    [pipe(string(), maxLength(2)), "abc", "must have at most 2 characters, and has 3"],
    [pipe(array(number()), maxLength(1)), [1, 2], "must have at most 1 items, and has 2"],
    [pipe(string(), isoTimestamp()), "now", 'must be a time like 2026-03-01T10:15:00Z, and is "now"'],
    [pipe(string(), url()), "x", 'must be a URL, and is "x"'],
    [pipe(string(), regex(/a/, "must be an a")), "b", "must be an a"],
    [object({ a: string() }), {}, "is missing"],
    [strictObject({}), { a: 1 }, "is unknown"],
  ] as const) {
    assert.deepEqual(reasonsOf(schema, value), [reason]);
  }
});

test("reasonOf() repeats no more than the beginning of a long text", () => {
  const [reason = ""] = reasonsOf(number(), "x".repeat(10_000));
  assert.ok(reason.length < 200 && reason.endsWith("xxx..."), reason);
});

test("no endpoint says what is wrong in valibot's own words", () => {
  const bad = [
    {},
    { limit: "x", sort: "x", status: "x", level: "x", from: "x", to: "x", seller: "", size: 0.5, file: 1 },
  ];
  for (const { query, body } of Object.values(endpoints)) {
    for (const schema of [query, body && "schema" in body ? body.schema : undefined]) {
      for (const value of schema ? bad : []) {
        for (const reason of schema ? reasonsOf(schema, value) : [])
          assert.doesNotMatch(reason, /Invalid|Expected|\(".*\|/);
      }
    }
  }
});
