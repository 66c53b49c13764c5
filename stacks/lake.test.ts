// The shape of the lake: who wakes whom, what each stage may touch, what the program gives out.

import assert from "node:assert/strict";
import { before, test } from "node:test";
import { systemNames } from "../schemas/datasets";
import { type Evaluation, evaluate, type Registered } from "../stage/evaluation/evaluate";
import { allows, list } from "./rules/policy";

let lake: Evaluation;

before(async () => {
  lake = await evaluate({ stack: "dev", program: async () => require("../index"), packages: "kept" });
});

/** The resource of that type and name; a type is told by its end, `Bucket`. */
function registered(type: string, name: string): Registered {
  const found = lake.resources.find((it) => it.type.endsWith(`:${type}`) && it.name === name);
  assert.ok(found, `there is a ${type} "${name}"`);
  return found;
}

test("the raw bucket wakes raw-to-curated, whatever the key, curated tells EventBridge, and no other of the lake's tells anybody", () => {
  const others = ["feeds", "collections-images"];
  const notifications = lake.resources
    .filter(({ type, name }) => type.endsWith(":BucketNotification") && !others.includes(name))
    // When a bucket's is registered depends on how long the functions that it tells take to be made.
    .sort((a, b) => a.name.localeCompare(b.name));
  assert.deepEqual(
    notifications.map(({ inputs }) => inputs),
    [
      { bucket: registered("Bucket", "curated").outputs.bucket, eventbridge: true },
      {
        bucket: registered("Bucket", "raw").outputs.bucket,
        lambdaFunctions: [
          {
            id: "raw-to-curated",
            lambdaFunctionArn: registered("Function", "raw-to-curated").outputs.arn,
            events: ["s3:ObjectCreated:*"],
            filterPrefix: "",
            filterSuffix: "",
          },
        ],
      },
    ],
  );
});

test("raw-to-curated may read raw, merge into curated/, fill the quarantine, read the card key, write audit rows, and no more", () => {
  const policy = registered("RolePolicy", "raw-to-curated");
  assert.equal(policy.inputs.role, registered("Role", "raw-to-curated").outputs.name);
  const may = allows(policy).map(({ Action, Resource }) => `${list(Action).join(" ")} on ${list(Resource).join(" ")}`);
  const arn = (type: string, name: string) => registered(type, name).outputs.arn;
  assert.deepEqual(may.sort(), [
    `dynamodb:PutItem on ${arn("Table", "audit")}`,
    `logs:CreateLogStream logs:PutLogEvents on ${arn("LogGroup", "raw-to-curated")}:*`,
    `s3:GetObject s3:GetObjectVersion on ${arn("Bucket", "curated")}/curated/*`,
    `s3:GetObject s3:GetObjectVersion on ${arn("Bucket", "raw")}/*`,
    `s3:ListBucket on ${arn("Bucket", "curated")}`,
    `s3:PutObject on ${arn("Bucket", "curated")}/curated/*`,
    `s3:PutObject on ${arn("Bucket", "quarantine")}/*`,
    `secretsmanager:GetSecretValue on ${arn("Secret", "card-token-key")}`,
    `sqs:SendMessage on ${arn("Queue", "raw-to-curated-dead-letters")}`,
    "xray:PutTraceSegments xray:PutTelemetryRecords on *",
  ]);
});

test("raw-to-curated has 3 GB, 15 minutes, 10 GB of disk and DuckDB", () => {
  const { memorySize, timeout, ephemeralStorage, layers } = registered("Function", "raw-to-curated").inputs;
  assert.deepEqual(
    { memorySize, timeout, ephemeralStorage, layers },
    {
      memorySize: 3_072,
      timeout: 900,
      ephemeralStorage: { size: 10_240 },
      layers: [registered("LayerVersion", "duckdb").outputs.arn],
    },
  );
});

test("raw-to-curated is told of its buckets, its table and its secret by name", () => {
  assert.deepEqual(registered("Function", "raw-to-curated").inputs.environment, {
    variables: {
      AUDIT_TABLE: registered("Table", "audit").outputs.name,
      CARD_TOKEN_SECRET: registered("Secret", "card-token-key").outputs.arn,
      CURATED_BUCKET: registered("Bucket", "curated").outputs.bucket,
      QUARANTINE_BUCKET: registered("Bucket", "quarantine").outputs.bucket,
      LOG_LEVEL: "INFO",
      POWERTOOLS_SERVICE_NAME: "raw-to-curated",
    },
  });
});

