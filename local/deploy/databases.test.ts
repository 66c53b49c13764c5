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
import { addressAs, hostAndPortAs } from "../../stage/database";
import { environment } from "../../stage/environment";
import { type Evaluation, evaluate } from "../../stage/evaluation/evaluate";
import { connectAs } from "../../stage/permissions";
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

/** Says who it is in the database. */
const identity = () => {
  const open = openPostgres(environment("DATABASE_ENDPOINT", "DATABASE_NAME", "DATABASE_USER"));
  return async () => {
    const sql = await open();
    const [who] = await sql`select session_user::text as user`;
    return { ...who };
  };
};

/** The same, of settings that name the host and the port apart. */
const identityApart = () => {
  const { DATABASE_HOST = "", DATABASE_PORT, ...others } = process.env;
  const { DATABASE_NAME = "", DATABASE_USER = "" } = others;
  const open = openPostgres({ DATABASE_ENDPOINT: `${DATABASE_HOST}:${DATABASE_PORT}`, DATABASE_NAME, DATABASE_USER });
  return async () => {
    const sql = await open();
    const [who] = await sql`select session_user::text as user`;
    return { ...who };
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
    iamDatabaseAuthenticationEnabled: true,
  });
  const secretArn = instance.masterUserSecrets.apply(([secret]) => secret?.secretArn ?? "");
  stage(platform, "keeper", factory, {
    on: [deployed({ version: "1" })],
    may: [[{ Effect: "Allow", Action: ["secretsmanager:GetSecretValue"], Resource: secretArn }]],
    env: { DATABASE_ENDPOINT: instance.endpoint, DATABASE_NAME: instance.dbName, DATABASE_SECRET: secretArn },
    memory: 256,
    timeout: 30,
  });
  const place = { endpoint: instance.endpoint, name: instance.dbName };
  const asReader = {
    on: [],
    env: addressAs(place, "reader"),
    memory: 256,
    timeout: 30,
  };
  stage(platform, "reader", identity, { ...asReader, may: [connectAs({ instance }, "reader")] });
  stage(platform, "intruder", identity, { ...asReader, may: [connectAs({ instance }, "reader-2")] });
  stage(platform, "reader-apart", identityApart, {
    ...asReader,
    env: hostAndPortAs(place, "reader"),
    may: [connectAs({ instance }, "reader")],
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

  assert.deepEqual(await invoked(cloud, "keeper", { version: "by hand" }), { called: "by hand" });
});

test("a function comes in as the user that its policy names, and where its policy names another one it does not", async (t) => {
  const cloud = await started(t, evaluation, temporaryDirectory());
  const sql = client(cloud.postgres?.url ?? "", { max: 1 });
  await sql`create role reader login`;
  await sql`grant rds_iam to reader`;
  await sql.end();
  assert.deepEqual(await invoked(cloud, "reader"), { user: "reader" });
  assert.deepEqual(await invoked(cloud, "reader-apart"), { user: "reader" });
  const { errorMessage } = (await invoked(cloud, "intruder")) as { errorMessage?: string };
  assert.equal(errorMessage, 'PAM authentication failed for user "reader"');
  const logins = cloud.journal.entries.filter(({ operation }) => operation === "connect");
  assert.deepEqual(
    logins.map(({ principal, resource, outcome }) => [principal, resource, outcome]),
    [
      ["reader", "shop/reader", "ok"],
      ["reader-apart", "shop/reader", "ok"],
      ["intruder", "shop/reader", "AccessDenied"],
    ],
  );
});

test("an instance that takes no tokens lets nobody in with one", async (t) => {
  const without = changed(evaluation, "aws:rds/instance:Instance", () => ({ iamDatabaseAuthenticationEnabled: false }));
  const cloud = await started(t, without, temporaryDirectory());
  const sql = client(cloud.postgres?.url ?? "", { max: 1 });
  await sql`create role reader login`;
  await sql`grant rds_iam to reader`;
  await sql.end();
  const { errorMessage } = (await invoked(cloud, "reader")) as { errorMessage?: string };
  assert.equal(errorMessage, 'PAM authentication failed for user "reader"');
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

/** What the operator gets from a function of the program. */
async function invoked({ url, region, operator }: Cloud, name: string, event: object = {}): Promise<unknown> {
  const lambda = new LambdaClient({ endpoint: url, region, credentials: operator, maxAttempts: 1 });
  const made = evaluation.resources.find((each) => each.type === "aws:lambda/function:Function" && each.name === name);
  const FunctionName = String(made?.outputs.name);
  const { Payload = [] } = await lambda.send(new InvokeCommand({ FunctionName, Payload: JSON.stringify(event) }));
  return JSON.parse(Buffer.from(Payload).toString());
}

/** Ends with the test `t`, at the latest. */
async function started(t: TestContext, program: Evaluation, directory: string): Promise<Cloud> {
  const cloud = await startCloud(program, { directory });
  t.after(cloud.end);
  return cloud;
}
