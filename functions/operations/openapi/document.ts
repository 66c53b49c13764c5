// document: endpoints as an OpenAPI document (https://spec.openapis.org/oas/v3.1.1).

import type { Endpoint } from "../../../schemas/endpoint";
import { jsonSchema } from "../../../schemas/json-schema";
import { Problem } from "../../../schemas/problem";
import { accessToken } from "./access-token";
import { parameters } from "./parameters";
import { problemCodes } from "./problem-codes";
import { requestBody } from "./request-body";
import { responses } from "./responses";
import { tags } from "./tags";

/** `endpoints` by the names of the functions that serve them. Throws one error, which names the endpoint. */
export function documentOf(endpoints: Readonly<Record<string, Endpoint>>) {
  const paths: Record<string, Record<string, unknown>> = {};
  for (const [name, endpoint] of Object.entries(endpoints)) {
    const [method = "", path = ""] = endpoint.route.split(" ");
    const operations = paths[path] ?? {};
    paths[path] = operations;
    const key = method.toLowerCase();
    if (operations[key] !== undefined) throw cannot(name, `"${endpoint.route}" is another endpoint's route as well`);
    operations[key] = described(name, endpoint);
  }
  return {
    openapi: "3.1.0",
    info: {
      title: "Tributary",
      version: "1",
      description:
        "What sellers send and users picture, and what becomes of it. Whoever asks sees the data of the sellers of their " +
        "token, and the pictures that are their own.",
      license: { name: "MIT", identifier: "MIT" },
    },
    servers: [
      { url: "/", description: "Where this document comes from. Of a copy it is the output `apiUrl` of the stack." },
    ],
    security: [{ accessToken: [] }],
    tags: tags(endpoints),
    paths,
    components: {
      schemas: { Problem: jsonSchema(Problem, "output"), Refusal: refusal },
      securitySchemes: { accessToken },
    },
    "x-problems": problemCodes(endpoints),
  } as const;
}

export type OpenApi = ReturnType<typeof documentOf>;

function described(name: string, endpoint: Endpoint) {
  try {
    return operation(name, endpoint);
  } catch (cause) {
    throw cannot(name, (cause as Error).message, cause);
  }
}

const cannot = (name: string, found: string, cause?: unknown): Error =>
  new Error(`Cannot describe endpoint "${name}": ${found}. Mend it in schemas/endpoints/.`, { cause });

function operation(name: string, endpoint: Endpoint) {
  const { summary, description, pipeline, body } = endpoint;
  return {
    operationId: name,
    summary,
    ...(description === undefined ? {} : { description }),
    tags: [pipeline],
    parameters: parameters(endpoint),
    ...(body === undefined ? {} : { requestBody: requestBody(body) }),
    responses: responses(endpoint),
  };
}

/** What API Gateway says itself, before any function is asked or when one gave no answer. */
const refusal = {
  type: "object",
  properties: { message: { type: "string" } },
  required: ["message"],
} as const;
