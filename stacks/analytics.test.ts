// The shape of the analytics: what Athena is told, what is crawled by whom, who may query.

import assert from "node:assert/strict";
import { before, test } from "node:test";
import { glueType } from "../schemas/column-types";
import { curatedTypes } from "../schemas/curated-columns";
import { athenaTable, datasetsOf, systemNames } from "../schemas/datasets";
import { tableNames, tables } from "../schemas/tables";
import { DataBucket } from "../stage/data-bucket";
import { type Evaluation, evaluate, type Registered } from "../stage/evaluation/evaluate";
import { crawl, policyOf, query } from "../stage/permissions";
import { analytics } from "./analytics";
import { operations } from "./operations";
import { allows, list } from "./rules/policy";
import { readSettings } from "./settings";

let program: Evaluation;

before(async () => {
  program = await evaluate({
    stack: "dev",
    program: async () => {
      const settings = readSettings();
      const platform = operations(settings);
      const curated = new DataBucket("curated", platform, { dataClass: "internal" });
      const made = analytics(platform, { curated }, settings);
      return {
        mayQuery: policyOf([query(made)]),
        mayCrawl: policyOf([crawl(made.systems["market-intelligence"].crawler)]),
        prodBuckets: made.prodBuckets,
      };
    },
  });
});

/** The resource of that type and name; a type is told by its end, `Bucket`. */
function registered(type: string, name: string): Registered {
  const found = program.resources.find((it) => it.type.endsWith(`:${type}`) && it.name === name);
  assert.ok(found, `there is a ${type} "${name}"`);
  return found;
}

const ofType = (type: string) => program.resources.filter((it) => it.type.endsWith(`:${type}`));
const bucketOf = (name: string) => String(registered("Bucket", name).outputs.bucket);
const may = (policy: unknown) =>
  allows({ inputs: { policy } }).map(
    ({ Action, Resource }) => `${list(Action).join(" ")} on ${list(Resource).join(" ")}`,
  );

test("there is one database, with a name that Athena takes", () => {
  assert.deepEqual(
    ofType("CatalogDatabase").map(({ outputs }) => outputs.name),
    ["tributary_dev"],
  );
});

test("every table of the shop is a table of the catalogue, with the columns that raw-to-curated writes", () => {
  const defined = ofType("CatalogTable").map(({ inputs }) => inputs as unknown as Defined);
  assert.deepEqual(defined.map(({ name }) => name).sort(), tableNames.map((name) => `curated_${name}`).sort());
  for (const name of tableNames) {
    const { storageDescriptor } = defined.find((it) => it.name === `curated_${name}`) ?? assert.fail(name);
    assert.deepEqual(
      storageDescriptor.columns,
      Object.entries(curatedTypes(tables[name])).map(([column, type]) => ({ name: column, type: glueType(type) })),
    );
  }
});

interface Defined {
  readonly name: string;
  readonly storageDescriptor: { readonly columns: readonly unknown[] };
}

test("no card number, CVV or social security number is a column of the catalogue", () => {
  const columns = JSON.stringify(ofType("CatalogTable").map(({ inputs }) => inputs.storageDescriptor));
  for (const hidden of ["card_number", "card_cvv", '"ssn"']) assert.ok(!columns.includes(hidden), hidden);
  assert.ok(columns.includes("card_token") && columns.includes("ssn_last4"));
});

test("partitions are worked out by day, or by month where the files are by month, from the first day of the history on", () => {
  const parametersOf = (name: string) => registered("CatalogTable", name).inputs.parameters as Record<string, string>;
  const orders = parametersOf("curated-orders");
  assert.equal(orders["projection.dt.interval.unit"], "DAYS");
  assert.equal(parametersOf("curated-customers")["projection.dt.interval.unit"], "MONTHS");
  assert.equal(orders["projection.dt.range"], "2020-01-01,NOW+1YEARS");

  assert.equal(orders["storage.location.template"], `s3://${bucketOf("curated")}/curated/orders/dt=$\{dt}/`);
});

test("every system has a prod bucket, and a crawler with one target for each of its datasets", () => {
  assert.deepEqual(
    ofType("Crawler").map(({ name }) => name),
    systemNames,
  );
  for (const system of systemNames) {
    const { s3Targets, tablePrefix, schedule } = registered("Crawler", system).inputs;
    assert.deepEqual(
      (s3Targets as { path: string }[]).map(({ path }) => path),
      Object.keys(datasetsOf(system)).map((dataset) => `s3://${bucketOf(system)}/${dataset}/`),
    );
    for (const dataset of Object.keys(datasetsOf(system))) {
      assert.equal(athenaTable(system, dataset), `${tablePrefix}${dataset}`);
    }
    assert.equal(schedule, undefined);
  }
  assert.deepEqual(program.outputs.prodBuckets, Object.fromEntries(systemNames.map((name) => [name, bucketOf(name)])));
});

