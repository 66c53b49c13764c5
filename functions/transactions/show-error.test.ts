// On a DynamoDB of the test's own: a request in, an answer out. S3 is not asked.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { safeParse } from "valibot";
import { showError } from "../../schemas/endpoints/show-error";
import type { Handler } from "../../stage/answer";
import { ask } from "../request-fixture";
import { errorId, errorsTable, feedError } from "./errors-fixture";
import { factory } from "./show-error";

let table: Awaited<ReturnType<typeof errorsTable>>;
let handler: Handler;

before(async () => {
  table = await errorsTable();
  process.env.REJECTED_BUCKET = "rejected-feeds";
  handler = factory();
  const { rejected: _, ...lost } = feedError({ errorId: errorId(2) });
  await table.put(
    feedError(),
    feedError({ seller: "berg", errorId: errorId(1), rejected: `files/berg/${errorId(1)}/März 1.csv` }),
    lost,
  );
});
after(() => table.end());

test("show-error gives the whole, with a link to the rejected rows that is good for 15 minutes", async () => {
  const { status, body } = await ask(handler, { path: { id: errorId(0) } });
  assert.equal(status, 200);
  const { rejected, ...error } = body as { rejected: { url: string; expiresAt: string } };
  const { rejected: _, ...told } = feedError();
  assert.deepEqual(error, told);
  const url = new URL(rejected.url);
  assert.equal(url.hostname, "rejected-feeds.s3.eu-central-1.amazonaws.com");
  assert.equal(url.pathname, `/rows/acme/${errorId(0)}.csv`);
  assert.equal(url.searchParams.get("X-Amz-Expires"), "900");
  assert.match(url.searchParams.get("response-content-disposition") ?? "", /^attachment; filename\*=UTF-8''2026/);
  assert.ok(Date.parse(rejected.expiresAt) > Date.now());
  const { success, issues } = safeParse(showError.answer.schema, body);
  assert.ok(success, JSON.stringify(issues));
});

test("show-error looks for each seller of the token", async () => {
  const asked = { path: { id: errorId(1) }, sellers: ["acme", "berg"] };
  const { body } = await ask(handler, asked);
  assert.equal(body.seller, "berg");
  assert.match((body.rejected as { url: string }).url, /\/M%C3%A4rz%201\.csv\?/);
  assert.equal((await ask(handler, { ...asked, query: { seller: "acme" } })).body.code, "NotFound");
});

test("show-error gives no link where nothing was kept", async () => {
  assert.equal((await ask(handler, { path: { id: errorId(2) } })).body.rejected, undefined);
});

test("another seller's error is not there, and an id that is none is refused", async () => {
  const { status, body } = await ask(handler, { path: { id: errorId(1) } });
  assert.deepEqual([status, body.code], [404, "NotFound"]);
  for (const id of ["x", "' or 1=1", "%00", `${errorId(0)}x`, "..%2f.."])
    assert.equal((await ask(handler, { path: { id } })).body.code, "BadRequest", id);
});
