// What the indexes of schemas/migrations/0003_collections.sql are for, on a PostgreSQL of the test's own: the statements
// that search can go by them, as the role of the API. A table of this size PostgreSQL would rather read whole, and so it
// is kept from that.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type { TransactionSql } from "postgres";
import { asUser } from "./as-user";
import { type CollectionsDatabase, collectionsDatabase } from "./database-fixture";
import { model, putItem, vectorOf } from "./items-fixture";
import { nearest, nearestSettings } from "./nearest";

let database: CollectionsDatabase;

const items = 240;
const foods = Array.from({ length: 6 }, (_, index) => `food${index}`);

before(async () => {
  database = await collectionsDatabase();
  for (let index = 0; index < items; index += 1)
    await putItem(database.sql, { user: index % 2 ? "anna" : "berta", id: `i${index}`, means: `cat fur w${index}` });
  // Far from what is searched for, behind all of the others.
  for (const id of foods) await putItem(database.sql, { id, means: `sweet ${id}`, analysis: { category: "food" } });
  await database.sql`analyze`;
});
after(() => database.end());

const vector = `[${vectorOf("cat fur").join(",")}]`;
const inOrder = { enable_sort: "off", enable_seqscan: "off" };

const asApi = <T>(settings: Readonly<Record<string, string>>, work: (sql: TransactionSql) => Promise<T>): Promise<T> =>
  database.as("collections_api", (sql) => asUser(sql, "anna", work, settings));

const near = (sql: TransactionSql, category?: "food") =>
  nearest(sql, {
    userId: "anna",
    model: sql`${model}`,
    vector: sql`${vector}::text::vector`,
    filters: { category },
    most: 50,
  });

test("the nearest are found by the index of vectors, past the policy and with filters", async () => {
  for (const category of [undefined, "food"] as const) {
    const plan = await asApi({ ...nearestSettings, ...inOrder }, (sql) => sql`explain ${near(sql, category)}`);
    const lines = plan.map((line) => String(line["QUERY PLAN"])).join("\n");
    assert.match(lines, /Index Scan using embeddings_nearest on embeddings/);
    assert.doesNotMatch(lines, /Sort/);
  }
});

test("a scan of the index goes on until enough have passed a filter that hides most", async () => {
  const narrow = { ...nearestSettings, ...inOrder, "hnsw.ef_search": "10" };
  const found = (settings: Readonly<Record<string, string>>) =>
    asApi(settings, (sql) => sql`${near(sql, "food")}`.then((rows) => rows.map(({ item_id }) => item_id).sort()));
  assert.deepEqual(await found({ ...narrow, "hnsw.iterative_scan": "off" }), []);
  assert.deepEqual(await found(narrow), foods);
  const all = await asApi(narrow, (sql) => sql`${near(sql)}`);
  assert.equal(all.length, 50);
});

test("words are found by their index, which no statement past the policy could go by", async () => {
  const { sql } = database;
  await sql`
    insert into collections.items
      (id, user_id, filename, bucket, file_path, version_id, uploaded_at, thumbnail_key, mime_type, width, height)
    select 'n' || n, (array['anna', 'berta'])[1 + n % 2], 'f', 'b', 'p', 'v', now(), 't', 'image/jpeg', 1, 1
    from generate_series(1, 4000) n`;
  await sql`
    insert into collections.analyses (item_id, user_id, version, version_id, request_id, category, summary, raw_response,
      provider_used, model_used)
    select id, user_id, 1, 'v', '', 'other', 'Tower w' || substr(id, 2)::int % 50, jsonb_build_object('text', repeat('a ', 200)), 'o', 'm'
    from collections.items where id like 'n%'`;
  await sql`analyze`;
  const scans = async () => {
    await sql`select pg_stat_force_next_flush()`;
    const [row] = await sql`
      select idx_scan::int as scans from pg_stat_user_indexes where indexrelname = 'analyses_words'`;
    return row?.scans as number;
  };
  const ids = (statement: string) =>
    asApi({}, (own) => own.unsafe(statement).then((rows) => rows.map(({ item_id }) => item_id).sort()));
  const query = "websearch_to_tsquery('english', 'w4')";
  const scansBefore = await scans();
  const past = await ids(`
    select item_id from collections.analyses where newest and array[user_id] @> array['anna'] and search_vector @@ ${query}`);
  assert.deepEqual([past.length, await scans()], [80, scansBefore]);
  assert.deepEqual(await ids(`select item_id from collections.text_matches(${query}, null, null, null, 500)`), past);
  assert.equal(await scans(), scansBefore + 1);
});
