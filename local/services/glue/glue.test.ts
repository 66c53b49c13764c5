// Glue's API over the real door, for the unmodified client.

import assert from "node:assert/strict";
import { test } from "node:test";
import {
  BatchCreatePartitionCommand,
  BatchGetPartitionCommand,
  CreateCrawlerCommand,
  CreateDatabaseCommand,
  CreatePartitionCommand,
  CreateTableCommand,
  DeleteTableCommand,
  GetCrawlerCommand,
  GetDatabaseCommand,
  GetDatabasesCommand,
  GetPartitionCommand,
  GetPartitionsCommand,
  GetTableCommand,
  GetTablesCommand,
  GlueClient,
  StartCrawlerCommand,
  type StorageDescriptor,
  type TableInput,
  UpdateTableCommand,
} from "@aws-sdk/client-glue";
import { database as DatabaseName, glueBehindDoor } from "./fixture";

const storage = (folder: string): StorageDescriptor => ({
  Columns: [
    { Name: "id", Type: "bigint", Comment: "of the shop" },
    { Name: "note", Type: "string" },
  ],
  Location: `s3://bucket/${folder}/`,
  InputFormat: "in",
  OutputFormat: "out",
  SerdeInfo: { SerializationLibrary: "serde", Parameters: { "serialization.format": "1" } },
});

const table = (Name: string): TableInput => ({
  Name,
  Description: "made by hand",
  TableType: "EXTERNAL_TABLE",
  PartitionKeys: [{ Name: "dt", Type: "string" }],
  Parameters: { classification: "parquet" },
  StorageDescriptor: storage(Name),
});

const partition = (day: string) => ({ Values: [day], StorageDescriptor: storage(`orders/dt=${day}`) });

test("a table is created, found in lower case, updated and deleted", async (t) => {
  const { client } = await glueBehindDoor(t);
  await client.send(new CreateTableCommand({ DatabaseName, TableInput: table("Orders") }));
  await assert.rejects(client.send(new CreateTableCommand({ DatabaseName, TableInput: table("orders") })), {
    name: "AlreadyExistsException",
  });

  const { Table } = await client.send(new GetTableCommand({ DatabaseName, Name: "ORDERS" }));
  assert.equal(Table?.Name, "orders");
  assert.deepEqual(Table?.PartitionKeys, [{ Name: "dt", Type: "string" }]);
  assert.deepEqual(Table?.StorageDescriptor?.Columns, storage("x").Columns);
  assert.equal(Table?.StorageDescriptor?.Location, "s3://bucket/Orders/");
  assert.ok(Table?.CreateTime instanceof Date && Table.CreateTime.getFullYear() >= 2026);

  // As a client changes a table: what it was given, with one thing another.
  const { DatabaseName: _d, CreateTime, UpdateTime, CatalogId, IsRegisteredWithLakeFormation, ...given } = Table ?? {};
  const TableInput = { ...given, Name: "orders", Description: "changed" };
  await client.send(new UpdateTableCommand({ DatabaseName, TableInput }));
  assert.equal(
    (await client.send(new GetTableCommand({ DatabaseName, Name: "orders" }))).Table?.Description,
    "changed",
  );

  await client.send(new DeleteTableCommand({ DatabaseName, Name: "orders" }));
  for (const command of [
    new GetTableCommand({ DatabaseName, Name: "orders" }),
    new DeleteTableCommand({ DatabaseName, Name: "orders" }),
    new UpdateTableCommand({ DatabaseName, TableInput }),
    new GetTableCommand({ DatabaseName: "nowhere", Name: "orders" }),
  ]) {
    await assert.rejects(client.send(command as GetTableCommand), { name: "EntityNotFoundException" });
  }
});

