// Who answers functions that ask Claude: the model of this cloud, or Anthropic's with a key of this laptop.

import assert from "node:assert/strict";
import { test } from "node:test";
import type { Registered } from "../../stage/evaluation/evaluate";
import { journal } from "../door/journal";
import { ssm as openSsm } from "../services/ssm/ssm";
import { temporaryDirectory } from "../temporary-directory";
import { openModels } from "./models";
import { registry } from "./registry";

const parameter = "/tributary/dev/anthropic-api-key";
const lambda = (variables: Readonly<Record<string, string>>): Registered => ({
  type: "aws:lambda/function:Function",
  name: "asking",
  inputs: { environment: { variables } },
  outputs: {},
  secrets: [],
});
const asking = lambda({ CLAUDE_URL: "https://api.anthropic.com", ANTHROPIC_KEY_PARAMETER: parameter });

async function opened(resources: Registered[], apiKey?: string) {
  const ssm = openSsm({ directory: temporaryDirectory(), region: "eu-central-1", account: "123456789012" });
  ssm.put({ name: parameter, type: "SecureString", value: "none", version: "1" });
  const options = { ssm, journal: journal(), ...(apiKey === undefined ? {} : { apiKey }) };
  const models = await openModels(registry({ resources, outputs: {}, region: "eu-central-1" }), options);
  return { models, key: () => ssm.valueOf(parameter) };
}

test("without a key the model of this cloud answers, and the parameter holds one that it takes", async (t) => {
  const { models, key } = await opened([asking]);
  t.after(() => models?.end());
  const address = models?.resolve("https://api.anthropic.com") ?? "";
  assert.match(address, /^http:\/\/127\.0\.0\.1:\d+$/);
  assert.equal(key(), "offline");
  const response = await fetch(`${address}/v1/messages`, { method: "POST", body: "{}" });
  assert.equal(response.status, 401);
});

test("with a key Anthropic's own model answers, and the parameter holds the key", async () => {
  const { models, key } = await opened([asking], "sk-ant-mine");
  assert.equal(models?.resolve("https://api.anthropic.com"), "https://api.anthropic.com");
  assert.equal(key(), "sk-ant-mine");
});

test("where no function asks Claude there is no model", async () => {
  const { models, key } = await opened([lambda({})]);
  assert.deepEqual([models, key()], [undefined, "none"]);
});
