// On a PostgreSQL of the test's own, with a server that stands where S3 does: what stages ask, and what comes of it.

import assert from "node:assert/strict";
import { after, before, beforeEach, test } from "node:test";
import type { Embedding, ItemRecordsAnswer, ItemRecordsRequest, KeepAnalysis } from "../../schemas/item-records";
import { imagesBucket } from "./bucket-fixture";
import { type CollectionsDatabase, collectionsDatabase } from "./database-fixture";
import { factory } from "./item-records";
import { analysisOf, keeping, model, vectorOf } from "./items-fixture";

let database: CollectionsDatabase;
let bucket: Awaited<ReturnType<typeof imagesBucket>>;
let handler: ReturnType<typeof factory>;

before(async () => {
  database = await collectionsDatabase();
  bucket = await imagesBucket();
  const { host, port } = database.sql.options;
  Object.assign(process.env, {
    DATABASE_HOST: host[0],
    DATABASE_PORT: String(port[0]),
    DATABASE_NAME: "postgres",
    DATABASE_USER: "collections_ingest",
  });
  handler = factory();
});
beforeEach(async () => {
  await database.sql`truncate collections.items cascade`;
  bucket.objects.clear();
  bucket.put("anna/cat.jpg");
});
after(async () => {
  await database.end();
  await bucket.end();
});

/** All clients of this database are one session. */
const asked = <Request extends ItemRecordsRequest>(request: Request) =>
  database.as("collections_ingest", () => handler(request)) as Promise<ItemRecordsAnswer<Request>>;

async function kept(more: Partial<KeepAnalysis> = {}): Promise<string> {
  const answer = await asked(keeping(more));
  assert.equal(answer.outcome, "kept");
  return "analysis_id" in answer ? answer.analysis_id : "";
}

const analyses = () => database.sql`
  select item_id, version, version_id, request_id, newest, summary from collections.analyses order by item_id, version`;
const item = async () => {
  const [row] = await database.sql`
    select filename, file_path, version_id, mime_type, width, height, created_at from collections.items where id = 'cat'`;
  return row;
};
const embedding = (analysis_id: string, means: string, more: Partial<Embedding> = {}): Embedding => ({
  user_id: "anna",
  item_id: "cat",
  analysis_id,
  vector: vectorOf(means),
  embedding_model: model,
  embedding_source: { summary: means },
  ...more,
});
const embedded = () => database.sql`
  select item_id, analysis_id::text, embedding_model, embedding_dimensions, embedding_source from collections.embeddings
  order by item_id, embedding_model`;

test("an analysis is kept with its item, and all that was said", async () => {
  const analysis = analysisOf({ text: "Sale -50%" });
  const analysis_id = await kept({ analysis, trace_id: "1-2-3" });
  const [row] = await database.sql`
    select id::text, version, category, summary, raw_response, provider_used, model_used, trace_id, newest
    from collections.analyses`;
  assert.deepEqual(row, {
    id: analysis_id,
    version: 1,
    category: "landscape",
    summary: "Hills below a wide sky",
    raw_response: analysis,
    provider_used: "offline",
    model_used: "offline-vision",
    trace_id: "1-2-3",
    newest: true,
  });
  const { created_at: _, ...rest } = (await item()) ?? {};
  assert.deepEqual(rest, {
    filename: "cat.jpg",
    file_path: "anna/cat.jpg",
    version_id: "v1",
    mime_type: "image/jpeg",
    width: 640,
    height: 480,
  });
});

test("the same analysis twice is one, and one that was asked for again is another version", async () => {
  const first = await kept();
  assert.deepEqual(await asked(keeping({ analysis: analysisOf({ summary: "Other words" }) })), {
    outcome: "kept",
    analysis_id: first,
    version: 1,
  });
  await kept({ request_id: "again", analysis: analysisOf({ summary: "Once more" }) });
  await kept({ request_id: "again", analysis: analysisOf({ summary: "Once more" }) });
  assert.equal(await kept(), first);
  assert.deepEqual(
    (await analyses()).map(({ version, request_id, newest, summary }) => [version, request_id, newest, summary]),
    [
      [1, "", false, "Hills below a wide sky"],
      [2, "again", true, "Once more"],
    ],
  );
});

test("a picture that was replaced is superseded, whichever of the two is analyzed first", async () => {
  await kept();
  const made = (await item())?.created_at;
  bucket.put("anna/cat.jpg", "v2");
  assert.deepEqual(await asked(keeping({ request_id: "late" })), { outcome: "superseded" });
  await kept({ version_id: "v2", width: 100, height: 50 });
  assert.deepEqual(await asked(keeping()), { outcome: "superseded" });
  const { version_id, width, created_at } = (await item()) ?? {};
  assert.deepEqual([version_id, width, created_at], ["v2", 100, made]);
  assert.equal((await analyses()).length, 2);
});

test("a picture that was deleted is gone, and nothing is kept of it", async () => {
  bucket.objects.clear();
  assert.deepEqual(await asked(keeping()), { outcome: "gone" });
  assert.equal(await item(), undefined);
});

test("of two pictures that differ in the ending the later one is the item's", async () => {
  const png = { original_key: "anna/cat.png", mime_type: "image/png", version_id: "p1" };
  bucket.put("anna/cat.png", "p1", "2026-03-01T10:00:05Z");
  await kept(png);
  assert.deepEqual(await asked(keeping()), { outcome: "superseded" });
  assert.equal((await item())?.file_path, "anna/cat.png");
  bucket.put("anna/cat.jpg", "v2", "2026-03-01T10:00:06Z");
  await kept({ version_id: "v2" });
  assert.equal((await item())?.file_path, "anna/cat.jpg");
  assert.deepEqual(await asked(keeping({ ...png, request_id: "again" })), { outcome: "superseded" });
});

