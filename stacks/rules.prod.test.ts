// The rules of reviewers over the prod stack, which must keep those of prod as well; and each rule seen to refuse something.

import assert from "node:assert/strict";
import { before, test } from "node:test";
import { idleExemptions, rules, rulesOf, violations } from "./rules";
import { declared } from "./rules/declared";
import { added, check, ofType, type Resource } from "./rules/rule";

let prod: Resource[] = [];

before(async () => {
  // With everything that can be switched on.
  prod = await declared("prod", { "tributary:alarmEmail": "alarms@example.com" });
});

for (const rule of rulesOf("prod")) {
  test(`in prod ${rule.says} (${rule.ids.join(", ")})`, () => {
    assert.deepEqual(violations(rule, prod, "prod"), []);
  });
}

for (const rule of rules) {
  test(`it is refused unless ${rule.says}`, () => {
    const found = check(rule, rule.broken(prod)).map(({ resource, found }) => `${resource}: ${found}`);
    const before = check(rule, prod).map(({ resource, found }) => `${resource}: ${found}`);
    const isExempt = before.length > 0 && violations(rule, prod, "prod").length === 0;
    assert.ok(found.length > 0, "the counterexample is refused");
    assert.ok(
      isExempt || found.some((problem) => !before.includes(problem)),
      "and was not refused before it was broken",
    );
  });
}

test("every exemption of prod exempts something", () => {
  assert.deepEqual(idleExemptions(prod, "prod"), []);
});

test("a secret with a rotation keeps the rule of rotation", () => {
  const rotation = rules.find(({ ids }) => ids.includes("CKV_AWS_304"));
  assert.ok(rotation);
  const rotated = ofType(prod, "secretsmanager/secret").reduce(
    (resources, { name, outputs }) =>
      added(resources, "secretsmanager/secretRotation", `${name}-monthly`, { secretId: outputs.id }),
    prod,
  );
  assert.deepEqual(check(rotation, rotated), []);
});
