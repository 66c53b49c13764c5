// The rules of reviewers, over the resources of the dev stack.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { before, test } from "node:test";
import { asset } from "@pulumi/pulumi";
import { parse } from "yaml";
import { idleExemptions, rules, rulesOf, violations } from "./rules";
import { unruled } from "./rules/areas";
import { declared } from "./rules/declared";
import { exemptions, leftOut } from "./rules/exemptions";
import { leaks, secretValues } from "./rules/leaks";
import { added, changed, type Resource } from "./rules/rule";

let dev: Resource[] = [];

before(async () => {
  dev = await declared("dev");
});

for (const rule of rulesOf("dev")) {
  test(`in dev ${rule.says} (${rule.ids.join(", ")})`, () => {
    assert.deepEqual(violations(rule, dev, "dev"), []);
  });
}

test("every exemption of dev exempts something", () => {
  assert.deepEqual(idleExemptions(dev, "dev"), []);
});

test("an exemption that exempts nothing is named", () => {
  const encrypted = changed(dev, "sns/topic", { kmsMasterKeyId: "key" });
  assert.deepEqual(
    idleExemptions(encrypted, "dev").map(({ rule }) => rule),
    ["CKV_AWS_26"],
  );
});

test("every exemption is of a rule that exists, and no rule is both written and left out", () => {
  const ids = rules.flatMap((rule) => rule.ids);
  for (const { rule } of exemptions) assert.ok(ids.includes(rule), rule);
  for (const id of Object.keys(leftOut)) assert.ok(!ids.includes(id), id);
});

test("every registered type has a rule that looks at it", () => {
  assert.deepEqual(unruled(dev, rules), []);
});

test("the first function URL without a rule is refused by name, with what a reviewer asks for", () => {
  const types = {
    "lambda/functionUrl": "Function URL",
  };
  for (const [type, area] of Object.entries(types)) {
    const [refused] = unruled(added(dev, type, "first", {}), rules);
    assert.match(refused ?? "", new RegExp(`^Cannot judge aws:${type}:.*A reviewer of ${area} asks for: `));
  }
  assert.match(unruled(added(dev, "mq/broker", "first", {}), rules).join(), /no rule looks at it\. Write the rules/);
});

test("no secret of the program lies in a bundle or in settings", async () => {
  assert.ok(secretValues(dev).length > 0, "there is one to look for: the key behind the card tokens");
  assert.deepEqual(await leaks(dev), []);
});

test("a secret in settings or in a bundle is found", async () => {
  const [secret = ""] = secretValues(dev);
  const environment = { variables: { KEY: `prefix-${secret}` } };
  assert.match((await leaks(changed(dev, "lambda/function", { environment }))).join(), /settings of .* hold a secret/);
  const code = new asset.AssetArchive({ "__index.js": new asset.StringAsset(`const key = "${secret}"`) });
  assert.match((await leaks(changed(dev, "lambda/function", { code }))).join(), /bundle of .* holds a secret/);
});

test("every resource is tagged with its project and stack, in dev and in prod", async () => {
  for (const stack of ["dev", "prod"]) {
    const { config } = parse(await readFile(`Pulumi.${stack}.yaml`, "utf8"));
    assert.deepEqual(config["aws:defaultTags"], { tags: { project: "tributary", stack } });
  }
});
