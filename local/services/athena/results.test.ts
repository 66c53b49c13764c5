import assert from "node:assert/strict";
import { test } from "node:test";
import { array, assert as check, constantFrom, option, property, string } from "fast-check";
import type { Execution } from "./execution";
import { csvLine, pageOf } from "./results";

const kind = { type: "DML", name: "SELECT" } as const;
const execution = { kind } as Execution;

test("rows are read as they were written, however they are cut into pieces", () => {
  const value = option(string({ unit: constantFrom("a", '"', ",", "\n", "\r", "é", "😀", " ") }), { nil: undefined });
  const width = 3;
  check(
    property(array(array(value, { minLength: width, maxLength: width }), { minLength: 1 }), (rows) => {
      const file = Buffer.from(rows.map(csvLine).join(""));
      assert.deepEqual(pageOf(file, rows.length + 1, execution), { rows, bytes: file.length });
      const read: unknown[] = [];
      for (let [at, length] = [0, 1]; at < file.length; length += 1) {
        const { rows: found, bytes } = pageOf(file.subarray(at, at + length), 2, execution);
        read.push(...found);
        at += bytes;
      }
      assert.deepEqual(read, rows);
    }),
  );
});

test("a row of one NULL is a line without anything", () => {
  assert.deepEqual(pageOf(Buffer.from('\n""\n'), 5, execution), { rows: [[undefined], [""]], bytes: 4 });
});

test("a line of SHOW is as it is", () => {
  const show = { kind: { type: "UTILITY", name: "SHOW_TABLES" } } as Execution;
  assert.deepEqual(pageOf(Buffer.from('a"b\tc\nd\n'), 5, show).rows, [['a"b\tc'], ["d"]]);
});
