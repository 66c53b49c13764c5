// responses: what an endpoint answers, by status: its answer, its problems, and what API Gateway says in its place.

import type { Endpoint } from "../../../schemas/endpoint";
import { jsonSchema } from "../../../schemas/json-schema";
import { problemsOf } from "./problem-codes";

/**
 * API Gateway's own answers, none of which is a problem of ours: `{"message": "Unauthorized"}`
 * (API Gateway Developer Guide, "Troubleshooting HTTP APIs", "JWT authorizers", "Throttling").
 */
const refusals: Readonly<Record<number, string>> = {
  401: "the token is missing, expired, forged or of another user pool or client",
  403: "the token is no access token of a sign-in",
  413: "the request has more than 10 MB",
  429: "there are more requests than the API takes; try again a little later",
  500: "no answer came of a fault of ours",
  503: "no answer came in time",
};

export function responses(endpoint: Endpoint): Record<string, unknown> {
  const { status, description, schema } = endpoint.answer;
  const answered = { description, content: { "application/json": { schema: jsonSchema(schema, "output") } } };
  const codes = byStatus(endpoint);
  const refused = Object.keys(refusals)
    .map(Number)
    .filter((each) => each !== 413 || endpoint.body !== undefined);
  const others = [...new Set([...Object.keys(codes).map(Number), ...refused])].sort((one, other) => one - other);
  return {
    [status]: answered,
    ...Object.fromEntries(others.map((each) => [each, notAnswered(codes[each] ?? [], each)])),
  };
}

interface Code {
  readonly code: string;
  readonly when: string;
}

function byStatus(endpoint: Endpoint): Record<number, Code[]> {
  const codes: Record<number, Code[]> = {};
  for (const [code, { status, when }] of Object.entries(problemsOf(endpoint))) {
    codes[status] = [...(codes[status] ?? []), { code, when }];
  }
  return codes;
}

function notAnswered(codes: readonly Code[], status: number) {
  const refusal = refusals[status];
  const told = codes.map(({ code, when }) => `\`${code}\`: ${when}.`);
  return {
    description: [...told, ...(refusal === undefined ? [] : [`Of API Gateway: ${refusal}.`])].join("\n"),
    ...(codes.some(({ code }) => code === "Unavailable") ? { headers: { "Retry-After": retryAfter } } : {}),
    content: {
      ...(codes.length > 0 ? { "application/problem+json": { schema: problemOf(codes, status) } } : {}),
      ...(refusal === undefined ? {} : { "application/json": { schema: { $ref: "#/components/schemas/Refusal" } } }),
    },
  };
}

const problemOf = (codes: readonly Code[], status: number) => ({
  $ref: "#/components/schemas/Problem",
  properties: { status: { const: status }, code: { enum: codes.map(({ code }) => code) } },
});

const retryAfter = { description: "In seconds, where it is known.", schema: { type: "integer", minimum: 0 } };
