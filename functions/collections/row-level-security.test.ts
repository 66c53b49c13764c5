// The rows of one user, out of reach of a transaction that was opened for another one, for each role that functions take.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type { TransactionSql } from "postgres";
import { asUser } from "./as-user";
import { type CollectionsDatabase, collectionsDatabase, type Role } from "./database-fixture";
import { putItem } from "./items-fixture";

let database: CollectionsDatabase;

before(async () => {
  database = await collectionsDatabase();
  for (const user of ["anna", "berta"]) await putItem(database.sql, { user, id: "cat", means: "cat" });
});
after(() => database.end());

const tables = ["items", "analyses", "embeddings"] as const;
const roles: readonly Role[] = ["collections_ingest", "collections_api"];

/** What `statement` does in a transaction of this user, which is undone. */
async function undone(role: Role, user: string, statement: string) {
  const given: { count: number; rows: Record<string, unknown>[] }[] = [];
  const rollback = new Error("undone");
  const work = async (transaction: TransactionSql) => {
    const rows = await transaction.unsafe(statement);
    given.push({ count: rows.count, rows: [...rows] });
    throw rollback;
  };
  await assert.rejects(
    database.as(role, (sql) => asUser(sql, user, work)),
    rollback,
  );
  return given[0] ?? assert.fail();
}

const refused = (role: Role, user: string, statement: string, message: RegExp) =>
  assert.rejects(
    database.as(role, (sql) => asUser(sql, user, (own) => own.unsafe(statement))),
    { code: "42501", message },
    statement,
  );

for (const role of roles) {
  test(`${role} sees the rows of its transaction's user, and none without one`, async () => {
    for (const table of tables) {
      const owners = `select distinct user_id from collections.${table}`;
      for (const user of ["anna", "berta", "", "ann", "anna,berta", "%", "' or true --"]) {
        const expected = ["anna", "berta"].includes(user) ? [{ user_id: user }] : [];
        assert.deepEqual((await undone(role, user, owners)).rows, expected, `${table} of "${user}"`);
      }
      const outside = await database.as(role, async (sql) => sql.unsafe(`select from collections.${table}`));
      assert.equal(outside.length, 0);
    }
  });
}

test("collections_ingest writes rows of its transaction's user, and neither makes, takes nor gives away another one's", async () => {
  const made = (user: string) => `
    insert into collections.items (id, user_id, filename, bucket, file_path, version_id, uploaded_at, thumbnail_key, mime_type,
      width, height)
    values ('dog', '${user}', 'dog.jpg', 'b', 'p', 'v', now(), 't', 'image/jpeg', 1, 1)`;
  assert.equal((await undone("collections_ingest", "berta", made("berta"))).count, 1);
  const policy = /^new row violates row-level security policy for table "items"$/;
  await refused("collections_ingest", "berta", made("anna"), policy);
  await refused("collections_ingest", "berta", "update collections.items set user_id = 'anna', id = 'x'", policy);
  const taking = "update collections.items set user_id = 'berta', id = 'x' where user_id = 'anna'";
  assert.equal((await undone("collections_ingest", "berta", taking)).count, 0);
});

test("collections_ingest deletes nothing, and changes nothing of what was said but whether it is the newest", async () => {
  for (const table of tables) {
    for (const statement of ["delete from", "truncate"])
      await refused("collections_ingest", "anna", `${statement} collections.${table}`, /^permission denied for table/);
  }
  for (const column of ["summary", "version", "raw_response", "user_id"])
    await refused(
      "collections_ingest",
      "anna",
      `update collections.analyses set ${column} = default`,
      /^permission denied/,
    );
  assert.equal((await undone("collections_ingest", "anna", "update collections.analyses set newest = true")).count, 1);
  await refused(
    "collections_ingest",
    "anna",
    "select * from collections.text_matches('cat', null, null, null, 9)",
    /^permission denied for function/,
  );
});

test("collections_api deletes items of its transaction's user with all that is theirs, and writes nothing", async () => {
  assert.equal(
    (await undone("collections_api", "berta", "delete from collections.items where user_id = 'anna'")).count,
    0,
  );
  const left = `
    with gone as (delete from collections.items returning 1) select count(*)::int from gone`;
  assert.deepEqual((await undone("collections_api", "berta", left)).rows, [{ count: 1 }]);
  for (const table of ["analyses", "embeddings"])
    await refused("collections_api", "anna", `delete from collections.${table}`, /^permission denied for table/);
  for (const table of tables) {
    const changed = `update collections.${table} set created_at = now()`;
    await refused("collections_api", "anna", changed, /^permission denied for table/);
    const made = `insert into collections.${table} (user_id) values ('anna')`;
    await refused("collections_api", "anna", made, /^permission denied for table/);
  }
});

test("neither role reaches what sellers have, and theirs do not reach the items", async () => {
  for (const role of roles)
    await refused(role, "anna", "select from transactions.uploads", /^permission denied for schema transactions$/);
  await database.sql`set role transactions_query`;
  await assert.rejects(database.sql`select from collections.items`, { code: "42501" });
  await database.sql`reset role`;
});

test("every table of the schema has a policy, and none of the roles stands above it", async () => {
  const open = await database.sql`
    select relname as table from pg_class where relnamespace = 'collections'::regnamespace and relkind in ('r', 'p')
      and (not relrowsecurity or not exists (select from pg_policy where polrelid = pg_class.oid))`;
  assert.deepEqual([...open], []);
  const above = await database.sql`
    select rolname from pg_roles where rolname in ${database.sql(roles)}
      and (rolsuper or rolbypassrls or rolcreaterole or not rolcanlogin or not pg_has_role(oid, 'rds_iam', 'member'))`;
  assert.deepEqual([...above], []);
});

test("what runs as its owner may be called by the API only, and finds its names in no schema that a caller may write to", async () => {
  const functions = await database.sql`
    select proname, proconfig, has_function_privilege('public', oid, 'execute') as everybody
    from pg_proc where prosecdef and pronamespace = 'collections'::regnamespace`;
  assert.deepEqual(
    functions.map(({ proname, proconfig, everybody }) => [proname, proconfig, everybody]),
    [["text_matches", '{"search_path=pg_catalog, pg_temp"}', false]],
  );
});
