import assert from "node:assert/strict";
import { after, before, beforeEach, test } from "node:test";
import { noKey } from "../model-key";
import { embed, isRefusal } from "./embedding-model";
import { answering, cutOff, failing, modelServer, noJson, type Reply, silent } from "./model-fixture";
import { dimensions } from "./vector";

let model: Awaited<ReturnType<typeof modelServer<Record<string, unknown>>>>;
before(async () => {
  model = await modelServer();
});
after(() => model.end());
beforeEach(() => {
  model.asked.length = 0;
});

const vector = (first: number, length = dimensions) => [first, ...Array.from({ length: length - 1 }, () => 0)];
const embedded = (...vectors: readonly (readonly unknown[])[]): Reply =>
  answering({
    object: "list",
    data: vectors.map((embedding, index) => ({ object: "embedding", embedding, index })).reverse(),
    model: "voyage-3.5",
    usage: { total_tokens: 3 },
  });

function ask(replies: readonly Reply[], texts: readonly string[], { key = "pa-test", timeout = 2 } = {}) {
  model.replies = [...replies];
  const keyParameter = "/collections/VOYAGE_API_KEY";
  return embed({ url: model.url, name: "voyage-3.5", key, keyParameter, timeout }, texts, "document");
}

test("texts are embedded in one request, and come in their own order", async () => {
  assert.deepEqual(await ask([embedded(vector(1), vector(2))], ["a", "b"]), [vector(1), vector(2)]);
  assert.equal(model.asked.length, 1);
  const { path, headers, body } = model.asked[0] ?? { path: "", headers: {}, body: {} };
  assert.equal(path, "/embeddings");
  assert.equal(headers.authorization, "Bearer pa-test");
  assert.deepEqual(body, {
    input: ["a", "b"],
    model: "voyage-3.5",
    input_type: "document",
    output_dimension: dimensions,
    truncation: true,
  });
});

test("an API that has too much to do, or breaks, is asked again", async () => {
  for (const status of [429, 503]) {
    model.asked.length = 0;
    assert.deepEqual(await ask([failing(status), embedded(vector(1))], ["a"]), [vector(1)]);
    assert.equal(model.asked.length, 2, String(status));
  }
});

test("what stays so is of the moment, and no verdict on the text", async () => {
  for (const [what, bad] of [
    ["429", failing(429)],
    ["a key that is refused", failing(401, { detail: "Provided API key is invalid." })],
    ["no JSON", noJson],
    ["broken off", cutOff],
    ["too few", embedded(vector(1))],
    ["something else", answering({ data: "none" })],
    ["an empty answer", answering({})],
  ] as const) {
    await assert.rejects(ask([bad], ["a", "b"]), (error: Error) => !isRefusal(error), what);
  }
  await assert.rejects(ask([silent], ["a"], { timeout: 0.05 }), (error: Error) => !isRefusal(error));
});

test("a vector that is none is missing, and the others are there", async () => {
  for (const [what, bad] of [
    ["too short", vector(1, 512)],
    ["no direction", vector(0)],
    ["no finite number", [...vector(1).slice(1), "1e999"]],
  ] as const) {
    const answer = await ask([embedded(vector(1), bad)], ["a", "b"]);
    assert.deepEqual(answer, [vector(1), undefined], what);
  }
});

test("a text that the API refuses is refused, and not sent again", async () => {
  for (const status of [400, 413, 422]) {
    model.asked.length = 0;
    await assert.rejects(ask([failing(status, { detail: "no" })], ["a"]), isRefusal, String(status));
    assert.equal(model.asked.length, 1, String(status));
  }
});

test("without a key nobody is asked, and it is told where it belongs", async () => {
  await assert.rejects(ask([], ["a"], { key: noKey }), {
    code: "NoModelKey",
    message: /\/collections\/VOYAGE_API_KEY/,
  });
  assert.equal(model.asked.length, 0);
});
