import assert from "node:assert/strict";
import { test } from "node:test";
import { commonType, unionOf, withNewColumns } from "./merge-columns";

test("commonType() holds both, whichever comes first", () => {
  for (const [one, other, common] of [
    ["int", "int", "int"],
    ["int", "bigint", "bigint"],
    ["tinyint", "smallint", "smallint"],
    ["bigint", "double", "double"],
    ["float", "double", "double"],
    ["decimal(12,2)", "decimal(10,4)", "decimal(14,4)"],
    ["decimal(38,2)", "decimal(38,10)", "string"],
    ["decimal(12,2)", "double", "string"],
    ["date", "timestamp", "string"],
    ["boolean", "int", "string"],
  ] as const) {
    assert.equal(commonType(one, other), common);
    assert.equal(commonType(other, one), common);
  }
});

test("unionOf() has every column once, in the order of the first appearance, and tells of differences", () => {
  const { columns, conflicts } = unionOf([
    [
      { name: "a", type: "int" },
      { name: "b", type: "string" },
    ],
    [
      { name: "c", type: "date" },
      { name: "a", type: "bigint" },
    ],
  ]);
  assert.deepEqual(
    columns.map(({ name, type }) => `${name} ${type}`),
    ["a bigint", "b string", "c date"],
  );
  assert.deepEqual(conflicts, ["a: int and bigint become bigint"]);
});

test("withNewColumns() adds at the end, and keeps types and what is gone", () => {
  const { columns, added, kept } = withNewColumns(
    [
      { name: "a", type: "int", comment: "by hand" },
      { name: "b", type: "string" },
    ],
    [
      { name: "c", type: "date" },
      { name: "a", type: "bigint" },
    ],
  );
  assert.deepEqual(columns, [
    { name: "a", type: "int", comment: "by hand" },
    { name: "b", type: "string" },
    { name: "c", type: "date" },
  ]);
  assert.deepEqual([added, kept], [["c"], ["a stays int: it is bigint in the data"]]);
});
