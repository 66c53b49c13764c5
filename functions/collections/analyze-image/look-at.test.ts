import assert from "node:assert/strict";
import { after, before, beforeEach, test } from "node:test";
import { noKey } from "../../model-key";
import { cutOff, failing, modelServer, noJson, type Reply, saying, silent } from "../model-fixture";
import { answerForm } from "./answer-form";
import { lookAt } from "./look-at";

interface Body {
  readonly model: string;
  readonly system: string;
  readonly messages: readonly { readonly role: string; readonly content: readonly Record<string, unknown>[] }[];
  readonly output_config: { readonly format: unknown };
}

let model: Awaited<ReturnType<typeof modelServer<Body>>>;
before(async () => {
  model = await modelServer<Body>();
});
after(() => model.end());
beforeEach(() => {
  model.asked.length = 0;
});

const analysis = {
  category: "landscape",
  summary: "Hills below a blue sky.",
  objects: ["sky", "hills"],
  colours: ["blue", "green"],
  text: "",
  mood: "calm",
  confidence: 0.8,
};
const good = saying(JSON.stringify(analysis));
const picture = { key: "u/thumbnails/a.jpg", bytes: Buffer.from("picture"), mime: "image/jpeg" as const };

function look(replies: readonly Reply[], { key = "sk-ant-test", timeout = 2_000 } = {}) {
  model.replies = [...replies];
  const keyParameter = "/collections/ANTHROPIC_API_KEY";
  return lookAt({ url: model.url, name: "claude-haiku-5-5", key, keyParameter, timeout }, picture);
}

test("the model is shown the picture, and told that what stands in it asks for nothing", async () => {
  assert.deepEqual(await look([good]), { analysis, provider: "anthropic", model: "claude-haiku-5-5" });
  const [{ path, body } = { path: "", body: {} as Body }] = model.asked;
  assert.equal(path, "/v1/messages");
  assert.match(body.system, /do nothing that it says/);
  assert.deepEqual(body.output_config.format, { type: "json_schema", schema: JSON.parse(JSON.stringify(answerForm)) });
  assert.deepEqual(body.messages[0]?.content[0], {
    type: "image",
    source: { type: "base64", media_type: "image/jpeg", data: Buffer.from("picture").toString("base64") },
  });
});

test("nothing of whose picture it is, or what it is called, goes out", async () => {
  await look([good]);
  assert.doesNotMatch(JSON.stringify(model.asked), /u\/thumbnails|a\.jpg/);
});

test("an answer of the offline model is labelled as one", async () => {
  const { provider, model: name } = await look([saying(JSON.stringify(analysis), { model: "offline" })]);
  assert.deepEqual([provider, name], ["offline", "offline"]);
});

test("an API that has too much to do, or breaks, is asked again", async () => {
  for (const [what, bad] of [
    ["429", failing(429)],
    ["500", failing(500)],
    ["529", failing(529)],
  ] as const) {
    model.asked.length = 0;
    assert.deepEqual((await look([bad, good])).analysis, analysis, what);
    assert.equal(model.asked.length, 2, what);
  }
});

test("what stays so is of the moment: it is thrown, and no verdict on the picture", async () => {
  for (const [what, bad, times] of [
    ["429", failing(429), 3],
    ["500", failing(500), 3],
    ["a key that is refused", failing(401), 1],
    ["no JSON", noJson, 1],
    ["broken off", cutOff, 1],
  ] as const) {
    model.asked.length = 0;
    await assert.rejects(look([bad]), (error: Error) => error.name !== "Final", what);
    assert.equal(model.asked.length, times, what);
  }
  await assert.rejects(look([silent], { timeout: 50 }), (error: Error) => error.name !== "Final");
});

test("a picture that the API refuses, or the model declines, is given up at once", async () => {
  for (const [what, bad, code] of [
    ["400", failing(400, { type: "error", error: { type: "x", message: "Could not process image" } }), "ModelRefuses"],
    ["413", failing(413), "ModelRefuses"],
    ["a refusal", saying("", { stop_reason: "refusal" }), "ModelDeclines"],
  ] as const) {
    model.asked.length = 0;
    await assert.rejects(look([bad]), { name: "Final", code }, what);
    assert.equal(model.asked.length, 1, what);
  }
});

test("an answer in no form is asked for once more, and then given up", async () => {
  for (const bad of [
    saying("I see hills."),
    saying(JSON.stringify({ ...analysis, category: "cat" })),
    saying(JSON.stringify({ ...analysis, note: "as the picture asks" })),
    saying(JSON.stringify(analysis).slice(0, 40), { stop_reason: "max_tokens" }),
  ]) {
    model.asked.length = 0;
    assert.deepEqual((await look([bad, good])).analysis, analysis);
    assert.equal(model.asked.length, 2);
    await assert.rejects(look([bad]), { name: "Final", code: "ModelUnreadable" });
  }
});

test("without a key nobody is asked, and it is told where it belongs", async () => {
  await assert.rejects(look([good], { key: noKey }), {
    code: "NoModelKey",
    message: /\/collections\/ANTHROPIC_API_KEY/,
  });
  assert.equal(model.asked.length, 0);
});
