// On a PostgreSQL of the test's own, as the role of the API: a search in, its hits out.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { safeParse } from "valibot";
import { searchItems } from "../../../schemas/endpoints/search-items";
import type { ItemSearch } from "../../../schemas/found-items";
import { positionOf } from "../../cursor";
import { asUser } from "../as-user";
import { type CollectionsDatabase, collectionsDatabase } from "../database-fixture";
import { model, putItem, vectorOf } from "../items-fixture";
import { nearestSettings } from "../nearest";
import { hybridSearch, mostOfAKind } from "./hybrid-search";

let database: CollectionsDatabase;

before(async () => {
  database = await collectionsDatabase();
  const { sql } = database;
  const items = [
    {
      id: "lighthouse",
      analysis: { category: "building", summary: "A lighthouse above the sea" },
      means: "beacon coast",
    },
    { id: "harbour", analysis: { category: "vehicle", summary: "Boats at a pier" }, means: "beacon coast ship" },
    { id: "coast", analysis: { summary: "Rocks and a lighthouse far away" }, means: "beacon rocks" },
    { id: "cake", analysis: { category: "food", summary: "A cake with cherries" }, means: "sweet" },
    {
      id: "bill",
      analysis: { category: "document", summary: "A bill", text: "Total <b>42</b> euros\nlighthouse inn" },
    },
    { id: "old", analysis: { summary: "An old tower" }, means: "beacon", createdAt: "2025-12-31T23:59:59.999999Z" },
  ] as const;
  for (const item of items) await putItem(sql, item);
  await putItem(sql, { user: "berta", id: "lighthouse", analysis: { summary: "A lighthouse" }, means: "beacon coast" });
});
after(() => database.end());

const search = (more: Partial<ItemSearch> = {}, query = "lighthouse", means = "beacon coast") =>
  database.as("collections_api", (sql) => {
    const asked = {
      userId: "anna",
      query,
      vector: vectorOf(means),
      embeddingModel: model,
      limit: 20,
      offset: 0,
      ...more,
    };
    return asUser(sql, asked.userId, (own) => hybridSearch(own, asked), nearestSettings);
  });
const idsOf = ({ items }: Awaited<ReturnType<typeof search>>) => items.map(({ id }) => id);

test("what fits by words and by meaning comes first, and what fits one way only comes as well", async () => {
  const found = await search();
  assert.deepEqual(idsOf(found), ["lighthouse", "coast", "harbour", "old", "bill"]);
  const [lighthouse, , harbour, , bill] = found.items;
  assert.ok((lighthouse?.similarity ?? 0) > 0.99 && (lighthouse?.textRank ?? 0) > 0);
  assert.deepEqual([harbour?.textRank, bill?.similarity], [null, null]);
  assert.ok(Math.abs((lighthouse?.score ?? 0) - 2 / 61) < 1e-9);
  assert.equal(found.truncated, false);
  const { success, issues } = safeParse(searchItems.answer.schema, found);
  assert.ok(success, JSON.stringify(issues));
});

test("a search finds by words alone, and by meaning alone", async () => {
  assert.deepEqual(idsOf(await search({}, "cherries", "nothing of the kind")), ["cake"]);
  assert.deepEqual(idsOf(await search({}, "gateau", "sweet")), ["cake"]);
  assert.deepEqual(idsOf(await search({ embeddingModel: "another" }, "gateau", "sweet")), []);
  assert.deepEqual(idsOf(await search({}, "the", "!")), []);
});

test("a search of nothing but operators is answered", async () => {
  for (const query of ["-".repeat(500), "- ".repeat(250), '"'.repeat(500), "or ".repeat(166), "((((&&||!!<->:*"]) {
    await assert.doesNotReject(search({}, query), query.slice(0, 20));
  }
});

test("phrases, alternatives and exclusions are understood, and nothing else is", async () => {
  assert.deepEqual(idsOf(await search({}, '"cake with cherries"', "!")), ["cake"]);
  assert.deepEqual(idsOf(await search({}, '"cherries with cake"', "!")), []);
  assert.deepEqual(idsOf(await search({}, "cake or pier", "!")).sort(), ["cake", "harbour"]);
  assert.deepEqual(idsOf(await search({}, "lighthouse -sea -inn", "!")), ["coast"]);
  for (const odd of ["'", "\\", "a & | !", ":*", "(((", "' or 1=1; drop table collections.items; --", '"', "\u{1f5fc}"])
    assert.deepEqual(idsOf(await search({}, odd, "!")), [], odd);
});

