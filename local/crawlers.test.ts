// The crawlers of the program on the embedded AWS, each with the rights that the program gives its role.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { before, test } from "node:test";
import { GetTableCommand, GetTablesCommand, GlueClient, StartCrawlerCommand } from "@aws-sdk/client-glue";
import { PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { DuckDBInstance } from "@duckdb/node-api";
import { duckdbType, glueType } from "../schemas/column-types";
import { athenaTable, datasetsOf, type System, systemNames } from "../schemas/datasets";
import { literal } from "../schemas/sql-text";
import { tableNames } from "../schemas/tables";
import { analytics } from "../stacks/analytics";
import { operations } from "../stacks/operations";
import { readSettings } from "../stacks/settings";
import { DataBucket } from "../stage/data-bucket";
import { type Evaluation, evaluate } from "../stage/evaluation/evaluate";
import { startCloud } from "./cloud";
import { temporaryDirectory } from "./temporary-directory";

const DatabaseName = "tributary_dev";
let program: Evaluation;

before(async () => {
  const evaluated = await evaluate({
    stack: "dev",
    program: async () => {
      const settings = readSettings();
      const platform = operations(settings);
      const curated = new DataBucket("curated", platform, { dataClass: "internal" });
      const { prodBuckets } = analytics(platform, { curated }, settings);
      return { prodBuckets };
    },
  });
  // Athena has tests of its own.
  program = { ...evaluated, resources: evaluated.resources.filter(({ type }) => !type.startsWith("aws:athena/")) };
});

test("every crawler finds the datasets of its system, once, and the catalogue outlives a restart", async () => {
  const directory = temporaryDirectory();
  const first = await startCloud(program, { directory });
  const glue = new GlueClient({ endpoint: first.url, region: first.region, credentials: first.operator });
  const { TableList: known } = await glue.send(new GetTablesCommand({ DatabaseName }));
  assert.deepEqual(known?.map(({ Name }) => Name).sort(), tableNames.map((name) => `curated_${name}`).sort());

  for (const system of systemNames) await publish(first, system);
  await Promise.all(
    crawlersOf(program).map(({ outputs }) => glue.send(new StartCrawlerCommand({ Name: String(outputs.name) }))),
  );
  await first.idle();
  const crawls = first.journal.entries.filter(({ operation }) => operation === "Crawl");
  assert.deepEqual(
    crawls.map(({ outcome, detail }) => detail?.message ?? outcome),
    systemNames.map(() => "ok"),
  );
  for (const system of systemNames) {
    for (const [name, { columns, partitioned }] of Object.entries(datasetsOf(system))) {
      const { Table } = await glue.send(new GetTableCommand({ DatabaseName, Name: athenaTable(system, name) }));
      assert.deepEqual(
        Table?.StorageDescriptor?.Columns,
        Object.entries(columns).map(([Name, { type }]) => ({ Name, Type: glueType(type) })),
      );
      assert.deepEqual(Table?.PartitionKeys, partitioned ? [{ Name: "dt", Type: "string" }] : []);
    }
  }
  assert.match(first.logs.tail("/aws-glue/crawlers", 200).join("\n"), /Created table market_intelligence_sales_daily/);
  const before = first.glue.catalog.tables(DatabaseName);
  await first.end();

  const second = await startCloud(program, { directory });
  assert.deepEqual(second.glue.catalog.tables(DatabaseName), before);
  assert.equal(second.glue.catalog.partitions(DatabaseName, "market_intelligence_sales_daily").length, 2);
  await second.end();
});

test("a crawler whose policy lacks a right fails, and says which", async () => {
  const resources = program.resources.map((it) =>
    it.type === "aws:iam/rolePolicy:RolePolicy" && it.name === "market-intelligence-crawler"
      ? without(it, "s3:GetObject")
      : it,
  );
  const cloud = await startCloud({ ...program, resources });
  await publish(cloud, "market-intelligence");
  const name = String(crawlersOf(program).find((it) => it.name === "market-intelligence")?.outputs.name);
  const glue = new GlueClient({ endpoint: cloud.url, region: cloud.region, credentials: cloud.operator });
  await glue.send(new StartCrawlerCommand({ Name: name }));
  await cloud.idle();
  const [crawl] = cloud.journal.entries.filter(({ operation }) => operation === "Crawl");
  assert.equal(crawl?.outcome, "FAILED");
  assert.match(String(crawl?.detail?.message), /market-intelligence-crawler.* s3:GetObject /);
  assert.match(cloud.logs.tail("/aws-glue/crawlers", 1).join(), /ERROR : Cannot crawl s3:.*AccessDenied/);
  await cloud.end();
});

const crawlersOf = ({ resources }: Evaluation) => resources.filter(({ type }) => type === "aws:glue/crawler:Crawler");

/** The resource with a policy that does not name `action` any more. */
function without(resource: Evaluation["resources"][number], action: string) {
  const policy = String(resource.inputs.policy).replaceAll(`"${action}",`, "");
  const inputs = { ...resource.inputs, policy };
  return { ...resource, inputs, outputs: { ...resource.outputs, ...inputs } };
}

/** Puts a row of every dataset, and a file of the system's state beside them, which is no crawler's business. */
async function publish(cloud: { url: string; region: string; operator: S3Credentials }, system: System): Promise<void> {
  const s3 = new S3Client({ endpoint: cloud.url, region: cloud.region, credentials: cloud.operator });
  const Bucket = (program.outputs.prodBuckets as Record<System, string>)[system];
  const db = await (await DuckDBInstance.create(":memory:")).connect();
  const file = join(temporaryDirectory(), "dataset.parquet");
  for (const [name, { columns, partitioned }] of Object.entries(datasetsOf(system))) {
    const values = Object.entries(columns).map(
      ([column, { type }]) => `CAST(NULL AS ${duckdbType(type)}) AS ${column}`,
    );
    await db.run(`COPY (SELECT ${values.join(", ")}) TO ${literal(file)} (FORMAT parquet)`);
    for (const folder of partitioned ? ["dt=2026-03-01/", "dt=2026-03-02/"] : [""]) {
      await s3.send(
        new PutObjectCommand({ Bucket, Key: `${name}/${folder}${name}.parquet`, Body: readFileSync(file) }),
      );
    }
  }
  await s3.send(new PutObjectCommand({ Bucket, Key: "state/orders.json", Body: Buffer.from("{}") }));
  db.closeSync();
}

interface S3Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}
