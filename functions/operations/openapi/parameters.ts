// parameters: what stands in an endpoint's path, query string and headers, as parameters of OpenAPI.

import type { JsonSchema } from "@valibot/to-json-schema";
import type { GenericSchema } from "valibot";
import type { Endpoint } from "../../../schemas/endpoint";
import { jsonSchema } from "../../../schemas/json-schema";

type Place = "path" | "query" | "header";

export interface Parameter {
  readonly name: string;
  readonly in: Place;
  readonly required: boolean;
  readonly description?: string;
  readonly schema: JsonSchema | boolean;
  /** Of a list: with commas, and not once for each. */
  readonly style?: "form";
  readonly explode?: false;
}

export function parameters({ route, path, query, headers }: Endpoint): Parameter[] {
  const inPath = entries("path", path);
  const braces = [...route.matchAll(/\{([^}]*)\}/g)].map(([, name = ""]) => name);
  const [found, wanted] = [inPath.map(({ name }) => name).join(", "), braces.join(", ")];
  if (found !== wanted) throw new Error(`its route has ${wanted || "no parameters"}, its path ${found || "none"}`);
  const inHeaders = entries("header", headers).map((header) => ({ ...header, name: capitalized(header.name) }));
  return [...inPath.map((parameter) => ({ ...parameter, required: true })), ...entries("query", query), ...inHeaders];
}

function entries(place: Place, schema: GenericSchema | undefined): Parameter[] {
  if (schema === undefined) return [];
  const { type, properties, required = [] } = jsonSchema(schema, "input");
  if (type !== "object" || properties === undefined) throw new Error(`its ${place} is no object`);
  return Object.entries(properties).map(([name, property]) => {
    const { description, ...rest } = property as JsonSchema;
    return {
      name,
      in: place,
      required: required.includes(name),
      ...(description === undefined ? {} : { description }),
      ...(rest.type === "array" ? ({ style: "form", explode: false } as const) : {}),
      schema: { ...rest, ...fallback(rest) },
    };
  });
}

/** A text where it is read, whatever it is documented as. */
function fallback({ type, default: text }: JsonSchema): JsonSchema {
  if (typeof text !== "string") return {};
  if (type === "integer") return { default: Number(text) };
  return type === "array" ? { default: text.split(",").filter((each) => each !== "") } : {};
}

/** `idempotency-key`: Idempotency-Key, as people write it. */
const capitalized = (header: string): string => header.replace(/\b[a-z]/g, (letter) => letter.toUpperCase());
