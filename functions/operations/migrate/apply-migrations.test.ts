// On a PostgreSQL of its own.

import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { type AddressInfo, connect, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, beforeEach, test } from "node:test";
import { inspect } from "node:util";

import postgres = require("postgres");

import { migrations, readMigrations } from "../../../schemas/migrations";
import { type OwnPostgres, oneSession, ownPostgres } from "../../postgres-fixture";
import { applyMigrations } from "./apply-migrations";

let database: OwnPostgres;
let sql: postgres.Sql;

before(async () => {
  database = await ownPostgres();
  sql = database.sql;
});
after(() => database.end());
beforeEach(async () => {
  await sql`drop schema if exists tributary cascade`;
  await sql`drop schema if exists shop cascade`;
});

/** The migrations that these texts make, in their order. */
function files(...texts: string[]) {
  const directory = mkdtempSync(join(tmpdir(), "migrations-"));
  try {
    texts.forEach((text, index) => {
      writeFileSync(join(directory, `000${index + 1}_part-${index + 1}.sql`), text);
    });
    return readMigrations(directory);
  } finally {
    rmSync(directory, { recursive: true });
  }
}

const history = async () => (await sql`select name from tributary.migrations order by name`).map(({ name }) => name);

const shop = "create schema shop;\ncreate table shop.orders (id int primary key, cents int);\n";
const rows = "insert into shop.orders values (1, 100);\ninsert into shop.orders values (2, 250);\n";

test("the migrations of the project run on an empty database, and vectors are there", async () => {
  const { applied } = await applyMigrations(sql, migrations);
  assert.deepEqual(
    applied,
    migrations.map(({ name }) => name),
  );
  const [nearest] = await sql`select '[1,2]'::vector <-> '[1,5]'::vector as distance`;
  assert.equal(nearest?.distance, 3);
});

test("migrations run once and in order, and a later one runs behind those that are there", async () => {
  assert.deepEqual(await applyMigrations(sql, files(shop)), { applied: ["0001_part-1.sql"], present: 0 });
  assert.deepEqual(await applyMigrations(sql, files(shop, rows)), { applied: ["0002_part-2.sql"], present: 1 });
  assert.deepEqual(await applyMigrations(sql, files(shop, rows)), { applied: [], present: 2 });
  assert.deepEqual(await history(), ["0001_part-1.sql", "0002_part-2.sql"]);
  assert.deepEqual([...(await sql`select sum(cents)::int as cents from shop.orders`)], [{ cents: 350 }]);
});

test("a migration that fails leaves nothing of itself, and the earlier ones stay", async () => {
  const broken = `create table shop.a (b int);\n${rows}${rows}`;
  await assert.rejects(applyMigrations(sql, files(shop, broken)), { code: "MigrationFailed" });
  assert.deepEqual(await history(), ["0001_part-1.sql"]);
  assert.deepEqual(
    [...(await sql`select to_regclass('shop.a') as made, count(*)::int as rows from shop.orders`)],
    [{ made: null, rows: 0 }],
  );
  assert.deepEqual(await applyMigrations(sql, files(shop, rows)), { applied: ["0002_part-2.sql"], present: 1 });
});

test("a failure names the file, the statement, its line and what PostgreSQL says", async () => {
  for (const [text, says] of [
    [
      "-- a\n\ncreate table t (\n  a int,\n  b intt\n)",
      'statement 1, line 5, "create table t (": type "intt" does not exist (42704)',
    ],
    ["select 1;\nselekt 'ü;'", `statement 2, line 2, "selekt 'ü;'": syntax error at or near "selekt" (42601)`],
    [
      "select $$;$$;\n\nselect\n 1/0",
      'statement 2, line 3, "select": division by zero (22012). Nothing of the file was kept',
    ],
    [
      "create function f() returns void language plpgsql as $$ begin perform nope; end $$;\nselect f()",
      'statement 2, line 2, "select f()": column "nope" does not exist (42703)',
    ],
    ["vacuum", 'statement 1, line 1, "vacuum": VACUUM cannot run inside a transaction block (25001)'],
    [
      "create table t (a int unique deferrable initially deferred);\ninsert into t values (1), (1)",
      'its end: duplicate key value violates unique constraint "t_a_key" (23505)',
    ],
  ] as const) {
    await assert.rejects(applyMigrations(sql, files(text)), (error: Error) => {
      assert.equal(error.name, "MigrationFailed");
      assert.ok(error.message.startsWith(`Cannot apply migration "0001_part-1.sql": ${says}`), error.message);
      return true;
    });
  }
});

test("a failure tells no values of rows", async () => {
  const twice =
    "create table t (a text unique);\ninsert into t select 'jane' || '@example.com' from generate_series(1, 2)";
  await assert.rejects(applyMigrations(sql, files(twice)), (error: Error) => {
    assert.match(inspect(error), /duplicate key/);
    assert.doesNotMatch(inspect(error), /jane@/);
    return true;
  });
});

test("a migration that was changed after it ran is refused, and nothing else runs", async () => {
  await applyMigrations(sql, files(shop));
  const changed = files(`${shop}-- and more\n`, rows);
  await assert.rejects(applyMigrations(sql, changed), (error: Error) => {
    assert.equal((error as Error & { code?: string }).code, "MigrationChanged");
    assert.match(
      error.message,
      /^Cannot apply migration "0001_part-1\.sql": it ran on 20\d\d-.* with another text \(sha256 \w{12}, now \w{12}\)\. Put/,
    );
    return true;
  });
  assert.deepEqual(await history(), ["0001_part-1.sql"]);
});

test("a connection that is lost in a migration fails it by name, and the next deployment goes on there", async (t) => {
  const { port } = sql.options;
  const wire = createServer((client) => {
    const upstream = connect({ host: "127.0.0.1", port: port[0] ?? 0 });
    client.on("data", (data) => (data.includes("lose me") ? client.destroy() : upstream.write(data)));
    client.on("close", () => upstream.end()).on("error", () => undefined);
    upstream.pipe(client);
  });
  await new Promise<void>((listening) => wire.listen(0, "127.0.0.1", listening));
  t.after(() => wire.close());
  const { port: losing } = wire.address() as AddressInfo;
  const lossy = postgres(`postgres://postgres@127.0.0.1:${losing}/postgres`, oneSession);
  await assert.rejects(applyMigrations(lossy, files(shop, `${rows}select 'lose me'`)), {
    code: "MigrationFailed",
    message: /"0002_part-2\.sql": statement 3, line 3, "select 'lose me'": write CONNECTION_CLOSED .*\. Deploy again$/,
  });
  await lossy.end({ timeout: 0 });
  assert.deepEqual(await applyMigrations(sql, files(shop, rows)), { applied: ["0002_part-2.sql"], present: 1 });
});

test("what a migration sets for its session is not meant for the next one", async () => {
  const first = `${shop}set search_path = shop;\ninsert into orders values (1, 1)`;
  await assert.rejects(applyMigrations(sql, files(first, "insert into orders values (2, 2)")), {
    message: /"0002_part-2\.sql": statement 1, line 1, .*relation "orders" does not exist/,
  });
});
