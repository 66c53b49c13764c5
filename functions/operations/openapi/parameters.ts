// parameters: what stands in an endpoint's path and query string, as parameters of OpenAPI.

import type { JsonSchema } from "@valibot/to-json-schema";
import type { GenericSchema } from "valibot";
import type { Endpoint } from "../../../schemas/endpoint";
import { jsonSchema } from "../../../schemas/json-schema";

export interface Parameter {
  readonly name: string;
  readonly in: "path" | "query";
  readonly required: boolean;
  readonly description?: string;
  readonly schema: JsonSchema | boolean;
}

export function parameters({ route, path, query }: Endpoint): Parameter[] {
  const inPath = entries("path", path);
  const braces = [...route.matchAll(/\{([^}]*)\}/g)].map(([, name = ""]) => name);
  const [found, wanted] = [inPath.map(({ name }) => name).join(", "), braces.join(", ")];
  if (found !== wanted) throw new Error(`its route has ${wanted || "no parameters"}, its path ${found || "none"}`);
  return [...inPath.map((parameter) => ({ ...parameter, required: true })), ...entries("query", query)];
}

function entries(place: "path" | "query", schema: GenericSchema | undefined): Parameter[] {
  if (schema === undefined) return [];
  const { type, properties, required = [] } = jsonSchema(schema, "input");
  if (type !== "object" || properties === undefined) throw new Error(`its ${place} is no object`);
  return Object.entries(properties).map(([name, property]) => {
    const { description, ...rest } = property as JsonSchema;
    const about = description === undefined ? {} : { description };
    return { name, in: place, required: required.includes(name), ...about, schema: rest };
  });
}