test("what raw-to-curated fails is tried three times and then waits in its dead-letter queue", () => {
  assert.deepEqual(registered("FunctionEventInvokeConfig", "raw-to-curated").inputs, {
    functionName: registered("Function", "raw-to-curated").outputs.name,
    maximumRetryAttempts: 2,
    maximumEventAgeInSeconds: 21_600,
    destinationConfig: { onFailure: { destination: registered("Queue", "raw-to-curated-dead-letters").outputs.arn } },
  });
});

test("export-tables may read its source's secret and watermarks, write raw files, rows in quarantine and audit rows, and no more", () => {
  const policy = registered("RolePolicy", "export-tables");
  const may = allows(policy).map(({ Action, Resource }) => `${list(Action).join(" ")} on ${list(Resource).join(" ")}`);
  const arn = (type: string, name: string) => registered(type, name).outputs.arn;
  assert.deepEqual(may.filter((each) => !/^(ec2|logs|xray|sqs):/.test(each)).sort(), [
    `dynamodb:GetItem dynamodb:PutItem on ${arn("Table", "export-watermarks")}`,
    `dynamodb:PutItem on ${arn("Table", "audit")}`,
    `s3:PutObject on ${arn("Bucket", "quarantine")}/rows/*`,
    `s3:PutObject on ${arn("Bucket", "raw")}/raw/*`,
    `secretsmanager:GetSecretValue on ${arn("Secret", "source-database")}`,
  ]);
});

test("export-tables stands in the network, and its schedule waits until somebody sets one", () => {
  const { vpcConfig, environment, memorySize } = registered("Function", "export-tables").inputs;
  assert.deepEqual((vpcConfig as { securityGroupIds: unknown }).securityGroupIds, [
    registered("SecurityGroup", "stages").outputs.id,
  ]);
  assert.equal(memorySize, 1_024);
  const { variables } = environment as { variables: Record<string, string> };
  assert.equal(variables.SOURCE_SECRET, registered("Secret", "source-database").outputs.arn);
  assert.equal(registered("Schedule", "export-tables-schedule").inputs.state, "DISABLED");
});

test("nobody but its owner gives the source's secret a value", () => {
  const secret = registered("Secret", "source-database").outputs.arn;
  const versions = lake.resources.filter(({ type }) => type.endsWith(":SecretVersion"));
  assert.equal(
    versions.some(({ inputs }) => inputs.secretId === secret),
    false,
  );
});

test("card numbers lie in raw and quarantine only, and not for long", () => {
  const classOf = (name: string) => (registered("Bucket", name).inputs.tags as Record<string, string>).dataClass;
  assert.deepEqual(["raw", "curated", "quarantine"].map(classOf), ["cardholder", "internal", "cardholder"]);
  const expiry = (name: string) =>
    (registered("BucketLifecycleConfiguration", name).inputs.rules as { expiration?: { days: number } }[]).flatMap(
      ({ expiration }) => expiration?.days ?? [],
    );
  assert.deepEqual(["raw", "curated", "quarantine"].map(expiry), [[7], [], [14]]);
});

test("the program gives out its buckets and its audit table by name", () => {
  assert.partialDeepStrictEqual(lake.outputs, {
    rawBucket: registered("Bucket", "raw").outputs.bucket,
    curatedBucket: registered("Bucket", "curated").outputs.bucket,
    quarantineBucket: registered("Bucket", "quarantine").outputs.bucket,
    auditTable: registered("Table", "audit").outputs.name,
    sourceDatabaseSecret: registered("Secret", "source-database").outputs.arn,
    exportFunction: registered("Function", "export-tables").outputs.name,
    databaseEndpoint: registered("Instance", "database").outputs.endpoint,
    databaseSecret: (registered("Instance", "database").outputs.masterUserSecrets as { secretArn: string }[])[0]
      ?.secretArn,
    athenaWorkgroup: registered("Workgroup", "analytics").outputs.name,
    athenaDatabase: registered("CatalogDatabase", "analytics").outputs.name,
    athenaResultsBucket: registered("Bucket", "athena-results").outputs.bucket,
    prodBuckets: Object.fromEntries(systemNames.map((name) => [name, registered("Bucket", name).outputs.bucket])),
  });
});
