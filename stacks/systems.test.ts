// The systems: what wakes market-intelligence, and what it may touch.

import assert from "node:assert/strict";
import { before, test } from "node:test";
import { type Evaluation, evaluate, type Registered } from "../stage/evaluation/evaluate";
import { allows, list } from "./rules/policy";

let program: Evaluation;
before(async () => {
  program = await evaluate({ stack: "dev", program: async () => require("../index"), packages: "kept" });
});

function registered(type: string, name: string): Registered {
  const found = program.resources.find((each) => each.type.endsWith(`:${type}`) && each.name === name);
  assert.ok(found, `there is a ${type} "${name}"`);
  return found;
}

test("market-intelligence is woken by orders, their lines and products, as they are curated, and by nothing else", () => {
  const rules = program.resources.filter(
    ({ type, name }) => type.endsWith(":EventRule") && name === "market-intelligence",
  );
  const patterns = rules.map(({ inputs }) => JSON.parse(String(inputs.eventPattern)).detail);
  assert.deepEqual(patterns, [
    {
      bucket: { name: [registered("Bucket", "curated").outputs.bucket] },
      object: {
        key: ["curated/orders/", "curated/order_items/", "curated/products/"].map((prefix) => ({ prefix })),
      },
    },
  ]);
});

test("market-intelligence writes to its own prod bucket and to no other", () => {
  const statements = allows(registered("RolePolicy", "market-intelligence"));
  const written = statements
    .filter(({ Action }) => list(Action).some((action) => action === "s3:PutObject" || action === "s3:DeleteObject"))
    .flatMap(({ Resource }) => list(Resource));
  const [own, results] = [registered("Bucket", "market-intelligence"), registered("Bucket", "athena-results")];
  assert.deepEqual(
    new Set(written),
    new Set([`${own.outputs.arn}/*`, `${own.outputs.arn}/state/unload/*`, `${results.outputs.arn}/*`]),
  );
});

test("market-intelligence starts its own crawler and no other", () => {
  const started = allows(registered("RolePolicy", "market-intelligence"))
    .filter(({ Action }) => list(Action).includes("glue:StartCrawler"))
    .flatMap(({ Resource }) => list(Resource));
  assert.deepEqual(started, [registered("Crawler", "market-intelligence").outputs.arn]);
});
