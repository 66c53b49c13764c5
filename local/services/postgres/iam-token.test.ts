// Users who log in with tokens of IAM, made by the signer that functions use.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { Signer } from "@aws-sdk/rds-signer";

import client = require("postgres");

import type { Principal } from "../../door/principals";
import { openDataDirectory } from "./data-directory";
import { account, database, stranger } from "./fixture";
import type { Iam } from "./iam-token";
import { complaintOf, query } from "./messages";

const region = "eu-central-1";
const users = `arn:aws:rds-db:${region}:123456789012:dbuser:db-ABC`;

const principal = (name: string, ...resources: string[]): Principal => ({
  name,
  arn: `arn:aws:sts::123456789012:assumed-role/${name}/${name}`,
  accessKeyId: `ASIA${name.toUpperCase()}`,
  secretAccessKey: `secret of ${name}`,
  sessionToken: `token of ${name}`,
  policies: [{ Statement: [{ Effect: "Allow", Action: "rds-db:connect", Resource: resources }] }],
});
const api = principal("api", ...["acme", "berg", "clerk", "plain", "dormant"].map((user) => `${users}/${user}`));
const other = principal("other", `${users}/acme2`, "arn:aws:rds-db:eu-central-1:123456789012:dbuser:db-XYZ/acme");

const iam: Iam = { principals: (key) => [api, other].find(({ accessKeyId }) => accessKeyId === key), users };

/** One server for all tests that need none of their own. */
const shared = database({ after }, { iam });
let master: client.Sql;

before(async () => {
  const { connect } = await shared;
  master = connect();
  for (const user of ["acme", "berg", "clerk"])
    await master.unsafe(`create role ${user} login; grant rds_iam to ${user}`);
  await master.unsafe("create role plain login; create role dormant; grant rds_iam to dormant");
});

interface Token {
  readonly user?: string;
  readonly by?: Principal;
  readonly region?: string;
  readonly host?: string;
  readonly port?: number;
}

async function token({ user = "acme", by = api, host = "127.0.0.1", ...own }: Token = {}): Promise<string> {
  const { server } = await shared;
  return new Signer({
    hostname: host,
    port: server.port,
    username: user,
    region,
    credentials: by,
    ...own,
  }).getAuthToken();
}

/** Comes as `user`, with a token for that user where nothing else is said. */
async function as(user: string, own: client.Options<Record<string, never>> = {}): Promise<client.Sql> {
  const { connect } = await shared;
  return connect({ user, password: await token({ user }), ...own });
}

test("a user comes in with a token for itself, and the journal says who had signed it", async () => {
  const { record } = await shared;
  const sql = await as("acme", { connection: { application_name: "api" } });
  const [who] = await sql`
    select session_user::text as session, current_user::text as user, current_setting('application_name') as application,
      current_setting('is_superuser') as super`;
  assert.deepEqual({ ...who }, { session: "acme", user: "acme", application: "api", super: "off" });
  const [entry] = record.entries.filter(({ operation }) => operation === "connect").slice(-1);
  assert.deepEqual([entry?.principal, entry?.resource, entry?.outcome], ["api", "shop/acme", "ok"]);
});

test("a user is greeted under its own name", async () => {
  const parameters: Record<string, string> = {};
  const sql = await as("acme", { onparameter: (name, value) => Object.assign(parameters, { [name]: String(value) }) });
  await sql`select 1`;
  assert.equal(parameters.session_authorization, "acme");
  assert.equal(parameters.is_superuser, "off");
});

test("a token that is not for this user, this server or this time is refused, and the journal says why", async (t) => {
  const { connect, record } = await shared;
  const { port } = (await shared).server;
  t.mock.timers.enable({ apis: ["Date"], now: Date.now() - 901_000 });
  const expired = await token();
  t.mock.timers.reset();
  const valid = await token();
  const cases: readonly (readonly [string, RegExp])[] = [
    [await token({ user: "berg" }), /^the token is for user "berg"$/],
    [await token({ port: port + 1 }), /^the token is for 127\.0\.0\.1:\d+, and this is 127\.0\.0\.1:\d+$/],
    [await token({ host: "localhost" }), /^the token is for localhost:\d+, and this is/],
    [expired, /^Request has expired$/],
    [await token({ region: "us-east-1" }), /^the token is signed for rds-db in us-east-1$/],
    [
      await token({ by: other }),
      /^User: .*\/other is not authorized to perform: rds-db:connect on resource: ".*db-ABC\/acme"/,
    ],
    [await token({ by: principal("nobody") }), /^The security token included in the request is invalid\.$/],
    [
      await token({ by: { ...api, secretAccessKey: "guessed" } }),
      /^The request signature we calculated does not match/,
    ],
    [valid.replace("X-Amz-Expires=900", "X-Amz-Expires=901"), /^the token is to be good for more than 900 seconds$/],
    [valid.replace("X-Amz-Expires=900", "X-Amz-Expires=899"), /^The request signature we calculated does not match/],
    [account.password, /^the password is no token for connecting$/],
    ["", /^the password is no token for connecting$/],
  ];
  for (const [password, why] of cases) {
    await assert.rejects(connect({ user: "acme", password })`select 1`, {
      code: "28000",
      severity: "FATAL",
      message: 'PAM authentication failed for user "acme"',
    });
    const [entry] = record.entries.filter(({ operation }) => operation === "connect").slice(-1);
    assert.match(String(entry?.detail?.message), why);
    assert.notEqual(entry?.outcome, "ok");
  }
});

