import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, afterEach, before, test } from "node:test";
import { openPostgres, openPostgresAsMaster, postgresOptions } from "./postgres";
import { type Certificate, selfSigned } from "./postgres-fixtures/certificate";
import { type Doorkeeper, doorkeeper } from "./postgres-fixtures/server";

/** What Secrets Manager answers with. */
let secret = "";
let asked = 0;
const secretsManager = createServer((_, response) => {
  asked += 1;
  response.setHeader("content-type", "application/x-amz-json-1.1");
  response.end(JSON.stringify({ SecretString: secret }));
});

before(async () => {
  await new Promise<void>((listening) => secretsManager.listen(0, "127.0.0.1", listening));
  Object.assign(process.env, {
    AWS_ENDPOINT_URL: `http://127.0.0.1:${(secretsManager.address() as AddressInfo).port}`,
    AWS_REGION: "eu-central-1",
    AWS_ACCESS_KEY_ID: "AKIDEXAMPLE",
    AWS_SECRET_ACCESS_KEY: "example",
  });
});
after(() => {
  secretsManager.closeAllConnections();
  secretsManager.close();
});

const cleanUp: (() => unknown)[] = [];
afterEach(async () => {
  for (let clean = cleanUp.pop(); clean !== undefined; clean = cleanUp.pop()) await clean();
});

const passwordIs = (password: string) => {
  secret = JSON.stringify({ username: "tributary", password });
};

async function database(certificate?: Certificate): Promise<Doorkeeper> {
  const keeper = await doorkeeper(certificate);
  cleanUp.push(() => keeper.end());
  keeper.password = "first";
  passwordIs("first");
  return keeper;
}

let databases = 0;

/** Each with a secret of its own name, because what was asked for is remembered. */
const addressOf = ({ port }: Doorkeeper, host = "127.0.0.1") => ({
  DATABASE_ENDPOINT: `${host}:${port}`,
  DATABASE_NAME: "tributary",
  DATABASE_SECRET: `secret-${++databases}`,
});

/** The same for a user of its own. */
const addressAs = ({ port }: Doorkeeper, user: string) => ({
  DATABASE_ENDPOINT: `127.0.0.1:${port}`,
  DATABASE_NAME: "tributary",
  DATABASE_USER: user,
});

function opened(address: Parameters<typeof openPostgres>[0]) {
  const connect = openPostgres(address);
  cleanUp.push(async () => (await connect()).end({ timeout: 0 }));
  return connect;
}

test("postgresOptions() asks everybody for a certificate, except what only this machine can be", () => {
  for (const [host, ssl] of [
    ["127.0.0.1", false],
    ["127.1.2.3", false],
    ["localhost", "verify-full"],
    ["127.0.0.1.example.com", "verify-full"],
    ["128.0.0.1", "verify-full"],
    ["tributary-prod.c1.eu-central-1.rds.amazonaws.com", "verify-full"],
  ] as const) {
    const options = postgresOptions({ DATABASE_ENDPOINT: `${host}:5433`, DATABASE_NAME: "tributary" });
    assert.deepEqual([options.host, options.port, options.ssl, options.max], [host, 5433, ssl, 1], host);
  }
});

test("a warm function goes on with its connection", async () => {
  const keeper = await database();
  const connect = opened(addressOf(keeper));
  const requests = asked;
  for (let event = 1; event <= 3; event++) await (await connect()).unsafe("select 1");
  assert.deepEqual(keeper.shown, ["first"]);
  assert.equal(asked - requests, 1);
});

test("a function that was frozen for long connects again, with the password of that time", async (t) => {
  t.mock.timers.enable({ apis: ["Date"], now: 0 });
  const keeper = await database();
  const connect = opened(addressOf(keeper));
  await (await connect()).unsafe("select 1");
  keeper.password = "second";
  passwordIs("second");
  t.mock.timers.tick(61_000);
  await (await connect()).unsafe("select 1");
  assert.deepEqual(keeper.shown, ["first", "second"]);
});

test("a connection that was lost is made again with the password of that time", async (t) => {
  t.mock.timers.enable({ apis: ["Date"], now: 0 });
  const keeper = await database();
  const connect = opened(addressOf(keeper));
  await (await connect()).unsafe("select 1");
  keeper.password = "second";
  passwordIs("second");
  t.mock.timers.tick(6_000);
  keeper.hangUp();
  await assert.rejects(async () => (await connect()).unsafe("select 1"), /CONNECTION_CLOSED|ECONNRESET|EPIPE/);
  await (await connect()).unsafe("select 1");
  assert.deepEqual(keeper.shown, ["first", "second"]);
});

test("a connection that was lost and is then refused fails, and does not try for ever", async () => {
  const keeper = await database();
  const connect = opened(addressOf(keeper));
  await (await connect()).unsafe("select 1");
  keeper.password = "second";
  keeper.hangUp();
  await assert.rejects(async () => (await connect()).unsafe("select 1"), /CONNECTION_CLOSED|ECONNRESET|EPIPE/);
  await assert.rejects(async () => (await connect()).unsafe("select 1"), { code: "28P01" });
});

test("a password that was changed in between is refused once, and the next event has the new one", async (t) => {
  t.mock.timers.enable({ apis: ["Date"], now: 0 });
  const keeper = await database();
  keeper.password = "second";
  const connect = opened(addressOf(keeper));
  await assert.rejects(async () => (await connect()).unsafe("select 1"), { code: "28P01" });
  passwordIs("second");
  t.mock.timers.tick(6_000);
  await (await connect()).unsafe("select 1");
  assert.deepEqual(keeper.shown, ["first", "second"]);
});

