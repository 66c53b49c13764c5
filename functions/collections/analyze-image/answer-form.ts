// answer-form: the form in which the model must answer, that of schemas/analysis.ts. The API holds it to that, and nobody relies
// on it.

import { type Analysis, categories } from "../../../schemas/analysis";

const text = (description: string) => ({ type: "string", description }) as const;
const texts = (description: string) => ({ type: "array", items: { type: "string" }, description }) as const;

/** https://platform.claude.com/docs/en/build-with-claude/structured-outputs: every field is needed, and none but these. */
export const answerForm = {
  type: "object",
  properties: {
    category: { type: "string", enum: categories, description: "What the picture is of, above all" },
    summary: text("One or two sentences that tell somebody who cannot see it what is to be seen"),
    objects: texts("What is to be seen, in a word or two each, the most important first; 30 at most"),
    colours: texts("What its main colours are called, the largest first; 10 at most"),
    text: text("The text that is to be read in it, word for word; empty where there is none"),
    mood: text("Its mood in a word or two; empty where it has none"),
    confidence: { type: "number", description: "How sure you are of the category, from 0 to 1" },
  } satisfies Record<keyof Analysis, object>,
  required: ["category", "summary", "objects", "colours", "text", "mood", "confidence"],
  additionalProperties: false,
} as const;
