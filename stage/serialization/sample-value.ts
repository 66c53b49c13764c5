// sample-value: a value of which a JSON schema says that it is one, with nothing in it that is not needed.

import type { JsonSchema } from "@valibot/to-json-schema";

/** Throws where nothing that it knows is one; then the schema needs examples(). */
export function sampleValue(schema: JsonSchema): unknown {
  const { examples, enum: values, anyOf, oneOf, type, items, properties = {}, required = [] } = schema;
  if (Array.isArray(examples) && examples.length > 0) return examples[0];
  if (schema.default !== undefined) return schema.default;
  if (schema.const !== undefined) return schema.const;
  if (values !== undefined) return values[0];
  const [first] = anyOf ?? oneOf ?? [];
  if (typeof first === "object") return sampleValue(first);
  switch (type) {
    case "object":
      return Object.fromEntries(required.map((name) => [name, sampleValue(schemaOf(properties[name]))]));
    case "array":
      return Array.from({ length: schema.minItems ?? 0 }, () => sampleValue(schemaOf(items)));
    case "string":
      return text(schema);
    case "integer":
    case "number":
      return schema.minimum ?? Math.min(1, schema.maximum ?? 1);
    case "boolean":
      return true;
    default:
      return null;
  }
}

const schemaOf = (schema: unknown): JsonSchema => (typeof schema === "object" && schema !== null ? schema : {});

const texts = ["a", "1", "EUR", "00000000000000000000000000", "11111111-1111-4111-8111-111111111111", "a.csv"];

const byFormat: Readonly<Record<string, string>> = {
  date: "2026-01-01",
  "date-time": "2026-01-01T00:00:00.000Z",
  email: "somebody@shop.example",
  uri: "https://shop.example",
  uuid: "11111111-1111-4111-8111-111111111111",
};

function text({ format, pattern, minLength = 0 }: JsonSchema): string {
  if (format !== undefined && byFormat[format] !== undefined) return byFormat[format];
  const expression = new RegExp(pattern ?? "", "u");
  const found = texts.map((each) => each.padEnd(minLength, each)).find((each) => expression.test(each));
  if (found !== undefined) return found;
  throw new Error(
    `Cannot make a sample of /${pattern}/: none of ${texts.join(", ")} is one. Give the schema examples().`,
  );
}