test("a secret that is none of a database is refused by its name, and not quoted", async () => {
  const keeper = await database();
  for (const bad of ["hunter2", '"hunter2"', '{"password":"hunter2"}', '{"username":"a","password":2}']) {
    const address = addressOf(keeper);
    secret = bad;
    await assert.rejects(openPostgres(address), (error: Error & { code?: string }) => {
      assert.equal(error.code, "BadSecret");
      assert.ok(error.message.includes(`"${address.DATABASE_SECRET}"`));
      assert.doesNotMatch(`${error.stack} ${error.cause}`, /hunter2/);
      return true;
    });
  }
});

test("a user of its own comes in with a token for that user and that address, and asks nobody for it", async () => {
  const keeper = await database();
  keeper.password = /./;
  const requests = asked;
  await (await opened(addressAs(keeper, "reader"))()).unsafe("select 1");
  const [token = ""] = keeper.shown;
  const { host, pathname, searchParams } = new URL(`https://${token}`);
  assert.deepEqual([host, pathname], [`127.0.0.1:${keeper.port}`, "/"]);
  const says = ["Action", "DBUser", "X-Amz-Expires", "X-Amz-SignedHeaders"].map((name) => searchParams.get(name));
  assert.deepEqual(says, ["connect", "reader", "900", "host"]);
  assert.match(searchParams.get("X-Amz-Credential") ?? "", /^AKIDEXAMPLE\/\d{8}\/eu-central-1\/rds-db\/aws4_request$/);
  assert.equal(asked, requests);
});

test("a user of its own comes with a token of that time to each connection", async (t) => {
  t.mock.timers.enable({ apis: ["Date"], now: Date.parse("2026-01-01T12:00:00Z") });
  const keeper = await database();
  keeper.password = /./;
  const connect = opened(addressAs(keeper, "reader"));
  for (const seconds of [0, 30, 1_000]) {
    t.mock.timers.tick(seconds * 1_000);
    await (await connect()).unsafe("select 1");
  }
  const times = keeper.shown.map((token) => new URL(`https://${token}`).searchParams.get("X-Amz-Date"));
  assert.deepEqual(times, ["20260101T120000Z", "20260101T121710Z"]);
});

test("a master user whose password a server of tokens does not take comes with a token, and else with the password", async () => {
  const keeper = await database();
  const address = { ...addressOf(keeper), DATABASE_USER: "tributary" };
  const statement = async () => {
    const sql = await openPostgresAsMaster(address)();
    await sql.unsafe("select 1");
    await sql.end({ timeout: 0 });
  };
  await statement();
  assert.deepEqual(keeper.shown, ["first"]);
  keeper.password = /DBUser=tributary/;
  keeper.refusal = "28000";
  await statement();
  assert.equal(keeper.shown[1], "first");
  assert.match(keeper.shown[2] ?? "", /DBUser=tributary/);
  keeper.refusal = "28P01";
  await assert.rejects(statement, { code: "28P01" });
});

test("a server that cannot speak TLS is shown neither a password nor a token", async () => {
  const keeper = await database();
  const token = { ...addressAs(keeper, "reader"), DATABASE_ENDPOINT: `localhost:${keeper.port}` };
  for (const address of [addressOf(keeper, "localhost"), token]) {
    const connect = opened(address);
    await assert.rejects(async () => (await connect()).unsafe("select 1"));
  }
  assert.deepEqual(keeper.shown, []);
});

test("a server whose certificate nobody trusts is shown no password", async () => {
  const keeper = await database(selfSigned("localhost"));
  const connect = opened(addressOf(keeper, "localhost"));
  await assert.rejects(async () => (await connect()).unsafe("select 1"), { code: "DEPTH_ZERO_SELF_SIGNED_CERT" });
  assert.deepEqual(keeper.shown, []);
});

test("a server is believed that is the one of its name, for an authority of NODE_EXTRA_CA_CERTS", async () => {
  const certificate = selfSigned("localhost");
  const keeper = await database(certificate);
  assert.equal(await outcomeTrusting(certificate, keeper), "connected");
  assert.deepEqual(keeper.shown, ["first"]);
});

test("a server with the trusted certificate of another one is shown no password", async () => {
  const certificate = selfSigned("other.example.com");
  const keeper = await database(certificate);
  assert.equal(await outcomeTrusting(certificate, keeper), "ERR_TLS_CERT_ALTNAME_INVALID");
  assert.deepEqual(keeper.shown, []);
});

/** Node reads the authorities when it starts, and so it is a Node of its own. */
async function outcomeTrusting({ cert }: Certificate, keeper: Doorkeeper): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), "authority-"));
  cleanUp.push(() => rmSync(folder, { recursive: true }));
  const authority = join(folder, "authority.pem");
  writeFileSync(authority, cert);
  const script = `
    const { openPostgres } = require("./stage/postgres");
    openPostgres(${JSON.stringify(addressOf(keeper, "localhost"))})()
      .then(async (sql) => { await sql.unsafe("select 1"); await sql.end(); return "connected"; })
      .catch((error) => error.code)
      .then((outcome) => { process.stdout.write(outcome); process.exit(); });`;
  const env = { ...process.env, NODE_EXTRA_CA_CERTS: authority };
  return new Promise((ended) => {
    execFile(process.execPath, ["--import", "tsx", "--eval", script], { env }, (_, stdout) => ended(stdout));
  });
}
