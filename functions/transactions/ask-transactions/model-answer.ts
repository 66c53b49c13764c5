// model-answer: the form in which the model must answer. The API holds it to that, and nobody relies on it.

import { type InferOutput, literal, minLength, nullable, object, pipe, safeParse, string, trim, union } from "valibot";

/** https://platform.claude.com/docs/en/build-with-claude/structured-outputs: every field is needed, and none but these. */
export const answerForm = {
  type: "object",
  properties: {
    sql: { anyOf: [{ type: "string" }, { type: "null" }], description: "One SELECT of PostgreSQL" },
    explanation: { type: "string", description: "What its rows are, for the seller" },
    cannot: { anyOf: [{ type: "string" }, { type: "null" }], description: "Why there is no SELECT" },
  },
  required: ["sql", "explanation", "cannot"],
  additionalProperties: false,
} as const;

const filled = pipe(string(), trim(), minLength(1));

const ModelAnswer = union([
  object({ sql: filled, explanation: string(), cannot: nullable(literal("")) }),
  object({ cannot: filled }),
]);

export type ModelAnswer = InferOutput<typeof ModelAnswer>;

/** Nothing where it is in another form. */
export function readModelAnswer(text: string): ModelAnswer | undefined {
  try {
    const { success, output } = safeParse(ModelAnswer, JSON.parse(text));
    return success ? output : undefined;
  } catch {
    return undefined;
  }
}
