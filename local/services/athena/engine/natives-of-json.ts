// natives-of-json: see natives.ts. https://trino.io/docs/current/functions/json.html
// JSON is text here, as Trino prints it: without spaces, the names of an object in order.

import { notImitated, queryError } from "../query-error";
import type { Native } from "./natives";

type Json = null | boolean | string | NumberText | readonly Json[] | ReadonlyMap<string, Json>;

const digits = Symbol("digits");

/** A number as it is written: none of its digits is lost. */
interface NumberText {
  readonly [digits]: string;
}

export const jsonNatives = {
  trino_json_extract: {
    takes: ["varchar", "varchar"],
    gives: "varchar",
    compute(text: string, path: string) {
      const found = at(parsed(text, path === "$"), path);
      return found === undefined ? null : written(found);
    },
  },
  trino_json_scalar: {
    takes: ["varchar", "varchar"],
    gives: "varchar",
    compute(text: string, path: string) {
      const found = at(parsed(text, false), path);
      if (found === undefined || found === null || Array.isArray(found) || found instanceof Map) return null;
      if (typeof found === "string") return found;
      return typeof found === "boolean" ? String(found) : (found as NumberText)[digits];
    },
  },
  trino_json_length: {
    takes: ["varchar"],
    gives: "bigint",
    compute(text: string) {
      const found = parsed(text, false);
      return Array.isArray(found) ? BigInt(found.length) : null;
    },
  },
} satisfies Readonly<Record<string, Native>>;

/** What is no JSON is an error to json_parse, and nothing to the others. */
function parsed(text: string, strict: boolean): Json | undefined {
  try {
    return JSON.parse(text, (_, value: unknown, { source }: { readonly source?: string } = {}) => {
      if (typeof value === "number") return { [digits]: source ?? String(value) };
      if (typeof value !== "object" || value === null || Array.isArray(value) || digits in value) return value;
      return new Map(Object.entries(value));
    }) as Json;
  } catch {
    if (strict) throw queryError("INVALID_FUNCTION_ARGUMENT", `Cannot convert value to JSON: '${text}'`);
    return undefined;
  }
}

/** `$.a.b[0]["c"]`: the paths that Trino's own extractor and the standard read alike. */
function at(json: Json | undefined, path: string): Json | undefined {
  const steps = [...path.matchAll(/\.([A-Za-z_][\w-]*)|\[(\d+)\]|\["([^"\\]*)"\]/g)];
  if (path !== `$${steps.map(([step]) => step).join("")}`)
    throw notImitated(`The JSON path '${path}'`, undefined, `$.name, [0] and ["name"]`);
  return steps.reduce<Json | undefined>((value, [, name, index, quoted]) => {
    if (index !== undefined) return Array.isArray(value) ? (value as readonly Json[])[Number(index)] : undefined;
    return value instanceof Map ? (value as ReadonlyMap<string, Json>).get(name ?? quoted ?? "") : undefined;
  }, json);
}

function written(json: Json): string {
  if (json === null || typeof json !== "object") return JSON.stringify(json);
  if (Array.isArray(json)) return `[${(json as readonly Json[]).map(written).join(",")}]`;
  if (json instanceof Map) {
    const entries = [...(json as ReadonlyMap<string, Json>)].sort(([one], [other]) => (one < other ? -1 : 1));
    return `{${entries.map(([name, value]) => `${JSON.stringify(name)}:${written(value)}`).join(",")}}`;
  }
  const number = (json as NumberText)[digits];
  if (!/^-?\d+$/.test(number) && String(Number(number)) !== number)
    throw notImitated(`The JSON number ${number}`, undefined, "Trino writes it in another form");
  return number;
}
