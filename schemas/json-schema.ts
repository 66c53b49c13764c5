// json-schema: a schema of valibot as a JSON schema of OpenAPI 3.1, which is draft 2020-12.

import { type ConversionConfig, type JsonSchema, toJsonSchema } from "@valibot/to-json-schema";
import type { GenericSchema } from "valibot";

/** What a request must be, or what an answer is. */
export type Side = "input" | "output";

/** Throws where it cannot be said in JSON: a Date, a transformation in an answer, a schema that holds itself. */
export function jsonSchema(schema: GenericSchema, side: Side): JsonSchema {
  const { $schema, $defs, ...converted } = toJsonSchema(schema, { ...config, typeMode: side });
  if ($defs !== undefined) throw new Error("a schema that holds itself has no place in the document");
  return converted;
}

const config: ConversionConfig = {
  target: "draft-2020-12",
  // What they ask for is asked for when the request is read, and a document cannot say it. The others change no type.
  ignoreActions: [
    ...["check", "raw_check", "partial_check", "check_items"],
    ...["trim", "trim_start", "trim_end", "to_lower_case", "to_upper_case", "normalize", "readonly", "brand", "flavor"],
  ],
  // JSON Schema reads every pattern as of Unicode (draft 2020-12, "Regular Expressions"), so that the flag says nothing.
  overrideAction: ({ valibotAction, jsonSchema, errors }) => {
    const { type, requirement } = valibotAction as { type: string; requirement?: unknown };
    if (type !== "regex" || !(requirement instanceof RegExp) || !/^[uv]$/.test(requirement.flags)) return undefined;
    if (errors?.length !== 1) return undefined;
    return { ...jsonSchema, pattern: requirement.source };
  },
};