test("only who has the role rds_iam and may log in comes in with a token, and the master user with its password", async () => {
  const { connect } = await shared;
  for (const [user, code, message] of [
    ["plain", "28P01", 'password authentication failed for user "plain"'],
    ["nobody", "28P01", 'password authentication failed for user "nobody"'],
    ["postgres", "28P01", 'password authentication failed for user "postgres"'],
    ["tributary", "28P01", 'password authentication failed for user "tributary"'],
    ["dormant", "28000", 'role "dormant" is not permitted to log in'],
  ] as const) {
    await assert.rejects((await as(user))`select 1`, { code, message });
  }
  await assert.rejects((await as("acme", { database: "other" }))`select 1`, { code: "3D000" });
  await assert.rejects(connect({ user: "acme" })`select 1`, { code: "28000" });
  assert.deepEqual([...(await connect()`select session_user::text as user`)], [{ user: "tributary" }]);
});

test("a role that is granted, revoked or dropped is at once", async () => {
  await master`create role guest login`;
  await assert.rejects((await as("guest"))`select 1`, { code: "28P01" });
  await master`drop role guest`;
  await master`revoke rds_iam from clerk`;
  await assert.rejects((await as("clerk"))`select 1`, { code: "28P01" });
  await master`grant rds_iam to clerk`;
  assert.equal((await (await as("clerk"))`select 1`).length, 1);
});

test("a server that knows of no tokens refuses them", async (t) => {
  const { server, connect, record } = await database(t);
  await connect()`create role acme login`;
  await connect()`grant rds_iam to acme`;
  const password = await token({ port: server.port });
  await assert.rejects(connect({ user: "acme", password })`select 1`, { code: "28000" });
  const [entry] = record.entries.filter(({ operation }) => operation === "connect");
  assert.equal(entry?.detail?.message, "the instance does not let users in with tokens of IAM");
});

test("a data directory that is older than the role gets it", async (t) => {
  const { directory, end } = await database(t);
  await end();
  const pglite = await openDataDirectory({ directory, ...account }, () => undefined);
  await pglite.exec("drop role rds_iam");
  await pglite.close();
  const { connect } = await database(t, { directory });
  await connect()`create role acme login`;
  await connect()`grant rds_iam to acme`;
});

test("a policy for rows holds for who has logged in, and users who take turns keep their rows and settings", async () => {
  await master`create table notes (owner text, words text)`;
  await master`alter table notes enable row level security`;
  await master`create policy own on notes using (owner = session_user and owner = current_user)`;
  await master`grant select, insert on notes to acme, berg`;
  await master`insert into notes values ('acme', 'a'), ('berg', 'b'), ('tributary', 't')`;
  const [acme, berg] = [await as("acme"), await as("berg", { connection: { TimeZone: "Asia/Tokyo" } })];
  await acme`set search_path = pg_catalog, public`;
  for (let turn = 0; turn < 3; turn += 1) {
    const look = (sql: client.Sql) => sql`
      select words, session_user::text as user, current_setting('search_path') as path, current_setting('TimeZone') as zone
      from notes`;
    assert.deepEqual([...(await look(acme))], [{ words: "a", user: "acme", path: "pg_catalog, public", zone: "UTC" }]);
    assert.deepEqual(
      [...(await look(berg))],
      [{ words: "b", user: "berg", path: '"$user", public', zone: "Asia/Tokyo" }],
    );
    assert.equal((await master`select from notes`).length, 3);
  }
  await assert.rejects(berg`insert into notes values ('acme', 'forged')`, { code: "42501" });
  await assert.rejects(berg`delete from notes`, { code: "42501" });
  await assert.rejects(berg`set role acme`, { code: "42501" });
  await assert.rejects(berg`set role postgres`, { code: "42501" });
});

