// Who answers functions that ask Claude or Voyage: the models of this cloud, or their own with a key of this laptop.

import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import type { Registered } from "../../stage/evaluation/evaluate";
import { journal } from "../door/journal";
import { ssm as openSsm } from "../services/ssm/ssm";
import { temporaryDirectory } from "../temporary-directory";
import { type ModelKeys, openModels } from "./models";
import { registry } from "./registry";

const parameters = { anthropic: "/tributary/dev/anthropic-api-key", voyage: "/tributary/dev/voyage-api-key" };
const addresses = { anthropic: "https://api.anthropic.com", voyage: "https://api.voyageai.com/v1" };

const lambda = (variables: Readonly<Record<string, string>>): Registered => ({
  type: "aws:lambda/function:Function",
  name: "asking",
  inputs: { environment: { variables } },
  outputs: {},
  secrets: [],
});
const claudeVariables = { CLAUDE_URL: addresses.anthropic, ANTHROPIC_KEY_PARAMETER: parameters.anthropic };
const voyageVariables = { VOYAGE_URL: addresses.voyage, VOYAGE_KEY_PARAMETER: parameters.voyage };

async function opened(t: TestContext, resources: Registered[], keys?: ModelKeys) {
  const ssm = openSsm({ directory: temporaryDirectory(), region: "eu-central-1", account: "123456789012" });
  for (const name of Object.values(parameters)) ssm.put({ name, type: "SecureString", value: "none", version: "1" });
  const options = { ssm, journal: journal(), ...(keys === undefined ? {} : { keys }) };
  const models = await openModels(registry({ resources, outputs: {}, region: "eu-central-1" }), options);
  t.after(() => models?.end());
  return { models, keyOf: (whose: keyof typeof parameters) => ssm.valueOf(parameters[whose]) };
}

test("without a key the models of this cloud answer, and the parameters hold one that they take", async (t) => {
  const { models, keyOf } = await opened(t, [lambda(claudeVariables), lambda(voyageVariables)]);
  const claude = models?.resolve(addresses.anthropic) ?? "";
  assert.match(claude, /^http:\/\/127\.0\.0\.1:\d+$/);
  assert.equal((await fetch(`${claude}/v1/messages`, { method: "POST", body: "{}" })).status, 401);
  const voyage = models?.resolve(addresses.voyage) ?? "";
  assert.match(voyage, /^http:\/\/127\.0\.0\.1:\d+\/v1$/);
  const body = JSON.stringify({ input: "a", model: "voyage-4" });
  assert.equal((await fetch(`${voyage}/embeddings`, { method: "POST", body })).status, 401);
  assert.deepEqual([keyOf("anthropic"), keyOf("voyage")], ["offline", "offline"]);
});

test("with a key Anthropic's own model answers, and the parameter holds the key", async (t) => {
  const { models, keyOf } = await opened(t, [lambda(claudeVariables)], { anthropic: "sk-ant-mine" });
  assert.equal(models?.resolve(addresses.anthropic), addresses.anthropic);
  assert.equal(keyOf("anthropic"), "sk-ant-mine");
});

test("one may have a key and the other none, also where one function asks both", async (t) => {
  const asking = [lambda({ ...claudeVariables, ...voyageVariables })];
  for (const [whose, other] of [
    ["anthropic", "voyage"],
    ["voyage", "anthropic"],
  ] as const) {
    const { models, keyOf } = await opened(t, asking, { [whose]: "mine" });
    assert.equal(models?.resolve(addresses[whose]), addresses[whose]);
    assert.match(models?.resolve(addresses[other]) ?? "", /^http:\/\/127\.0\.0\.1:/);
    assert.deepEqual([keyOf(whose), keyOf(other)], ["mine", "offline"]);
  }
});

test("a model that no function asks is not opened", async (t) => {
  const { models, keyOf } = await opened(t, [lambda(voyageVariables)], { anthropic: "sk-ant-mine" });
  assert.equal(models?.resolve(addresses.anthropic), addresses.anthropic);
  assert.deepEqual([keyOf("anthropic"), keyOf("voyage")], ["none", "offline"]);
});

test("where no function asks a model there is none", async (t) => {
  const { models, keyOf } = await opened(t, [lambda({})]);
  assert.deepEqual([models, keyOf("anthropic"), keyOf("voyage")], [undefined, "none", "none"]);
});
