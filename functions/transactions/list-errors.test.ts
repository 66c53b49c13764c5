// On a DynamoDB of the test's own: a request in, an answer out.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { safeParse } from "valibot";
import { listErrors } from "../../schemas/endpoints/list-errors";
import type { Handler } from "../../stage/answer";
import { ask, type Request } from "../request-fixture";
import { errorId, errorsTable, feedError } from "./errors-fixture";
import { factory } from "./list-errors";

let table: Awaited<ReturnType<typeof errorsTable>>;
let handler: Handler;

before(async () => {
  table = await errorsTable();
  handler = factory();
  for (let minute = 0; minute < 30; minute += 1) {
    const status = minute % 10 === 0 ? "resolved" : "open";
    await table.put(feedError({ errorId: errorId(minute), status }));
    if (minute % 3 === 0) await table.put(feedError({ errorId: errorId(minute), status, seller: "berg" }));
  }
  await table.put(feedError({ seller: "cato" }));
});
after(() => table.end());

const page = async (request: Request) => {
  const { status, body } = await ask(handler, request);
  assert.equal(status, 200, JSON.stringify(body));
  return body as unknown as { errors: { seller: string; errorId: string; status: string }[]; cursor?: string };
};

async function all(request: Request) {
  const places: string[] = [];
  for (let cursor: string | undefined, first = true; first || cursor !== undefined; first = false) {
    const query = { ...request.query, ...(cursor === undefined ? {} : { cursor }) };
    const found = await page({ ...request, query });
    places.push(...found.errors.map((error) => `${error.errorId} ${error.seller}`));
    assert.ok(places.length <= 500, "the pages have no end");
    cursor = found.cursor;
  }
  return places;
}

test("errors come newest first, without the rows and the key of what was rejected", async () => {
  const found = await page({ query: { limit: "1" } });
  assert.deepEqual(
    found.errors.map((error) => error.errorId),
    [errorId(29)],
  );
  const { sample: _, rejected: __, ...told } = feedError({ errorId: errorId(29) });
  assert.deepEqual(found.errors[0], told);
  const { success, issues } = safeParse(listErrors.answer.schema, found);
  assert.ok(success, JSON.stringify(issues));
});

test("pages of any size hold every error of every seller of the token once, in one order", async () => {
  const whole = await all({ sellers: ["berg", "acme"], query: { limit: "500" } });
  assert.equal(whole.length, 40);
  const minutes = Array.from({ length: 30 }, (_, index) => 29 - index);
  assert.deepEqual(
    whole,
    minutes.flatMap((minute) => [`${errorId(minute)} acme`, ...(minute % 3 === 0 ? [`${errorId(minute)} berg`] : [])]),
  );
  for (const limit of ["1", "2", "3", "7", "39", "40"])
    assert.deepEqual(await all({ sellers: ["acme", "berg"], query: { limit } }), whole, limit);
});

test("a status is found however far apart its errors are", async () => {
  const resolved = await all({ query: { status: "resolved", limit: "1" } });
  assert.deepEqual(
    resolved,
    [20, 10, 0].map((minute) => `${errorId(minute)} acme`),
  );
  assert.equal((await all({ query: { status: "open" } })).length, 27);
});

test("a seller of the token can be asked for, and nobody else", async () => {
  const both = ["acme", "berg"];
  const { errors } = await page({ sellers: both, query: { seller: "berg", limit: "500" } });
  assert.deepEqual([...new Set(errors.map((error) => error.seller))], ["berg"]);
  assert.equal((await ask(handler, { query: { seller: "cato" } })).body.code, "NotYourSeller");
  assert.deepEqual((await page({ sellers: ["nobody"] })).errors, []);
});

test("a cursor goes on with what came before a new error, and is of its own list only", async () => {
  const { cursor } = await page({ query: { limit: "29" } });
  assert.ok(cursor !== undefined);
  await table.put(feedError({ errorId: errorId(59) }));
  assert.deepEqual(
    (await page({ query: { cursor } })).errors.map((error) => error.errorId),
    [errorId(0)],
  );
  const others: Request[] = [
    { query: { cursor, status: "open" } },
    { query: { cursor: `${cursor}x` } },
    { query: { cursor }, sellers: ["berg"] },
  ];
  for (const request of others) assert.equal((await ask(handler, request)).body.code, "BadRequest");
});

test("what is no such parameter is refused by its name", async () => {
  for (const [name, value] of [
    ["status", "closed"],
    ["limit", "0"],
    ["offset", "1"],
    ["seller", "x' or 1=1"],
  ] as const) {
    const { status, body } = await ask(handler, { query: { [name]: value } });
    assert.equal(status, 400);
    assert.match(JSON.stringify(body.errors), new RegExp(`"field":"${name}"`));
  }
});
