import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { decodeRecord, encodeRecord } from "./record";

test("encodeRecord() writes what PostgreSQL's COPY writes with every value quoted", () => {
  const record = encodeRecord(["1", null, "", "\\N", 'a "b",\nc']);
  assert.equal(record.toString(), '"1",\\N,"","\\N","a ""b"",\nc"\n');
});

test("decodeRecord() gives back any values that encodeRecord() was given", () => {
  const value = fc.option(
    fc.oneof(fc.string({ unit: "grapheme" }), fc.constantFrom("\\N", "", '"', ",", "\n", '""\n"')),
  );
  fc.assert(
    fc.property(fc.array(value, { minLength: 1 }), (values) => {
      assert.deepEqual(decodeRecord(encodeRecord(values)), values);
    }),
  );
});

test("decodeRecord() reads a text of megabytes", () => {
  const long = '"'.repeat(3_000_000);
  assert.deepEqual(decodeRecord(encodeRecord([long, "b"])), [long, "b"]);
});
