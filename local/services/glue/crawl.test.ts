import assert from "node:assert/strict";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { type TestContext, test } from "node:test";
import {
  GetCrawlerCommand,
  GetCrawlerMetricsCommand,
  GetCrawlersCommand,
  GetTableCommand,
  StartCrawlerCommand,
  StopCrawlerCommand,
} from "@aws-sdk/client-glue";
import { duckdbType, glueType } from "../../../schemas/column-types";
import { datasetsOf, systemNames } from "../../../schemas/datasets";
import { temporaryDirectory } from "../../temporary-directory";
import { Bucket, database, glueBehindDoor, stable, updating } from "./fixture";

const day = "SELECT 1::BIGINT AS id, 9.50::DECIMAL(12,2) AS price";

test("a crawler makes a table of a folder, named after it, and a partition of each of its Hive folders", async (t) => {
  const { put, crawler, crawl, tables, partitions, client } = await glueBehindDoor(t);
  await put("Sales-Daily/dt=2026-03-01/a.parquet", day);
  await put("Sales-Daily/dt=2026-03-02/a.parquet", `${day} UNION ALL ${day}`);
  await put("beside/a.parquet", day);
  crawler("Sales-Daily/");

  assert.deepEqual(await crawl(), { state: "READY", status: "SUCCEEDED", error: undefined });
  assert.deepEqual(await tables(), ["shop_sales_daily: id bigint, price decimal(12,2) | dt string"]);
  assert.deepEqual(await partitions("shop_sales_daily"), [
    `2026-03-01 at s3://${Bucket}/Sales-Daily/dt=2026-03-01/: id bigint, price decimal(12,2)`,
    `2026-03-02 at s3://${Bucket}/Sales-Daily/dt=2026-03-02/: id bigint, price decimal(12,2)`,
  ]);
  const { Table } = await client.send(new GetTableCommand({ DatabaseName: database, Name: "shop_sales_daily" }));
  const { classification, objectCount, recordCount, UPDATED_BY_CRAWLER } = Table?.Parameters ?? {};
  assert.deepEqual([classification, objectCount, recordCount, UPDATED_BY_CRAWLER], ["parquet", "2", "3", "tests"]);
  assert.equal(Table?.StorageDescriptor?.Location, `s3://${Bucket}/Sales-Daily/`);
  assert.equal(
    Table?.StorageDescriptor?.SerdeInfo?.SerializationLibrary,
    "org.apache.hadoop.hive.ql.io.parquet.serde.ParquetHiveSerDe",
  );
});

test("the datasets of every system are crawled to the types that they are defined with", async (t) => {
  const { put, crawler, crawl, glue } = await glueBehindDoor(t);
  for (const system of systemNames) {
    const datasets = Object.entries(datasetsOf(system));
    for (const [name, { columns, partitioned }] of datasets) {
      const nothing = Object.entries(columns).map(([column, { type }]) => `NULL::${duckdbType(type)} AS ${column}`);
      await put(`${name}/${partitioned ? "dt=2026-03-01/" : ""}${name}.parquet`, `SELECT ${nothing.join(", ")}`);
    }
    crawler("", {
      targets: datasets.map(([name]) => ({ path: `s3://${Bucket}/${name}/`, exclusions: [] })),
      tablePrefix: `${system.replaceAll("-", "_")}_`,
    });
    assert.equal((await crawl()).error, undefined);
    for (const [name, { columns, partitioned }] of datasets) {
      const table = glue.catalog.table(database, `${system.replaceAll("-", "_")}_${name}`);
      assert.deepEqual(
        table?.columns.map((column) => [column.name, column.type]),
        Object.entries(columns).map(([column, { type }]) => [column, glueType(type)]),
      );
      assert.deepEqual(table?.partitionKeys, partitioned ? [{ name: "dt", type: "string" }] : []);
    }
  }
});

