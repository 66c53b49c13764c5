// On a PostgreSQL of the test's own: a request in, an answer out.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { safeParse } from "valibot";
import { listItems } from "../../schemas/endpoints/list-items";
import type { Handler } from "../../stage/answer";
import { ask, type Request } from "../request-fixture";
import { apiDatabase } from "./api-fixture";
import { factory } from "./list-items";

let database: Awaited<ReturnType<typeof apiDatabase>>;
let handler: Handler;

const ids = Array.from({ length: 12 }, (_, index) => `i${String(index).padStart(2, "0")}`);

before(async () => {
  database = await apiDatabase();
  // Three at a time, so that a time alone is no order.
  for (const [index, id] of ids.entries()) {
    const createdAt = `2026-03-0${1 + Math.floor(index / 3)}T23:59:59.99999${Math.floor(index / 3)}Z`;
    await database.put({ id, createdAt, analysis: { category: index % 4 === 0 ? "food" : "landscape" } });
  }
  await database.put({ user: "berta", id: "i01" });
  handler = factory();
});
after(() => database.end());

const page = async (query: Record<string, string> = {}, user = "anna") => {
  const { status, body } = await ask(handler, { user, query });
  assert.equal(status, 200, JSON.stringify(body));
  const { success, issues } = safeParse(listItems.answer.schema, body);
  assert.ok(success, JSON.stringify(issues));
  return body as unknown as { items: { id: string }[]; cursor?: string };
};

async function all(query: Record<string, string>): Promise<string[]> {
  const found: string[] = [];
  for (let cursor: string | undefined, first = true; first || cursor !== undefined; first = false) {
    const next = await page({ ...query, ...(cursor === undefined ? {} : { cursor }) });
    found.push(...next.items.map(({ id }) => id));
    assert.ok(found.length <= ids.length, "the pages have no end");
    cursor = next.cursor;
  }
  return found;
}

test("items come newest first, with what was said of them", async () => {
  const { items, cursor } = await page({ limit: "1" });
  assert.deepEqual(items, [
    {
      id: "i11",
      filename: "i11.jpg",
      mimeType: "image/jpeg",
      width: 640,
      height: 480,
      category: "landscape",
      summary: "Hills below a wide sky",
      createdAt: "2026-03-04T23:59:59.999993Z",
      updatedAt: "2026-03-04T23:59:59.999993Z",
    },
  ]);
  assert.ok(cursor);
});

test("pages of any size hold every item of the user once", async () => {
  for (const limit of ["1", "2", "3", "5", "11", "12", "100"]) assert.deepEqual(await all({ limit }), ids.toReversed());
  assert.equal((await page({}, "berta")).items.length, 1);
  assert.deepEqual((await page({}, "nobody")).items, []);
});

test("pages go on where they were, whatever comes in between", async () => {
  const { cursor } = await page({ limit: "11" });
  await database.put({ user: "anna", id: "new", createdAt: "2026-03-05T00:00:00Z" });
  assert.deepEqual(
    (await page({ cursor: String(cursor) })).items.map(({ id }) => id),
    ["i00"],
  );
  await database.asOwner(() => database.sql`delete from collections.items where id = 'new'`);
});

test("items are filtered by category and by days in UTC, both included", async () => {
  assert.deepEqual(await all({ category: "food", limit: "2" }), ["i08", "i04", "i00"]);
  assert.deepEqual(await all({ from: "2026-03-04" }), ["i11", "i10", "i09"]);
  assert.deepEqual(await all({ to: "2026-03-01" }), ["i02", "i01", "i00"]);
  assert.deepEqual(await all({ from: "2026-03-02", to: "2026-03-02", limit: "1" }), ["i05", "i04", "i03"]);
  assert.deepEqual(await all({ from: "9999-12-31", to: "9999-12-31" }), []);
});

test("a cursor of other filters or another user is refused", async () => {
  const { cursor = "" } = await page({ limit: "1" });
  const others: Request[] = [
    { query: { cursor, category: "food" }, user: "anna" },
    { query: { cursor }, user: "berta" },
    { query: { cursor: `${cursor}x` }, user: "anna" },
  ];
  for (const request of others) assert.equal((await ask(handler, request)).body.code, "BadRequest");
});

test("whoever has no seller is answered, and each parameter is taken as what it is", async () => {
  assert.equal((await ask(handler, { user: "anna", sellers: [] })).status, 200);
  for (const [name, value] of [
    ["category", "' or 1=1; --"],
    ["from", "2026-02-30"],
    ["to", "now()"],
    ["limit", "101"],
    ["offset", "1"],
    ["cursor", "'; drop table collections.items; --"],
    ["seller", "acme"],
  ] as const) {
    const { status, body } = await ask(handler, { user: "anna", query: { [name]: value } });
    assert.equal(status, 400, name);
    assert.match(JSON.stringify(body.errors), new RegExp(`"field":"${name}"`));
  }
  assert.equal((await ask(handler, { query: { from: "2026-03-02", to: "2026-03-01" } })).status, 400);
});