test("databases and tables are listed in pages, by name", async (t) => {
  const { client, glue } = await glueBehindDoor(t);
  glue.catalog.putDatabase({ name: "another" });
  for (const name of ["c", "a", "b"])
    await client.send(new CreateTableCommand({ DatabaseName, TableInput: table(name) }));

  const { DatabaseList } = await client.send(new GetDatabasesCommand({}));
  assert.deepEqual(
    DatabaseList?.map(({ Name }) => Name),
    ["another", DatabaseName],
  );
  const { Database } = await client.send(new GetDatabaseCommand({ Name: DatabaseName }));
  assert.equal(Database?.Description, "of the tests");

  const first = await client.send(new GetTablesCommand({ DatabaseName, MaxResults: 2 }));
  const second = await client.send(new GetTablesCommand({ DatabaseName, MaxResults: 2, NextToken: first.NextToken }));
  assert.deepEqual(
    [first, second].map(({ TableList }) => TableList?.map(({ Name }) => Name)),
    [["a", "b"], ["c"]],
  );
  assert.equal(second.NextToken, undefined);
  const some = await client.send(new GetTablesCommand({ DatabaseName, Expression: "[ab]|cc" }));
  assert.deepEqual(
    some.TableList?.map(({ Name }) => Name),
    ["a", "b"],
  );
});

test("partitions are created once, one by one or many at a time, and found by their values", async (t) => {
  const { client } = await glueBehindDoor(t);
  const of = { DatabaseName, TableName: "orders" };
  await client.send(new CreateTableCommand({ DatabaseName, TableInput: table("orders") }));
  await client.send(new CreatePartitionCommand({ ...of, PartitionInput: partition("2026-03-01") }));
  await assert.rejects(client.send(new CreatePartitionCommand({ ...of, PartitionInput: partition("2026-03-01") })), {
    name: "AlreadyExistsException",
  });
  const PartitionInputList = ["2026-03-01", "2026-03-02"].map(partition);
  const { Errors } = await client.send(new BatchCreatePartitionCommand({ ...of, PartitionInputList }));
  assert.deepEqual(
    Errors?.map(({ PartitionValues, ErrorDetail }) => [PartitionValues, ErrorDetail?.ErrorCode]),
    [[["2026-03-01"], "AlreadyExistsException"]],
  );
  await assert.rejects(
    client.send(new CreatePartitionCommand({ ...of, PartitionInput: { ...partition("x"), Values: ["x", "y"] } })),
    { name: "InvalidInputException" },
  );

  const { Partitions } = await client.send(new GetPartitionsCommand(of));
  assert.deepEqual(
    Partitions?.map(({ Values }) => Values),
    [["2026-03-01"], ["2026-03-02"]],
  );
  const bare = await client.send(new GetPartitionsCommand({ ...of, ExcludeColumnSchema: true }));
  assert.deepEqual(bare.Partitions?.[0]?.StorageDescriptor?.Columns, []);
  const { Partition } = await client.send(new GetPartitionCommand({ ...of, PartitionValues: ["2026-03-02"] }));
  assert.equal(Partition?.StorageDescriptor?.Location, "s3://bucket/orders/dt=2026-03-02/");
  const PartitionsToGet = ["never", "2026-03-01"].map((value) => ({ Values: [value] }));
  const some = await client.send(new BatchGetPartitionCommand({ ...of, PartitionsToGet }));
  assert.deepEqual(
    some.Partitions?.map(({ Values }) => Values),
    [["2026-03-01"]],
  );
  await assert.rejects(client.send(new GetPartitionCommand({ ...of, PartitionValues: ["never"] })), {
    name: "EntityNotFoundException",
  });
});

test("a caller needs the right on the catalogue, on the database and on the table", async (t) => {
  const { client, config } = await glueBehindDoor(t);
  await client.send(new CreateTableCommand({ DatabaseName, TableInput: table("orders") }));
  const arn = "arn:aws:glue:eu-central-1:123456789012";
  const resources = [`${arn}:catalog`, `${arn}:database/lake`, `${arn}:table/lake/orders`];
  const with_ = (Resource: string[]) =>
    new GlueClient(config([{ Effect: "Allow", Action: "glue:GetTable", Resource }])).send(
      new GetTableCommand({ DatabaseName, Name: "orders" }),
    );

  assert.equal((await with_(resources)).Table?.Name, "orders");
  for (const missing of resources) {
    const error = await with_(resources.filter((resource) => resource !== missing)).catch((refusal: Error) => refusal);
    assert.ok(error instanceof Error && error.name === "AccessDeniedException");
    assert.match(error.message, new RegExp(`glue:GetTable on resource: "${missing}"`));
  }
});

