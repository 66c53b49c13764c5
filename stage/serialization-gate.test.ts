// What the serialization gate refuses: a fixture stage for each way in which a package breaks between the source and AWS.

import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { after, before, test } from "node:test";
import { runtime } from "@pulumi/pulumi";
import { type Evaluation, evaluate } from "./evaluation/evaluate";
import { lostCaptures } from "./serialization/captures";
import { gate } from "./serialization/gate";
import { doubleNames } from "./serialization/import-names";
import { moduleState } from "./serialization/module-state";
import { type RefusingAws, refusingAws } from "./serialization/refusing-aws";
import * as capturedMap from "./serialization-fixtures/captured-map";
import * as capturedSecret from "./serialization-fixtures/captured-secret";
import * as healthy from "./serialization-fixtures/healthy";
import * as hiddenError from "./serialization-fixtures/hidden-error";
import * as missingPackage from "./serialization-fixtures/missing-package";
import * as oneName from "./serialization-fixtures/one-name-os";
import * as oversize from "./serialization-fixtures/oversize";
import * as privateField from "./serialization-fixtures/private-field";
import { fixtures } from "./serialization-fixtures/program";
import * as silent from "./serialization-fixtures/silent";
import type { HandlerFactory } from "./stage";

const factories: Readonly<Record<string, HandlerFactory<never, unknown>>> = {
  healthy: healthy.factory,
  "captured-map": capturedMap.factory,
  "captured-secret": capturedSecret.factory,
  "hidden-error": hiddenError.factory,
  "missing-package": missingPackage.factory,
  "one-name-os": oneName.factory,
  oversize: oversize.factory,
  silent: silent.factory,
};
const folder = "stage/serialization-fixtures";

let program: Evaluation;
let aws: RefusingAws;

before(async () => {
  aws = await refusingAws();
  program = await evaluate({ stack: "dev", program: () => fixtures(factories) });
});
after(() => aws.end());

async function problemsOf(name: string): Promise<string> {
  const lambda = program.resources.find((it) => it.type === "aws:lambda/function:Function" && it.name === name);
  const factory = factories[name];
  assert.ok(lambda && factory);
  const { problems } = await gate(lambda, factory, program.resources, aws);
  return problems.join("\n");
}

test("the gate passes a stage that makes everything inside its factory", async () => {
  assert.equal(await problemsOf("healthy"), "");
});

test("the gate refuses a captured Map by its text and by its first use", async () => {
  const problems = await problemsOf("captured-map");
  assert.match(problems, /a Map is captured: make it inside the factory/);
  assert.match(problems, /TypeError: Method Map\.prototype\.\w+ called on incompatible receiver/);
});

test("the gate refuses two modules under one name by the files and by the first call of the lost one", async () => {
  assert.match(await problemsOf("one-name-os"), /TypeError: \w+\.tmpdir is not a function/);
  assert.deepEqual(await doubleNames([`${folder}/one-name-os.ts`, `${folder}/one-name-path.ts`]), [
    `"lib" stands for "node:os" in ${folder}/one-name-os.ts and for "node:path" in ${folder}/one-name-path.ts: ` +
      "import one of them by another path or name",
  ]);
});

test("the gate refuses a stage that requires a package which neither its bundle nor a layer holds", async () => {
  assert.match(await problemsOf("missing-package"), /MODULE_NOT_FOUND: Cannot find module '@duckdb\/node-bindings/);
});

test("the gate refuses a bundle of more than a megabyte", async () => {
  assert.match(await problemsOf("oversize"), /its bundle has 1\d{6} bytes, and 1000000 are allowed/);
});

test("the gate refuses a captured secret", async () => {
  assert.match(await problemsOf("captured-secret"), /a secret is captured/);
});

test("the gate refuses a stage that ends without a call to AWS", async () => {
  assert.equal(await problemsOf("silent"), "it ended without a call to AWS");
});

test("the gate refuses a route whose fault is in its log only, by what the log says", async () => {
  const problems = await problemsOf("hidden-error");
  assert.match(problems, /^TypeError: Cannot read properties of undefined \(reading 'authorizer'\)$/m);
  assert.match(
    problems,
    /it ended without a call to AWS, and answered: \{"type":"\/openapi\.json#\/x-problems\/Internal"/,
  );
});

test("the gate refuses state at module level, which would run and count wrongly", () => {
  assert.deepEqual(moduleState(`${folder}/captured-counter.ts`), [
    `"events" of ${folder}/captured-counter.ts can change at module level: keep state inside the factory`,
  ]);
});

test("a captured class with a private field is refused by its text and stops the deployment", async () => {
  const { text } = await runtime.serializeFunction(privateField.factory, { isFactoryFunction: true });
  assert.match(lostCaptures(text).join(), /a class is captured, and its fields/);

  const script = `
    const { evaluate } = require("./stage/evaluation/evaluate");
    const { fixtures } = require("./${folder}/program");
    const { factory } = require("./${folder}/private-field");
    void evaluate({ stack: "dev", program: () => fixtures({ "private-field": factory }) });
  `;
  const stderr = await new Promise<string>((ended) => {
    execFile(process.execPath, ["--import", "tsx", "--eval", script], (_, _out, err) => ended(err));
  });
  assert.match(stderr, /Private name "#events" must be declared in an enclosing class/);
});

const map = new Map([["a", 1]]);
const set = new Set(["a"]);
const date = new Date(0);
const buffer = Buffer.from("a");
const symbol = Symbol("a");
const url = new URL("http://localhost");
class Shop {
  open = true;
}
const shop = new Shop();
class ShopError extends Error {}

test("every kind of capture that is lost in serialization is named", async () => {
  const kept = <T>(value: T) => value;
  const lost: readonly [HandlerFactory<unknown, unknown>, RegExp][] = [
    [() => async () => kept(map), /^a Map is captured/],
    [() => async () => set.has("a"), /^a Set is captured/],
    [() => async () => date.getTime(), /^a Date is captured/],
    [() => async () => kept(buffer), /^a Buffer is captured/],
    [() => async () => buffer.toString(), /^a Buffer is captured/],
    [() => async () => kept(symbol), /^a Symbol is captured/],
    [() => async () => kept(url), /^a URL is captured/],
    [() => async () => kept(shop), /an instance of a class is captured/],
    [() => async () => new Shop(), /^a class is captured/],
    [() => async () => new ShopError("closed"), /^a class is captured/],
  ];
  for (const [factory, problem] of lost) {
    const { text } = await runtime.serializeFunction(factory, { isFactoryFunction: true });
    assert.match(lostCaptures(text).join("\n"), problem, `${factory}`);
  }
});

test("what survives serialization is not refused", async () => {
  const settings = { list: [1, { name: "a" }], pattern: /a/, big: 10n };
  const numbers = function* () {
    yield 1;
  };
  const factory = () => {
    const seen = new Map();
    return async () => [settings, [...numbers()], seen];
  };
  const { text } = await runtime.serializeFunction(factory, { isFactoryFunction: true });
  assert.deepEqual(lostCaptures(text), []);
});
