// GET /openapi.json: this API, as an OpenAPI 3.1 document.

import { literal, looseObject, record, string, unknown } from "valibot";
import { endpoint } from "../endpoint";

export const openapi = endpoint({
  route: "GET /openapi.json",
  summary: "Describe this API",
  description:
    "The OpenAPI document of all that can be asked here; `x-problems` explains the codes of what goes wrong. It takes a token " +
    'like every other route: generators that cannot send one read a copy, made by `curl -H "Authorization: Bearer $TOKEN"`.',
  pipeline: "operations",
  for: "user",
  answer: {
    status: 200,
    description: "The document",
    schema: looseObject({ openapi: literal("3.1.0"), paths: record(string(), unknown()) }),
  },
  problems: {},
});
