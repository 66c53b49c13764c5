// form: which JSON schemas the API can hold an answer to. What it cannot, it refuses, and so does this.
// https://platform.claude.com/docs/en/build-with-claude/structured-outputs, "JSON Schema limitations"

import { apiError } from "./api-error";

/** By the type that they limit. */
const unsupported: Readonly<Record<string, readonly string[]>> = {
  string: ["maxLength", "minLength"],
  number: ["exclusiveMaximum", "exclusiveMinimum", "maximum", "minimum", "multipleOf"],
  integer: ["exclusiveMaximum", "exclusiveMinimum", "maximum", "minimum", "multipleOf"],
  array: ["maxItems", "uniqueItems"],
  object: ["maxProperties", "minProperties", "patternProperties"],
};

export function checkForm(schema: unknown, at: string): void {
  if (Array.isArray(schema)) for (const part of schema) checkForm(part, at);
  if (typeof schema !== "object" || schema === null || Array.isArray(schema)) return;
  const { type, properties, minItems, additionalProperties } = schema as Readonly<Record<string, unknown>>;
  const found = (unsupported[String(type)] ?? []).filter((name) => name in schema);
  if (found.length === 1) throw refused(`${at}: For '${type}' type, property '${found[0]}' is not supported`);
  if (found.length > 1) throw refused(`${at}: For '${type}' type, properties ${found.join(", ")} are not supported`);
  if (type === "array" && minItems !== undefined && minItems !== 0 && minItems !== 1) {
    throw refused(`${at}: For 'array' type, 'minItems' values other than 0 or 1 are not supported`);
  }
  if (type === "object" && additionalProperties !== false) {
    throw refused(`${at}: For 'object' type, 'additionalProperties' must be explicitly set to false`);
  }
  for (const property of Object.values(properties ?? {})) checkForm(property, at);
  for (const part of ["items", "anyOf", "allOf", "$defs"]) {
    const inner = (schema as Readonly<Record<string, unknown>>)[part];
    if (part === "$defs") checkForm(Object.values(inner ?? {}), at);
    else checkForm(inner, at);
  }
}

const refused = (message: string) => apiError(400, "invalid_request_error", message);
