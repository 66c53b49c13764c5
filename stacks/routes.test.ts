// The routes of the program, and the endpoints that it describes: the same.

import assert from "node:assert/strict";
import { before, test } from "node:test";
import { endpoints } from "../schemas/endpoints";
import { type Evaluation, evaluate } from "../stage/evaluation/evaluate";

let program: Evaluation;
before(async () => {
  program = await evaluate({ stack: "dev", program: async () => require("../index"), packages: "kept" });
});

test("every endpoint is a route that the function of its name serves, and every route is an endpoint", () => {
  const ofType = (type: string) => program.resources.filter((it) => it.type.endsWith(`:${type}`));
  const served = ofType("Route").map(({ inputs: { target, routeKey } }) => {
    const integration = ofType("Integration").find(({ outputs }) => target === `integrations/${outputs.id}`);
    const lambda = ofType("Function").find(({ outputs }) => outputs.arn === integration?.inputs.integrationUri);
    return [lambda?.name, routeKey];
  });
  const described = Object.entries(endpoints).map(([name, { route }]) => [name, route]);
  assert.deepEqual(new Map(served.sort() as [string, string][]), new Map(described.sort() as [string, string][]));
  assert.equal(served.length, described.length);
});

test("an endpoint is of the pipeline of its function", () => {
  for (const [name, { pipeline }] of Object.entries(endpoints)) {
    const lambda = program.resources.find((it) => it.type.endsWith(":Function") && it.name === name);
    assert.equal((lambda?.inputs.tags as { pipeline?: string } | undefined)?.pipeline, pipeline, name);
  }
});
