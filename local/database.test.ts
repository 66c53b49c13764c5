// The database of the program: what the deployment makes of it, by the deployed migrate on the embedded PostgreSQL.

import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, beforeEach, test } from "node:test";
import { InvokeCommand, LambdaClient } from "@aws-sdk/client-lambda";

import postgres = require("postgres");

import { migrations } from "../schemas/migrations";
import { database } from "../stacks/database";
import { network } from "../stacks/network";
import { operations } from "../stacks/operations";
import { readSettings } from "../stacks/settings";
import { type Evaluation, evaluate } from "../stage/evaluation/evaluate";
import { type Cloud, startCloud } from "./cloud";

const directory = mkdtempSync(join(tmpdir(), "database-"));
const names = migrations.map(({ name }) => name);

let program: Evaluation;
let cloud: Cloud;
let sql: postgres.Sql;

before(async () => {
  program = await evaluate({ stack: "dev", program: databaseAlone });
  await start();
});
after(async () => {
  try {
    await end();
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
});
beforeEach(async () => {
  await migrated();
});

/** The stacks of the program that the database stands on. */
async function databaseAlone() {
  const settings = readSettings();
  const platform = operations(settings);
  const { endpoint } = database(platform, network(platform, settings), settings);
  return { endpoint };
}

async function start(): Promise<void> {
  cloud = await startCloud(program, { directory });
  assert.ok(cloud.postgres, "the program has a database");
  sql = postgres(cloud.postgres.url, { max: 1, onnotice: () => undefined });
}

async function end(): Promise<void> {
  await sql.end();
  await cloud.end();
}

interface Answer {
  readonly applied?: readonly string[];
  readonly present?: number;
  readonly errorType?: string;
  readonly errorMessage?: string;
}

/** What migrate answers to a deployment. */
async function migrated(): Promise<Answer> {
  const { url, region, operator } = cloud;
  const lambda = new LambdaClient({ endpoint: url, region, credentials: operator, maxAttempts: 1 });
  const { outputs } = program.resources.find(({ type, name }) => /:Function$/.test(type) && name === "migrate") ?? {};
  const { Payload } = await lambda.send(new InvokeCommand({ FunctionName: String(outputs?.name), Payload: "{}" }));
  lambda.destroy();
  return JSON.parse(Buffer.from(Payload ?? []).toString()) as Answer;
}

const history = async () => (await sql`select name from tributary.migrations order by name`).map(({ name }) => name);

test("a start leaves the database with every migration, and vectors in it", async () => {
  assert.deepEqual(await history(), names);
  assert.deepEqual([...(await sql`select '[1,2]'::vector <-> '[1,5]'::vector as distance`)], [{ distance: 3 }]);
});

test("migrate comes in with RDS's own secret, and neither its answer nor its log holds the password", async () => {
  const { entries } = cloud.journal;
  const revealed = entries.find(
    ({ operation, principal }) => operation === "GetSecretValue" && principal === "migrate",
  );
  assert.equal(revealed?.outcome, "ok");
  const told = [JSON.stringify(await migrated()), ...cloud.logs.tail("/tributary/dev/migrate", 1_000)].join();
  assert.ok(cloud.postgres);
  assert.ok(!told.includes(cloud.postgres.password));
});

test("migrate a second time finds everything present", async () => {
  assert.deepEqual(await migrated(), { applied: [], present: names.length });
});

test("a second start on the same data changes nothing", async () => {
  const [before] = await sql`select applied_at from tributary.migrations`;
  await end();
  await start();
  const [now] = await sql`select applied_at from tributary.migrations`;
  assert.deepEqual(now, before);
});

test("a migration that fails is told by file, statement and line, and is not in the history", async () => {
  const [ground = "", ...later] = names;
  await sql`delete from tributary.migrations where name = ${ground}`;
  await sql`drop extension vector cascade`;
  await sql`create type vector as enum ('taken')`;
  const { errorType, errorMessage } = await migrated();
  assert.equal(errorType, "MigrationFailed");
  assert.match(
    errorMessage ?? "",
    /^Cannot apply migration "0001_ground\.sql": statement 1, line 4, "create extension if not exists vector": .*\(42710\)/,
  );
  assert.deepEqual(await history(), later);
  await sql`drop type vector`;
  assert.deepEqual(await migrated(), { applied: [ground], present: later.length });
});

test("a migration that was changed after it ran is refused", async () => {
  await sql`update tributary.migrations set sha256 = 'another' where name = '0001_ground.sql'`;
  const { errorType, errorMessage } = await migrated();
  assert.equal(errorType, "MigrationChanged");
  assert.match(errorMessage ?? "", /^Cannot apply migration "0001_ground\.sql": it ran on .* with another text/);
  await sql`delete from tributary.migrations`;
});
