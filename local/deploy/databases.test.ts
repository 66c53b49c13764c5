// A registered RDS instance, and a stage that the deployment calls and that writes down in the database that it was called.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { before, type TestContext, test } from "node:test";
import { InvokeCommand, LambdaClient } from "@aws-sdk/client-lambda";
import { GetSecretValueCommand, SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import * as aws from "@pulumi/aws";

import client = require("postgres");

import { operations } from "../../stacks/operations";
import { readSettings } from "../../stacks/settings";
import { type Evaluation, evaluate } from "../../stage/evaluation/evaluate";
import { openPostgres } from "../../stage/postgres";
import { stage } from "../../stage/stage";
import { deployed } from "../../stage/triggers";
import { type Cloud, startCloud } from "../cloud";
import { changed } from "../lake-fixture";
import { temporaryDirectory } from "../temporary-directory";

/** Keeps its event; refuses one that says so. */
const factory = () => {
  const { DATABASE_ENDPOINT = "", DATABASE_NAME = "", DATABASE_SECRET = "" } = process.env;
  const open = openPostgres({ DATABASE_ENDPOINT, DATABASE_NAME, DATABASE_SECRET });
  return async (event: { readonly version: string }) => {
    const sql = await open();
    await sql`create table if not exists calls (version text)`;
    await sql`insert into calls values (${event.version})`;
    if (event.version === "bad") throw new TypeError("this version is bad");
    return { called: event.version };
  };
};

async function program() {
  const platform = operations(readSettings());
  const instance = new aws.rds.Instance("database", {
    identifier: "tributary-test",
    engine: "postgres",
    instanceClass: "db.t4g.micro",
    dbName: "shop",
    username: "owner",
    manageMasterUserPassword: true,
  });
  const secretArn = instance.masterUserSecrets.apply(([secret]) => secret?.secretArn ?? "");
  stage(platform, "keeper", factory, {
    on: [deployed({ version: "1" })],
    may: [[{ Effect: "Allow", Action: ["secretsmanager:GetSecretValue"], Resource: secretArn }]],
    env: { DATABASE_ENDPOINT: instance.endpoint, DATABASE_NAME: instance.dbName, DATABASE_SECRET: secretArn },
    memory: 256,
    timeout: 30,
  });
  return { secretArn };
}

let evaluation: Evaluation;

before(async () => {
  evaluation = await evaluate({ stack: "dev", program });
});

test("the deployment calls its functions once per version, and they find the database", async (t) => {
  const directory = temporaryDirectory();
  const seen: string[][] = [];
  for (const version of ["1", "1", "2"]) {
    const cloud = await started(t, withVersion(version), directory);
    const sql = client(cloud.postgres?.url ?? "", { max: 1 });
    seen.push((await sql<{ version: string }[]>`select version from calls`).map((call) => call.version));
    await sql.end();
    await cloud.end();
  }
  assert.deepEqual(seen, [["1"], ["1"], ["1", "2"]]);
});

test("a function that fails stops the start with its words, and is called again at the next one", async (t) => {
  const directory = temporaryDirectory();
  for (let time = 0; time < 2; time += 1) {
    await assert.rejects(started(t, withVersion("bad"), directory), {
      message: /^Cannot deploy "keeper": the function "keeper-\w+" failed with TypeError: this version is bad$/,
    });
  }
  const cloud = await started(t, withVersion("good"), directory);
  const sql = client(cloud.postgres?.url ?? "", { max: 1 });
  assert.deepEqual(
    [...(await sql`select version from calls`)].map(({ version }) => version),
    ["bad", "bad", "good"],
  );
  await sql.end();
});

test("the operator connects with what operator.env says, invokes the function and reads RDS's secret", async (t) => {
  const cloud = await started(t, evaluation, temporaryDirectory());
  const lines = readFileSync(join(cloud.directory, "operator.env"), "utf8").matchAll(/^export (\w+)=(.*)$/gm);
  const environment = Object.fromEntries([...lines].map(([, name, value]) => [name, value])) as Record<string, string>;
  const { PGHOST = "", PGPORT, PGUSER = "", PGPASSWORD = "", PGDATABASE = "", DATABASE_URL = "" } = environment;
  const sql = client({
    host: PGHOST,
    port: Number(PGPORT),
    user: PGUSER,
    password: PGPASSWORD,
    database: PGDATABASE,
    max: 1,
  });
  const [who] = await sql`select current_user::text as user, current_database()::text as database`;
  assert.deepEqual({ ...who }, { user: "owner", database: "shop" });
  await sql.end();
  assert.equal(DATABASE_URL, cloud.postgres?.url);

  const own = { endpoint: cloud.url, region: cloud.region, credentials: cloud.operator, maxAttempts: 1 };
  const secret = new GetSecretValueCommand({ SecretId: String(evaluation.outputs.secretArn) });
  const { SecretString = "" } = await new SecretsManagerClient(own).send(secret);
  assert.deepEqual(JSON.parse(SecretString), { username: PGUSER, password: PGPASSWORD });

  const [keeper] = evaluation.resources.filter(({ type }) => type === "aws:lambda/function:Function");
  const FunctionName = String(keeper?.outputs.name);
  const { Payload = new Uint8Array() } = await new LambdaClient(own).send(
    new InvokeCommand({ FunctionName, Payload: JSON.stringify({ version: "by hand" }) }),
  );
  assert.deepEqual(JSON.parse(Buffer.from(Payload).toString()), { called: "by hand" });
});

test("what is not imitated of an instance or an invocation stops the start by name", async (t) => {
  const cases = [
    ["aws:rds/instance:Instance", { engine: "mysql" }, /"database": RDS with mysql is not imitated/],
    [
      "aws:lambda/invocation:Invocation",
      { lifecycleScope: "CRUD" },
      /"keeper": an invocation with CRUD is not imitated/,
    ],
    ["aws:lambda/invocation:Invocation", { qualifier: "live" }, /"keeper": an invocation with live is not imitated/],
  ] as const;
  for (const [type, inputs, words] of cases) {
    await assert.rejects(
      started(
        t,
        changed(evaluation, type, () => inputs),
        temporaryDirectory(),
      ),
      words,
    );
  }
});

const withVersion = (version: string): Evaluation =>
  changed(evaluation, "aws:lambda/invocation:Invocation", () => ({
    input: JSON.stringify({ version }),
    triggers: { version },
  }));

/** Ends with the test `t`, at the latest. */
async function started(t: TestContext, program: Evaluation, directory: string): Promise<Cloud> {
  const cloud = await startCloud(program, { directory });
  t.after(cloud.end);
  return cloud;
}
