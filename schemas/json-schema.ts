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
  overrideAction: (context) => pattern(context),
};

/** A pattern that not every language can read is left out; its words stay as the description where there is no other. */
const pattern: NonNullable<ConversionConfig["overrideAction"]> = ({ valibotAction, jsonSchema, errors = [] }) => {
  const { type, requirement, message } = valibotAction as { type: string; requirement?: unknown; message?: unknown };
  if (type !== "regex" || !(requirement instanceof RegExp) || !/^[uv]?$/.test(requirement.flags)) return undefined;
  // JSON Schema reads every pattern as of Unicode (draft 2020-12, "Regular Expressions"): the flag says nothing.
  if (errors.length > requirement.flags.length) return undefined;
  const { pattern, ...others } = jsonSchema;
  // It is documented as what its text says, a whole number or a list.
  if (others.type !== "string") return others;
  if (!special.test(requirement.source)) return { ...others, pattern: requirement.source };
  if (typeof message !== "string") throw new Error(`other languages cannot read ${requirement}: give it a message`);
  return { description: `It ${message}.`, ...others };
};

/**
 * Properties of Unicode, look-arounds, references, named groups and more than 1,000 repetitions. Those of the first kind Python
 * and JavaScript without a flag do not know, the others RE2, which is Go's (https://github.com/google/re2/wiki/Syntax).
 */
const special = /\\[pPk1-9]|\\u\{|\(\?[^:]|\{(?:\d+,)?\d{4,}/;