test("a crawler reads its datasets, not the system's state and nobody else's bucket, and writes its own tables", () => {
  const { policy } = registered("RolePolicy", "demand-insights-crawler").inputs;
  const bucket = registered("Bucket", "demand-insights").outputs.arn;
  const glue = "arn:aws:glue:eu-central-1:123456789012";
  const writes =
    "glue:GetDatabase glue:GetTable glue:GetTables glue:CreateTable glue:UpdateTable glue:GetPartition glue:GetPartitions " +
    "glue:BatchGetPartition glue:CreatePartition glue:BatchCreatePartition glue:UpdatePartition glue:BatchUpdatePartition";
  assert.deepEqual(may(policy), [
    `s3:GetObject s3:GetObjectVersion on ${bucket}/model_card/*`,
    `s3:ListBucket on ${bucket}`,
    `${writes} on ${glue}:catalog`,
    `${writes} on ${glue}:database/tributary_dev`,
    `${writes} on ${glue}:table/tributary_dev/demand_insights_*`,
    "logs:CreateLogGroup logs:CreateLogStream logs:PutLogEvents logs:AssociateKmsKey on " +
      "arn:aws:logs:eu-central-1:123456789012:log-group:/aws-glue/crawlers*",
  ]);
});

test("the workgroup has its own limit, engine and results, and nobody can set others", () => {
  const { name, configuration, forceDestroy } = registered("Workgroup", "analytics").inputs;
  assert.deepEqual(
    { name, configuration, forceDestroy },
    {
      name: "tributary-dev",
      forceDestroy: true,
      configuration: {
        enforceWorkgroupConfiguration: true,
        publishCloudwatchMetricsEnabled: true,
        bytesScannedCutoffPerQuery: 10_485_760_000,
        engineVersion: { selectedEngineVersion: "Athena engine version 3" },
        resultConfiguration: {
          outputLocation: `s3://${bucketOf("athena-results")}/`,
          encryptionConfiguration: { encryptionOption: "SSE_S3" },
        },
      },
    },
  );
  const [, expire] = registered("BucketLifecycleConfiguration", "athena-results").inputs.rules as object[];
  assert.deepEqual((expire as { expiration: object }).expiration, { days: 7 });
});

test("whoever may query may do so in that workgroup and database, read the catalogue, write results, and no more", () => {
  const glue = "arn:aws:glue:eu-central-1:123456789012";
  const reads = "glue:GetTable glue:GetTables glue:GetPartitions";
  const results = registered("Bucket", "athena-results").outputs.arn;
  assert.deepEqual(may(program.outputs.mayQuery), [
    "athena:StartQueryExecution athena:GetQueryExecution athena:GetQueryResults athena:StopQueryExecution on " +
      "arn:aws:athena:eu-central-1:123456789012:workgroup/tributary-dev",
    `glue:GetDatabase on ${glue}:catalog`,
    `glue:GetDatabase on ${glue}:database/tributary_dev`,
    `glue:GetDatabase on ${glue}:database/default`,
    `${reads} on ${glue}:catalog`,
    `${reads} on ${glue}:database/tributary_dev`,
    `${reads} on ${glue}:table/tributary_dev/*`,
    `s3:GetObject s3:PutObject s3:AbortMultipartUpload s3:ListMultipartUploadParts on ${results}/*`,
    `s3:ListBucket s3:GetBucketLocation s3:ListBucketMultipartUploads on ${results}`,
  ]);
});

test("whoever may start a crawler may start that one", () => {
  const { arn } = registered("Crawler", "market-intelligence").outputs;
  assert.deepEqual(may(program.outputs.mayCrawl), [`glue:StartCrawler glue:GetCrawler on ${arn}`]);
});

test("every named query is asked of the database in the workgroup", () => {
  const queries = ofType("NamedQuery");
  assert.ok(queries.length >= 8);
  for (const { inputs } of queries) {
    assert.deepEqual([inputs.workgroup, inputs.database], ["tributary-dev", "tributary_dev"]);
  }
});