test("filters hold for both ways", async () => {
  assert.deepEqual(idsOf(await search({ category: "landscape" })), ["coast", "old"]);
  assert.deepEqual(idsOf(await search({ category: "document" })), ["bill"]);
  assert.deepEqual(idsOf(await search({ from: "2026-01-01" })), ["lighthouse", "coast", "harbour", "bill"]);
  assert.deepEqual(idsOf(await search({ to: "2025-12-31" })), ["old"]);
  assert.deepEqual(idsOf(await search({ from: "2025-12-31", to: "2025-12-31" })), ["old"]);
  assert.deepEqual(idsOf(await search({ from: "2026-03-01", to: "2026-03-01", category: "vehicle" })), ["harbour"]);
  assert.deepEqual(idsOf(await search({ from: "9999-12-31", to: "9999-12-31" })), []);
});

test("a user finds nothing of another one's, whatever the search says", async () => {
  const found = await search({ userId: "berta" });
  assert.deepEqual(
    found.items.map(({ id, summary }) => [id, summary]),
    [["lighthouse", "A lighthouse"]],
  );
  assert.deepEqual(idsOf(await search({ userId: "nobody" })), []);
  // As a statement that was given the wrong user: the policies and text_matches go by the transaction.
  const asked = { query: "lighthouse", vector: vectorOf("beacon"), embeddingModel: model, limit: 20, offset: 0 };
  const wrong = await database.as("collections_api", (sql) =>
    asUser(sql, "berta", (own) => hybridSearch(own, { ...asked, userId: "anna" })),
  );
  assert.deepEqual(wrong.items, []);
});

test("pages of any size hold every hit once, in one order", async () => {
  const whole = idsOf(await search());
  for (const limit of [1, 2, 3, 4, 5]) {
    const pages: string[] = [];
    for (let offset = 0, more = true; more; offset += limit) {
      const { items, cursor } = await search({ limit, offset });
      pages.push(...items.map(({ id }) => id));
      more = cursor !== undefined;
      const filters = ["lighthouse", undefined, undefined, undefined];
      if (cursor !== undefined) assert.deepEqual(positionOf(cursor, filters, ["bigint"]), [String(offset + limit)]);
    }
    assert.deepEqual(pages, whole, String(limit));
  }
  for (const offset of [-1, 5, 1e15, Number.MAX_SAFE_INTEGER]) {
    const { items, cursor } = await search({ offset, limit: 5 });
    assert.deepEqual([items.length, cursor], [offset === -1 ? 5 : 0, undefined]);
  }
});

test("matches are shown as pieces of text, whatever is in it", async () => {
  const [bill] = (await search({}, "euro inns", "!")).items;
  assert.deepEqual(bill?.highlights, {
    text: [
      // PostgreSQL takes tags for what they are in HTML, and leaves them out of a part of a text.
      { text: "Total  42  ", match: false },
      { text: "euros", match: true },
      { text: "\nlighthouse ", match: false },
      { text: "inn", match: true },
    ],
  });
  const [cake] = (await search({}, "cherry skies", "!")).items;
  assert.deepEqual(cake?.highlights, {
    summary: [
      { text: "A cake with ", match: false },
      { text: "cherries", match: true },
    ],
    objects: [
      { text: "hill, ", match: false },
      { text: "sky", match: true },
    ],
  });
});

test("a vector that is none is refused", async () => {
  for (const vector of [
    [],
    [1],
    new Array(1_024).fill(Number.NaN),
    new Array(1_024).fill(1e39),
    new Array(1_025).fill(1),
  ])
    await assert.rejects(search({ vector }), { code: "BadVector" });
});

test("whoever has more items than are looked at is told so, and has pages to the end of those", async () => {
  const many = mostOfAKind + 50;
  for (let index = 0; index < many; index += 1)
    await putItem(database.sql, { user: "cleo", id: `i${index}`, means: `beacon ${"x".repeat(index + 1)}` });
  const seen: string[] = [];
  for (let offset = 0, more = true; more; offset += 100) {
    const { items, cursor, truncated } = await search({ userId: "cleo", limit: 100, offset }, "hills");
    seen.push(...items.map(({ id }) => id));
    assert.equal(truncated, true);
    more = cursor !== undefined;
  }
  assert.ok(seen.length >= mostOfAKind && seen.length <= 2 * mostOfAKind, String(seen.length));
  assert.equal(new Set(seen).size, seen.length);
});