test("a table gains the columns of new files, and so do its partitions; what a file lacks stays in the table", async (t) => {
  const { put, crawler, crawl, tables, partitions, client } = await glueBehindDoor(t);
  await put("sales/dt=1/a.parquet", "SELECT 1 AS id, 'x' AS note");
  crawler("sales/");
  await crawl();
  await put("sales/dt=2/a.parquet", "SELECT 1 AS id, 2.5::DOUBLE AS rate");
  await crawl();

  assert.deepEqual(await tables(), ["shop_sales: id int, note string, rate double | dt string"]);
  assert.deepEqual(await partitions("shop_sales"), [
    `1 at s3://${Bucket}/sales/dt=1/: id int, note string, rate double`,
    `2 at s3://${Bucket}/sales/dt=2/: id int, note string, rate double`,
  ]);
  const { CrawlerMetricsList } = await client.send(new GetCrawlerMetricsCommand({ CrawlerNameList: ["tests"] }));
  const [metrics] = CrawlerMetricsList ?? [];
  assert.deepEqual([metrics?.TablesCreated, metrics?.TablesUpdated], [0, 1]);

  await crawl();
  const [after] =
    (await client.send(new GetCrawlerMetricsCommand({ CrawlerNameList: ["tests"] }))).CrawlerMetricsList ?? [];
  assert.deepEqual([after?.TablesCreated, after?.TablesUpdated], [0, 0], "what is as it was is not updated");
});

test("a column that becomes another type keeps its own, and the log says so", async (t) => {
  const { put, crawler, crawl, tables, lines } = await glueBehindDoor(t);
  await put("sales/a.parquet", "SELECT 1::BIGINT AS id");
  crawler("sales/");
  await crawl();
  await put("sales/a.parquet", "SELECT 'one' AS id");
  await crawl();

  assert.deepEqual(await tables(), ["shop_sales: id bigint"]);
  assert.match(lines.join("\n"), /WARN : Table shop_sales keeps a type .*id stays bigint: it is string in the data/);
});

test("without MergeNewColumns a table becomes what its files are, and a partition has its own columns", async (t) => {
  const { put, crawler, crawl, tables, partitions } = await glueBehindDoor(t);
  await put("sales/dt=1/a.parquet", "SELECT 1::BIGINT AS id, 'x' AS note");
  crawler("sales/", { configuration: updating });
  await crawl();
  await put("sales/dt=1/a.parquet", "SELECT 1::INTEGER AS id");
  await put("sales/dt=2/a.parquet", "SELECT 1::INTEGER AS id, 2 AS more");
  await crawl();

  assert.deepEqual(await tables(), ["shop_sales: id int, more int | dt string"]);
  assert.deepEqual(await partitions("shop_sales"), [
    `1 at s3://${Bucket}/sales/dt=1/: id int`,
    `2 at s3://${Bucket}/sales/dt=2/: id int, more int`,
  ]);
});

test("a crawler that may only log changes creates new partitions and leaves the table", async (t) => {
  const { put, crawler, crawl, tables, partitions, lines } = await glueBehindDoor(t);
  await put("sales/dt=1/a.parquet", "SELECT 1 AS id");
  crawler("sales/", { updateBehavior: "LOG" });
  await crawl();
  await put("sales/dt=2/a.parquet", "SELECT 1 AS id, 2 AS more");
  await crawl();

  assert.deepEqual(await tables(), ["shop_sales: id int | dt string"]);
  assert.equal((await partitions("shop_sales")).length, 2);
  assert.match(lines.join("\n"), /Table shop_sales is not updated/);
});

test("files of one table that differ in a type have one that holds both, and the log says so", async (t) => {
  const { put, crawler, crawl, tables, lines } = await glueBehindDoor(t);
  await put("sales/a.parquet", "SELECT 1::INTEGER AS id, 1 AS code");
  await put("sales/b.parquet", "SELECT 1::BIGINT AS id, 'x' AS code");
  crawler("sales/");
  await crawl();

  assert.deepEqual(await tables(), ["shop_sales: id bigint, code string"]);
  assert.match(lines.join("\n"), /WARN : .*code: int and string become string/);
});

