import assert from "node:assert/strict";
import { test } from "node:test";
import { handClock } from "../../clock";
import { temporaryDirectory } from "../../temporary-directory";
import { openCatalog, type PartitionDefinition, parquet, type TableDefinition } from "./catalog";

const orders: TableDefinition = {
  name: "Orders",
  columns: [{ name: "id", type: "bigint" }],
  partitionKeys: [{ name: "dt", type: "string" }],
  location: "s3://bucket/orders/",
  parameters: { classification: "parquet" },
  ...parquet,
};

const day = (dt: string): PartitionDefinition => ({
  values: [dt],
  columns: orders.columns,
  location: `s3://bucket/orders/dt=${dt}/`,
  parameters: {},
  ...parquet,
});

test("a table is updated when its definition becomes another one, and not when it is put again", () => {
  const clock = handClock(1_000);
  const catalog = openCatalog(temporaryDirectory(), clock);
  catalog.putDatabase({ name: "Lake" });
  catalog.putTable("lake", orders);
  clock.advance(500);
  catalog.putTable("LAKE", orders);
  assert.deepEqual(catalog.table("lake", "ORDERS"), {
    ...orders,
    name: "orders",
    database: "lake",
    createdAt: 1_000,
    updatedAt: 1_000,
  });
  catalog.putTable("lake", { ...orders, description: "new" });
  const { createdAt, updatedAt } = catalog.table("lake", "orders") ?? {};
  assert.deepEqual([createdAt, updatedAt], [1_000, 1_500]);
  catalog.end();
});

test("partitions stay when their table is put again, go with it, and are put all or none", () => {
  const catalog = openCatalog(temporaryDirectory());
  catalog.putDatabase({ name: "lake" });
  catalog.putTable("lake", orders);
  catalog.putPartitions("lake", "orders", [day("2"), day("1")]);
  catalog.putTable("lake", { ...orders, description: "new" });
  const values = () => catalog.partitions("lake", "orders").map((partition) => partition.values[0]);
  assert.deepEqual(values(), ["1", "2"]);
  assert.equal(catalog.partition("lake", "orders", ["2"])?.location, "s3://bucket/orders/dt=2/");

  const cyclic: Record<string, unknown> = {};
  cyclic.self = cyclic;
  const broken = { ...day("4"), parameters: cyclic as Record<string, string> };
  assert.throws(() => catalog.putPartitions("lake", "orders", [day("3"), broken]));
  assert.deepEqual(values(), ["1", "2"]);
  assert.equal(catalog.deletePartition("lake", "orders", ["1"]), true);
  assert.equal(catalog.deletePartition("lake", "orders", ["1"]), false);
  assert.deepEqual(values(), ["2"]);

  assert.equal(catalog.deleteTable("lake", "orders"), true);
  catalog.putTable("lake", orders);
  assert.deepEqual(values(), []);
  catalog.end();
});

test("what has no database or no table cannot be put", () => {
  const catalog = openCatalog(temporaryDirectory());
  assert.throws(() => catalog.putTable("lake", orders), /there is no database "lake"/);
  catalog.putDatabase({ name: "lake" });
  assert.throws(() => catalog.putPartitions("lake", "orders", [day("1")]), /there is no such table in database "lake"/);
  catalog.end();
});

test("the catalogue is on disk", () => {
  const directory = temporaryDirectory();
  const first = openCatalog(directory);
  first.putDatabase({ name: "lake", description: "of the tests" });
  first.putTable("lake", orders);
  first.putPartitions("lake", "orders", [day("1")]);
  const before = [first.databases(), first.tables("lake"), first.partitions("lake", "orders")];
  first.end();
  const second = openCatalog(directory);
  assert.deepEqual([second.databases(), second.tables("lake"), second.partitions("lake", "orders")], before);
  second.end();
});
