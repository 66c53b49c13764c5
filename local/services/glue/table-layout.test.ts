import assert from "node:assert/strict";
import { test } from "node:test";
import { layOut, otherTableName, tableName } from "./table-layout";

/** `root: keys | values, ... ; skipped` of every table. */
const told = (keys: readonly string[], target: Parameters<typeof layOut>[1]) =>
  layOut(
    keys.map((key) => ({ key })),
    target,
  ).map(({ root, keys, partitions, skipped }) => ({
    root,
    keys,
    partitions: partitions.map(({ values, items }) => `${values.join(",")}:${items.length}`),
    skipped,
  }));

test("the files of one folder are one table without partitions", () => {
  assert.deepEqual(told(["sales/a", "sales/b"], { prefix: "sales/" }), [
    { root: "sales/", keys: [], partitions: [":2"], skipped: [] },
  ]);
});

test("folders are partitions, named by what stands before the = or by their place", () => {
  assert.deepEqual(told(["s/Year=2026/03/a", "s/Year=2026/04/a", "s/Year=2026/04/b"], { prefix: "s/" }), [
    { root: "s/", keys: ["year", "partition_1"], partitions: ["2026,03:1", "2026,04:2"], skipped: [] },
  ]);
});

test("an = may stand in a value", () => {
  assert.deepEqual(told(["s/k=a=b/a"], { prefix: "s/" })[0]?.partitions, ["a=b:1"]);
});

test("what most folders have decides, unless the table is already there", () => {
  const keys = ["s/dt=1/a", "s/day=1/a", "s/day=2/a", "s/a"];
  assert.deepEqual(told(keys, { prefix: "s/" }), [
    { root: "s/", keys: ["day"], partitions: ["1:1", "2:1"], skipped: ["s/dt=1/", "s/"] },
  ]);
  assert.deepEqual(told(keys, { prefix: "s/", keysAt: (root) => (root === "s/" ? ["dt"] : undefined) }), [
    { root: "s/", keys: ["dt"], partitions: ["1:1"], skipped: ["s/day=1/", "s/day=2/", "s/"] },
  ]);
});

test("the level says which folders are tables, and never lies above the include path", () => {
  const keys = ["eu/sales/dt=1/a", "eu/stock/dt=1/a"];
  assert.deepEqual(
    told(keys, { prefix: "eu/", tableLevel: 3 }).map(({ root }) => root),
    ["eu/sales/", "eu/stock/"],
  );
  assert.deepEqual(
    told(keys.slice(0, 1), { prefix: "eu/sales/", tableLevel: 1 }).map(({ root }) => root),
    ["eu/sales/"],
  );
  assert.deepEqual(told([], { prefix: "eu/" }), []);
});

test("a table is named after its folder, in what Athena takes, and after the bucket where it has none", () => {
  assert.equal(tableName("shop_", "prod", "eu/Sales-Daily/"), "shop_sales_daily");
  assert.equal(tableName("", "my.bucket", ""), "my_bucket");
  assert.equal(tableName("", "b", `${"x".repeat(200)}/`).length, 128);
});

test("a name that is taken gets a suffix that depends on the place, within 128 characters", () => {
  const name = otherTableName("s".repeat(128), "s3://b/a/");
  assert.equal(name.length, 128);
  assert.notEqual(name, otherTableName("s".repeat(128), "s3://b/b/"));
});