test("an empty target makes no table and is no failure", async (t) => {
  const { crawler, crawl, tables, lines } = await glueBehindDoor(t);
  crawler("sales/");
  assert.deepEqual(await crawl(), { state: "READY", status: "SUCCEEDED", error: undefined });
  assert.deepEqual(await tables(), []);
  assert.match(lines.join("\n"), /Nothing lies in s3:\/\/prod\/sales\//);
});

test("a dataset that disappears stays in the catalogue, is marked or goes, as the policy says", async (t) => {
  const { put, remove, crawler, crawl, tables, partitions, lines, glue } = await glueBehindDoor(t);
  await put("sales/dt=1/a.parquet", "SELECT 1 AS id");
  await put("sales/dt=2/a.parquet", "SELECT 1 AS id");
  crawler("sales/");
  await crawl();

  await remove("sales/dt=2/a.parquet");
  await crawl();
  assert.equal((await partitions("shop_sales")).length, 2);
  assert.match(lines.join("\n"), /Partition 2 of table shop_sales has no files any more, and the policy is LOG/);

  await remove("sales/dt=1/a.parquet");
  await crawl();
  assert.deepEqual(await tables(), ["shop_sales: id int | dt string"]);
  assert.match(lines.join("\n"), /Table shop_sales has no files any more, and the policy is LOG/);

  crawler("sales/", { deleteBehavior: "DEPRECATE_IN_DATABASE" });
  await crawl();
  assert.ok(glue.catalog.table(database, "shop_sales")?.parameters.DEPRECATED_BY_CRAWLER);

  await put("sales/dt=1/a.parquet", "SELECT 1 AS id");
  await crawl();
  assert.equal(glue.catalog.table(database, "shop_sales")?.parameters.DEPRECATED_BY_CRAWLER, undefined, "it is back");

  crawler("sales/", { deleteBehavior: "DELETE_FROM_DATABASE" });
  await crawl();
  assert.equal((await partitions("shop_sales")).length, 1);
  await remove("sales/dt=1/a.parquet");
  await crawl();
  assert.deepEqual(await tables(), []);
});

test("a crawler does not run twice at once, and can be stopped; two crawlers run at once", async (t) => {
  const s3 = await silentServer(t);
  const { crawler, client, glue, tables } = await glueBehindDoor(t, { endpoint: s3.url });
  crawler("sales/");
  crawler("stock/", { name: "other" });
  const start = (Name: string) => client.send(new StartCrawlerCommand({ Name }));
  const stop = (Name: string) => client.send(new StopCrawlerCommand({ Name }));
  const states = async () => (await client.send(new GetCrawlersCommand({}))).Crawlers?.map(({ State }) => State);

  await assert.rejects(stop("tests"), { name: "CrawlerNotRunningException" });
  await Promise.all([start("tests"), start("other")]);
  await assert.rejects(start("tests"), { name: "CrawlerRunningException" });
  assert.deepEqual(await states(), ["RUNNING", "RUNNING"]);
  await stop("tests");
  await stop("other");
  await glue.idle();
  assert.deepEqual(await states(), ["READY", "READY"]);
  const { Crawler } = await client.send(new GetCrawlerCommand({ Name: "tests" }));
  assert.equal(Crawler?.LastCrawl?.Status, "CANCELLED");
  assert.deepEqual(await tables(), []);
});

/** Takes every request and answers none. */
async function silentServer(t: TestContext) {
  const server = createServer(() => undefined);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  t.after(() => server.closeAllConnections());
  t.after(() => server.close());
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
}

test("a crawl does what the crawler's role may do, and fails with what it may not", async (t) => {
  const { put, crawler, crawl, tables, lines, record } = await glueBehindDoor(t);
  await put("sales/a.parquet", "SELECT 1 AS id");
  const list = { Effect: "Allow", Action: "s3:ListBucket", Resource: `arn:aws:s3:::${Bucket}` } as const;
  const read = { Effect: "Allow", Action: "s3:GetObject", Resource: `arn:aws:s3:::${Bucket}/sales/*` } as const;
  const glue = "arn:aws:glue:eu-central-1:123456789012";
  const write = {
    Effect: "Allow",
    Action: ["glue:GetDatabase", "glue:GetTable", "glue:CreateTable"],
    Resource: [`${glue}:catalog`, `${glue}:database/lake`, `${glue}:table/lake/shop_*`],
  } as const;

  for (const [policy, lacks] of [
    [[read, write], /Cannot crawl s3:\/\/prod\/sales\/: AccessDenied: .*s3:ListBucket/],
    [[list, write], /Cannot crawl s3:\/\/prod\/sales\/: AccessDenied: .*s3:GetObject/],
    [[list, read], /AccessDeniedException: .*glue:GetDatabase on resource: "arn:aws:glue:[^"]*:catalog"/],
    [
      [list, read, { ...write, Resource: write.Resource.slice(0, 2) }],
      /glue:GetTable on resource: ".*:table\/lake\/shop_sales"/,
    ],
  ] as const) {
    crawler("sales/", { policy });
    const { state, status, error } = await crawl();
    assert.deepEqual([state, status], ["READY", "FAILED"]);
    assert.match(error ?? "", lacks);
    assert.match(lines.at(-1) ?? "", lacks);
    assert.deepEqual(await tables(), []);
  }
  crawler("sales/", { policy: [list, read, write] });
  assert.equal((await crawl()).status, "SUCCEEDED");
  const crawls = record.entries.filter(({ operation }) => operation === "Crawl");
  assert.deepEqual(
    crawls.map(({ outcome }) => outcome),
    ["FAILED", "FAILED", "FAILED", "FAILED", "ok"],
  );
});

test("a file that is not Parquet fails the crawl by its name, and nothing is written", async (t) => {
  const { put, putText, remove, crawler, crawl, tables } = await glueBehindDoor(t);
  await put("sales/a.parquet", "SELECT 1 AS id");
  crawler("sales/");
  for (const [key, body] of [
    ["sales/b.csv", "id\n1\n"],
    ["sales/b.json", '{"id":1}'],
    ["sales/b.parquet", "PAR1PAR1"],
    ["sales/b.parquet", "PAR1"],
    ["sales/b.parquet", `PAR1${"x".repeat(100)}PAR1`],
  ] as const) {
    await putText(key, body);
    const { status, error } = await crawl();
    assert.equal(status, "FAILED");
    assert.match(error ?? "", new RegExp(`"s3://prod/${key}" is no Parquet: .*not imitated`));
    await remove(key);
  }
  await put("sales/b.parquet", "SELECT [1] AS list");
  assert.match((await crawl()).error ?? "", /column "list" is LIST, which is not imitated/);
  await put("sales/b.parquet", "SELECT TIME '10:00' AS at");
  assert.match((await crawl()).error ?? "", /column "at" is TIME_MICROS, which is not imitated/);
  assert.deepEqual(await tables(), []);
});

test("what is excluded, and what is empty, is not looked at", async (t) => {
  const { put, putText, crawler, crawl, tables } = await glueBehindDoor(t);
  await put("sales/dt=1/a.parquet", "SELECT 1 AS id");
  await putText("sales/_manifest.csv", "x");
  await putText("sales/dt=1/.marker", "x");
  await putText("sales/dt=1/b.parquet", "");
  crawler("", { targets: [{ path: `s3://${Bucket}/sales/`, exclusions: ["{_,.}**", "**/{_,.}**"] }] });
  assert.equal((await crawl()).error, undefined);
  assert.deepEqual(await tables(), ["shop_sales: id int | dt string"]);
});

test("a folder whose levels are not the table's is skipped, and the log says so", async (t) => {
  const { put, crawler, crawl, tables, partitions, lines } = await glueBehindDoor(t);
  await put("sales/dt=1/a.parquet", "SELECT 1 AS id");
  crawler("sales/");
  await crawl();
  for (const key of ["sales/day=2/a.parquet", "sales/day=3/a.parquet", "sales/a.parquet"]) {
    await put(key, "SELECT 1 AS id, 2 AS more");
  }
  assert.equal((await crawl()).status, "SUCCEEDED");
  assert.deepEqual(await tables(), ["shop_sales: id int | dt string"]);
  assert.equal((await partitions("shop_sales")).length, 1);
  assert.match(lines.join("\n"), /WARN : Folder partition keys do not match .* s3:\/\/prod\/sales\/day=2\//);
});

test("a table whose folders are all others stays what it was, whatever the policy", async (t) => {
  const { put, remove, crawler, crawl, tables } = await glueBehindDoor(t);
  await put("sales/dt=1/a.parquet", "SELECT 1 AS id");
  crawler("sales/", { configuration: updating, deleteBehavior: "DELETE_FROM_DATABASE" });
  await crawl();
  await remove("sales/dt=1/a.parquet");
  await put("sales/day=1/a.parquet", "SELECT 1 AS other");
  assert.equal((await crawl()).status, "SUCCEEDED");
  assert.deepEqual(await tables(), ["shop_sales: id int | dt string"]);
});

test("a folder that would be called like another's table gets a name of its own", async (t) => {
  const { put, crawler, crawl, tables } = await glueBehindDoor(t);
  await put("a/sales/a.parquet", "SELECT 1 AS id");
  await put("b/sales/a.parquet", "SELECT 'x' AS code");
  crawler("", {
    targets: ["a", "b"].map((folder) => ({ path: `s3://${Bucket}/${folder}/sales/`, exclusions: [] })),
  });
  await crawl();
  await crawl();
  const [first, second, ...more] = await tables();
  assert.equal(first, "shop_sales: id int");
  assert.match(second ?? "", /^shop_sales_[0-9a-f]{32}: code string$/);
  assert.deepEqual(more, []);
});

test("the level of the tables decides what is a table and what a partition", async (t) => {
  const { put, crawler, crawl, tables } = await glueBehindDoor(t);
  await put("eu/sales/2026/a.parquet", "SELECT 1 AS id");
  await put("eu/stock/2026/a.parquet", "SELECT 1 AS id");
  crawler("eu/", { configuration: { ...stable, Grouping: { ...stable.Grouping, TableLevelConfiguration: 3 } } });
  await crawl();
  assert.deepEqual(await tables(), [
    "shop_sales: id int | partition_0 string",
    "shop_stock: id int | partition_0 string",
  ]);
});

test("the catalogue and how the last crawl ended outlive a restart", async (t) => {
  const directory = temporaryDirectory();
  const first = await glueBehindDoor(t, { directory });
  await first.put("sales/dt=1/a.parquet", "SELECT 1 AS id");
  first.crawler("sales/");
  await first.crawl();
  const before = first.glue.catalog.table(database, "shop_sales");
  await first.end();

  const second = await glueBehindDoor(t, { directory });
  second.crawler("sales/");
  assert.deepEqual(second.glue.catalog.table(database, "shop_sales"), before);
  assert.equal((await second.partitions("shop_sales")).length, 1);
  const { Crawler } = await second.client.send(new GetCrawlerCommand({ Name: "tests" }));
  assert.deepEqual([Crawler?.State, Crawler?.LastCrawl?.Status], ["READY", "SUCCEEDED"]);
});

test("a crawl that the end of the process broke off begins anew at the next start", async (t) => {
  const directory = temporaryDirectory();
  const s3 = await silentServer(t);
  const first = await glueBehindDoor(t, { directory, endpoint: s3.url });
  await first.put("sales/a.parquet", "SELECT 1 AS id");
  first.crawler("sales/");
  await first.client.send(new StartCrawlerCommand({ Name: "tests" }));
  await first.end();

  const second = await glueBehindDoor(t, { directory });
  second.crawler("sales/");
  assert.deepEqual(await second.tables(), []);
  second.glue.resume();
  await second.glue.idle();
  assert.deepEqual(await second.tables(), ["shop_sales: id int"]);
});

test("a crawler that would do something else than here is refused when it is deployed", async (t) => {
  const { crawler } = await glueBehindDoor(t);
  for (const [configuration, what] of [
    [{ Version: 1 }, /grouping by the likeness of schemas/],
    [{ ...stable, Version: 2 }, /configuration version 2/],
    [{ ...stable, CreatePartitionIndex: true }, /an index of partitions/],
    [{ ...stable, TableThreshold: 3 }, /"TableThreshold" in its configuration/],
    [{ ...stable, Grouping: { ...stable.Grouping, TableLevelConfiguration: 0 } }, /table level 0/],
    [{ ...stable, CrawlerOutput: { Tables: { TableThreshold: 1 } } }, /"TableThreshold" in its configuration/],
    [{ ...stable, CrawlerOutput: { Partitions: { AddOrUpdateBehavior: "Guess" } } }, /Guess of partitions/],
  ] as const) {
    assert.throws(() => crawler("sales/", { configuration }), what);
  }
});
