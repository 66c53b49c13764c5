// The serialization gate over the stages of the program: each is serialized, bundled, loaded in a bare process and invoked.

import assert from "node:assert/strict";
import { globSync } from "node:fs";
import { after, before, test } from "node:test";
import { type Evaluation, evaluate } from "./evaluation/evaluate";
import { gate } from "./serialization/gate";
import { doubleNames } from "./serialization/import-names";
import { moduleState } from "./serialization/module-state";
import { type RefusingAws, refusingAws } from "./serialization/refusing-aws";
import type { HandlerFactory } from "./stage";

let program: Evaluation;
let aws: RefusingAws;

before(async () => {
  aws = await refusingAws();
  program = await evaluate({ stack: "dev", program: async () => require("../index") });
});
after(() => aws.end());

test("every stage's package is whole: small, without a secret, alive up to its first call to AWS", async (t) => {
  const lambdas = program.resources.filter(({ type }) => type === "aws:lambda/function:Function");
  assert.ok(lambdas.length > 0, "the program registers functions");
  for (const lambda of lambdas) {
    await t.test(`${lambda.name} is whole`, async (t) => {
      const { bytes, calls, problems } = await gate(lambda, factoryOf(lambda.name), program.resources, aws);
      t.diagnostic(`${lambda.name}: ${bytes.toLocaleString("en")} bytes, ${calls} calls to AWS`);
      assert.deepEqual(problems, []);
    });
  }
});

test("every name stands for one module in all the files that handlers are made from", async () => {
  assert.deepEqual(await doubleNames(handlerFiles()), []);
});

test("no handler code keeps state at module level", () => {
  assert.deepEqual(handlerFiles().flatMap(moduleState), []);
});

/** A stage has one name everywhere: that of its function is that of its file, and its handler's factory is `factory`. */
function factoryOf(name: string): HandlerFactory<unknown, unknown> {
  const [file] = globSync(`functions/*/${name}.ts`);
  assert.ok(file, `there is a file functions/*/${name}.ts`);
  const { factory } = require(`${process.cwd()}/${file}`) as { factory?: HandlerFactory<unknown, unknown> };
  assert.ok(factory, `${file} exports its factory`);
  return factory;
}

function handlerFiles(): string[] {
  const files = globSync(["functions/**/*.ts", "schemas/**/*.ts", "stage/*.ts"]);
  return files.filter((file) => !file.endsWith(".test.ts"));
}
