// On a PostgreSQL of the test's own: a request in, an answer out.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { safeParse } from "valibot";
import { similarItems } from "../../schemas/endpoints/similar-items";
import type { Handler } from "../../stage/answer";
import { ask } from "../request-fixture";
import { apiDatabase } from "./api-fixture";
import { factory } from "./similar-items";

let database: Awaited<ReturnType<typeof apiDatabase>>;
let handler: Handler;

before(async () => {
  database = await apiDatabase();
  for (const [id, means] of Object.entries({
    cat: "cat animal fur",
    kitten: "cat animal fur small",
    dog: "dog animal fur",
    horse: "horse animal",
    cake: "sweet",
  }))
    await database.put({ id, means });
  await database.put({ id: "waiting" });
  await database.put({ id: "other", means: "cat animal fur", model: "another" });
  await database.put({ id: "a+b ü%2F", means: "sweet" });
  await database.put({ user: "berta", id: "cat", means: "cat animal fur" });
  await database.put({ user: "berta", id: "tiger", means: "cat animal fur" });
  handler = factory();
});
after(() => database.end());

const similar = async (id: string, user = "anna", limit = "3") => {
  const { status, body } = await ask(handler, { user, path: { id }, query: { limit } });
  if (status === 200) assert.ok(safeParse(similarItems.answer.schema, body).success, JSON.stringify(body));
  return { status, code: body.code, items: (body.items ?? []) as { id: string; similarity: number }[] };
};
const idsOf = ({ items }: Awaited<ReturnType<typeof similar>>) => items.map(({ id }) => id);

test("the nearest come first, without the item itself", async () => {
  const found = await similar("cat");
  assert.deepEqual(idsOf(found), ["kitten", "dog", "horse"]);
  const similarities = found.items.map(({ similarity }) => similarity);
  assert.deepEqual(
    similarities,
    similarities.toSorted((a, b) => b - a),
  );
  assert.deepEqual(idsOf(await similar("cake", "anna", "1")), ["a+b ü%2F"]);
  assert.deepEqual(idsOf(await similar("a+b ü%2F", "anna", "1")), ["cake"]);
});

test("another user's items are neither found nor compared with", async () => {
  assert.deepEqual(idsOf(await similar("cat", "berta")), ["tiger"]);
  assert.deepEqual(await similar("kitten", "berta"), { status: 404, code: "NotFound", items: [] });
  assert.equal((await similar("tiger")).status, 404);
});

test("items that other models have embedded are not compared", async () => {
  assert.deepEqual(idsOf(await similar("other")), []);
  assert.ok(!idsOf(await similar("cat", "anna", "100")).includes("other"));
});

test("an item that is not embedded yet has a code of its own", async () => {
  assert.deepEqual(await similar("waiting"), { status: 409, code: "NotEmbedded", items: [] });
});

test("a name that is none is refused, and one that is SQL is not there", async () => {
  for (const id of ["../cat", ".cat", "a/b", "a\0b", "x".repeat(201)])
    assert.equal((await similar(id)).status, 400, id);
  for (const id of ["' or '1'='1", "cat'; drop table collections.items; --", "cat "])
    assert.equal((await similar(id)).status, 404, id);
});
