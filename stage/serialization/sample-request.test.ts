import assert from "node:assert/strict";
import { test } from "node:test";
import { safeParse } from "valibot";
import { endpoints } from "../../schemas/endpoints";
import { sampleRequest } from "./sample-request";
import { sampleValue } from "./sample-value";

for (const [name, endpoint] of Object.entries(endpoints)) {
  test(`a sample request to ${name} is what it takes`, () => {
    const { queryStringParameters = {}, pathParameters = {}, body, routeKey } = sampleRequest(endpoint);
    assert.equal(routeKey, endpoint.route);
    if (endpoint.query) assert.deepEqual(safeParse(endpoint.query, queryStringParameters).issues, undefined);
    if (endpoint.path) assert.deepEqual(safeParse(endpoint.path, pathParameters).issues, undefined);
    if (endpoint.body && "schema" in endpoint.body) {
      assert.deepEqual(safeParse(endpoint.body.schema, JSON.parse(body ?? "")).issues, undefined);
    }
  });
}

test("sampleValue() takes the first example, else the default, else what the type allows", () => {
  for (const [schema, sample] of [
    [{ type: "string", examples: ["x", "y"], default: "z" }, "x"],
    [{ type: "string", default: "z" }, "z"],
    [{ enum: ["p", "q"] }, "p"],
    [{ const: 3 }, 3],
    [{ anyOf: [{ type: "null" }, { type: "string" }] }, null],
    [{ type: "string", format: "date" }, "2026-01-01"],
    [{ type: "string", pattern: "^[A-Z]{3}$" }, "EUR"],
    [{ type: "string", minLength: 3 }, "aaa"],
    [{ type: "integer", minimum: 5 }, 5],
    [{ type: "number", maximum: 0 }, 0],
    [{ type: "array", items: { type: "boolean" }, minItems: 2 }, [true, true]],
    [{ type: "object", properties: { a: { type: "string" }, b: {} }, required: ["a"] }, { a: "a" }],
  ] as const) {
    assert.deepEqual(sampleValue(schema as Parameters<typeof sampleValue>[0]), sample);
  }
});

test("sampleValue() says which pattern it has no sample of", () => {
  const odd = () => sampleValue({ type: "string", pattern: "^odd-\\d{7}$" });
  assert.throws(odd, /Cannot make a sample of \/\^odd-\\d\{7\}\$\/: .* Give the schema examples\(\)\./);
});