test("what was set for a user or for the database is in force when it logs in, and a client goes back to it", async () => {
  const { connect } = await shared;
  await master`alter database shop set work_mem = '5MB'`;
  await master`alter role clerk set default_transaction_read_only = on`;
  await master`alter role clerk set search_path = desk, "a, b"`;
  await master`alter role clerk in database shop set statement_timeout = '100ms'`;
  await master`alter role clerk set statement_timeout = '1h'`;
  const sql = await as("clerk", { connection: { TimeZone: "Asia/Tokyo" } });
  const settings = ["work_mem", "default_transaction_read_only", "search_path", "statement_timeout", "TimeZone"];
  const look = async () => {
    const rows = await sql`select current_setting(name) as value from unnest(${settings}::text[]) as name`;
    return rows.map(({ value }) => value);
  };
  const own = ["5MB", "on", 'desk, "a, b"', "100ms", "Asia/Tokyo"];
  assert.deepEqual(await look(), own);
  await assert.rejects(sql`select count(*) from generate_series(1, 100000000000)`, { code: "57014" });
  await assert.rejects(sql`create table t (a int)`, { code: "25006" });
  for (const back of ["reset all", "reset search_path", "set search_path to default"]) {
    await sql`set search_path = public`;
    await sql.unsafe(back);
    assert.deepEqual(await look(), own);
    const [who] = await sql`select session_user::text as user`;
    assert.equal(who?.user, "clerk");
  }
  await sql`discard plans`;
  await connect()`select 1`;
  assert.deepEqual(await look(), own);
  await master`alter database shop reset all`;
  await master`alter role clerk reset all`;
  await master`alter role clerk in database shop reset all`;
});

test("a user whose transactions are read-only leaves those of others as they are", async () => {
  await master`alter role clerk set default_transaction_read_only = on`;
  const [acme, clerk] = [await as("acme"), await as("clerk")];
  for (const sql of [acme, clerk, acme, clerk, acme]) {
    const [row] = await sql.begin(async (transaction) => {
      await transaction`select set_config('tributary.sellers', 'x', true)`;
      return transaction`select current_setting('transaction_read_only') as read_only`;
    });
    assert.equal(row?.read_only, sql === clerk ? "on" : "off");
  }
  await master`alter role clerk reset all`;
});

test("a user comes in while another one is in the middle of a transaction", async () => {
  const { connect } = await shared;
  const password = await token({ user: "berg" });
  const waiting = await master.begin(async (transaction) => {
    await transaction`select 1`;
    let answer: Promise<unknown> = Promise.resolve();
    await new Promise<void>((greeted) => {
      answer = connect({ user: "berg", password, onparameter: () => greeted() })`select 1`.execute();
    });
    return { answer };
  });
  await waiting.answer;
});

test("nobody becomes somebody else", async () => {
  const sql = await as("acme");
  for (const statement of [
    "set session authorization postgres",
    "SET  SESSION\nAUTHORIZATION tributary",
    "set local session authorization 'berg'",
    "set session session authorization berg",
    "set session_authorization = postgres",
    'set "session_authorization" to postgres',
    "set /* a */ session -- b\n authorization postgres",
    "reset session authorization",
    "reset session_authorization",
    "select 1; set session authorization default",
    "select set_config('session_authorization', 'postgres', false)",
    "select '--', pg_catalog.set_config ( 'session_authorization', 'postgres', false)",
    "do $$ begin set session authorization postgres; end $$",
    "create function f() returns int language sql set session_authorization = postgres as 'select 1'",
  ]) {
    await assert.rejects(
      sql.unsafe(statement),
      { code: "0A000", message: /^SET SESSION AUTHORIZATION is not imitated/ },
      statement,
    );
    const [who] = await sql`select session_user::text as session, current_user::text as user`;
    assert.deepEqual({ ...who }, { session: "acme", user: "acme" }, statement);
  }
});

test("a client that has become somebody else in a roundabout way is sent away, and the next one is who it is", async (t) => {
  const { server, connect } = await shared;
  const raw = await stranger(t, server);
  const said = await raw.ask(query("select set_config('session_' || 'authorization', 'postgres', false)"));
  const [complaint] = said.filter(({ type }) => type === "E").map(complaintOf);
  assert.deepEqual(complaint, { code: "0A000", message: "SET SESSION AUTHORIZATION is not imitated" });
  const name = "session_authorization";
  const sql = await as("acme");
  await assert.rejects(
    sql`select set_config(${name}, 'postgres', false)`.then(() => sql`select 1`),
    { code: /^(?:0A000|CONNECTION_\w+)$/ },
  );
  assert.deepEqual([...(await connect()`select session_user::text as user`)], [{ user: "tributary" }]);
});