test("users have items of the same name, each their own", async () => {
  bucket.put("berta/cat.jpg", "b1");
  await kept();
  await kept({ user_id: "berta", original_key: "berta/cat.jpg", version_id: "b1" });
  assert.deepEqual((await analyses()).map(({ version, version_id }) => [version, version_id]).sort(), [
    [1, "b1"],
    [1, "v1"],
  ]);
});

test("what PostgreSQL cannot keep is taken out of a text", async () => {
  await kept({ analysis: analysisOf({ summary: "a\0b", objects: ["x\ud800y"], text: "\0" }) });
  const [row] = await database.sql`select summary, raw_response from collections.analyses`;
  assert.equal(row?.summary, "ab");
  assert.deepEqual([row?.raw_response.objects, row?.raw_response.text], [["x\ufffdy"], ""]);
});

test("names with everything that a file name may have are kept as they are", async () => {
  const item_id = "Ünï +'; drop table x; -- %2B \u{1f408}";
  const original_key = `anna/${item_id}.jpg`;
  bucket.put(original_key);
  await kept({ item_id, original_key });
  assert.equal((await analyses())[0]?.item_id, item_id);
  const names = { user_id: "anna", item_id };
  assert.equal((await asked({ read: "item", ...names }))?.original_key, original_key);
});

test("analyses are told in their order, with what became of them", async () => {
  bucket.put("berta/dog.jpg", "b1");
  const cat = await kept();
  const dog = await kept({ user_id: "berta", item_id: "dog", original_key: "berta/dog.jpg", version_id: "b1" });
  const names = [
    { user_id: "berta", item_id: "dog", analysis_id: dog },
    { user_id: "anna", item_id: "cat", analysis_id: "analysis789" },
    { user_id: "anna", item_id: "cat", analysis_id: cat },
    { user_id: "anna", item_id: "dog", analysis_id: dog },
    { user_id: "berta", item_id: "cat", analysis_id: cat },
  ];
  const read = () => asked({ read: "analyses", analyses: names, embedding_model: model });
  const found = { outcome: "found", analysis: analysisOf() };
  const gone = { outcome: "gone" };
  assert.deepEqual(await read(), [found, { outcome: "missing" }, found, gone, gone]);
  await asked({ keep: "embeddings", embeddings: [embedding(cat, "cat")] });
  assert.deepEqual((await read())[2], { outcome: "embedded" });
  const other = await asked({ read: "analyses", analyses: names.slice(2, 3), embedding_model: "other" });
  assert.deepEqual(other, [found]);
});

test("embeddings of several users are kept in one call, twice as once", async () => {
  bucket.put("berta/cat.jpg", "b1");
  const annas = await kept();
  const bertas = await kept({ user_id: "berta", original_key: "berta/cat.jpg", version_id: "b1" });
  const embeddings = [
    embedding(annas, "cat"),
    embedding(bertas, "cat", { user_id: "berta" }),
    embedding(annas, "cat", { embedding_model: "other" }),
    embedding("11111111-2222-4333-8444-555555555555", "cat"),
    embedding(bertas, "cat"),
  ];
  for (let count = 1; count <= 2; count += 1) {
    assert.deepEqual(
      (await asked({ keep: "embeddings", embeddings })).map(({ outcome }) => outcome),
      ["kept", "kept", "kept", "gone", "gone"],
    );
    assert.equal((await embedded()).length, 3);
  }
  assert.equal((await embedded())[0]?.embedding_dimensions, 1_024);
});

test("the embedding of the newer analysis stays, whichever comes first", async () => {
  const first = await kept();
  const second = await kept({ request_id: "again" });
  const outcome = async (id: string) =>
    (await asked({ keep: "embeddings", embeddings: [embedding(id, id)] }))[0]?.outcome;
  assert.equal(await outcome(second), "kept");
  assert.equal(await outcome(first), "superseded");
  assert.deepEqual(
    (await embedded()).map(({ analysis_id, embedding_source }) => [analysis_id, embedding_source]),
    [[second, { summary: second }]],
  );
  const third = await kept({ request_id: "once more" });
  assert.equal(await outcome(third), "kept");
  assert.deepEqual((await embedded())[0]?.analysis_id, third);
  const names = [first, second, third].map((analysis_id) => ({ user_id: "anna", item_id: "cat", analysis_id }));
  const read = await asked({ read: "analyses", analyses: names, embedding_model: model });
  assert.deepEqual(
    read.map((each) => each.outcome),
    ["embedded", "embedded", "embedded"],
  );
});

test("a vector that is none stops the call before anything is written", async () => {
  const id = await kept();
  const whole = vectorOf("cat");
  for (const vector of [[], whole.slice(1), whole.with(7, Number.NaN), whole.with(7, 1e39), new Array(1_024).fill(0)]) {
    const embeddings = [embedding(id, "cat"), embedding(id, "cat", { vector })];
    await assert.rejects(asked({ keep: "embeddings", embeddings }), { code: "BadVector", message: new RegExp(id) });
  }
  assert.equal((await embedded()).length, 0);
});

test("an item is told to its own user, and to nobody else", async () => {
  await kept();
  assert.deepEqual(await asked({ read: "item", user_id: "anna", item_id: "cat" }), {
    bucket: "images",
    original_key: "anna/cat.jpg",
    thumbnail_key: "anna/thumbnails/cat.jpg",
  });
  assert.equal(await asked({ read: "item", user_id: "berta", item_id: "cat" }), null);
});

test("a request of another kind is refused", async () => {
  await assert.rejects(asked({ read: "everything" } as unknown as ItemRecordsRequest), { code: "BadRequest" });
});