test("a crawler is started by whoever may start that one", async (t) => {
  const { crawler, config, glue } = await glueBehindDoor(t);
  crawler("sales/");
  crawler("stock/", { name: "other" });
  const Resource = "arn:aws:glue:eu-central-1:123456789012:crawler/tests";
  const stage = new GlueClient(
    config([{ Effect: "Allow", Action: ["glue:StartCrawler", "glue:GetCrawler"], Resource }]),
  );

  await stage.send(new StartCrawlerCommand({ Name: "tests" }));
  await glue.idle();
  const { Crawler } = await stage.send(new GetCrawlerCommand({ Name: "tests" }));
  assert.equal(Crawler?.LastCrawl?.LogGroup, "/aws-glue/crawlers");
  assert.deepEqual(Crawler?.Targets?.S3Targets, [{ Path: "s3://prod/sales/", Exclusions: [] }]);
  await assert.rejects(stage.send(new StartCrawlerCommand({ Name: "other" })), { name: "AccessDeniedException" });
  const operator = new GlueClient(config());
  await assert.rejects(operator.send(new StartCrawlerCommand({ Name: "nobody" })), { name: "EntityNotFoundException" });
});

test("what is not imitated is refused by name", async (t) => {
  const { client } = await glueBehindDoor(t);
  await client.send(new CreateTableCommand({ DatabaseName, TableInput: table("orders") }));
  const of = { DatabaseName, TableName: "orders" };
  const refusals = await Promise.all([
    client.send(new CreateDatabaseCommand({ DatabaseInput: { Name: "x" } })).catch(String),
    client.send(new CreateCrawlerCommand({ Name: "x", Role: "x", Targets: {} })).catch(String),
    client.send(new GetTableCommand({ DatabaseName, Name: "orders", QueryAsOfTime: new Date(0) })).catch(String),
    client.send(new GetTableCommand({ DatabaseName, Name: "orders", CatalogId: "999999999999" })).catch(String),
    client.send(new GetPartitionsCommand({ ...of, Expression: "dt = '1'" })).catch(String),
    client
      .send(new CreateTableCommand({ DatabaseName, TableInput: { ...table("v"), TableType: "VIRTUAL_VIEW" } }))
      .catch(String),
    client
      .send(
        new CreateTableCommand({
          DatabaseName,
          TableInput: {
            ...table("v"),
            StorageDescriptor: { ...storage("v"), SortColumns: [{ Column: "id", SortOrder: 1 }] },
          },
        }),
      )
      .catch(String),
  ]);
  assert.deepEqual(refusals, [
    "NotImplemented: CreateDatabase is not imitated",
    "NotImplemented: CreateCrawler is not imitated",
    "NotImplemented: GetTable with QueryAsOfTime is not imitated",
    "NotImplemented: Another account's catalogue (999999999999) is not imitated",
    "NotImplemented: GetPartitions with Expression is not imitated",
    "NotImplemented: TableType VIRTUAL_VIEW is not imitated",
    "NotImplemented: StorageDescriptor with SortColumns is not imitated",
  ]);
});

test("an input that lacks what it needs is invalid", async (t) => {
  const { client } = await glueBehindDoor(t);
  for (const command of [
    new CreateTableCommand({ DatabaseName, TableInput: { Name: "orders" } }),
    new CreateTableCommand({ DatabaseName, TableInput: { ...table("orders"), Name: "" } }),
    new GetTablesCommand({ DatabaseName, MaxResults: 0 }),
    new GetTablesCommand({ DatabaseName, NextToken: "x" }),
    new GetTablesCommand({ DatabaseName, Expression: "(" }),
  ]) {
    await assert.rejects(client.send(command as GetTablesCommand), { name: "InvalidInputException" });
  }
});
