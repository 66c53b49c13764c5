// reason: what is wrong with a value of a request, as a clause that continues its name: `"limit" must be 500 at most`.

import type { BaseIssue } from "valibot";

/**
 * The words of the schema; valibot's own are a sentence for programmers and hold all that was sent, and so are put
 * otherwise.
 */
export function reasonOf(issue: BaseIssue<unknown>): string {
  const { message, expected, received, input } = issue;
  if (!/^Invalid [^:]*: /.test(message)) return message;
  if (received === "undefined") return "is missing";
  if (expected === "never") return "is unknown";
  const counted = /_(length|size)$/.test(issue.type) || issue.type === "length";
  if (!counted) return `must be ${wanted(issue)}, and is ${kinds[received] ?? shortened(received)}`;
  const unit = typeof input === "string" ? "characters" : "items";
  return `must have ${bound(expected ?? "")} ${unit}, and has ${received}`;
}

export const shortened = (text: string): string => (text.length > 100 ? `${text.slice(0, 100)}...` : text);

/** What valibot calls the types of JSON. */
const kinds: Readonly<Record<string, string>> = {
  Array: "a list",
  Object: "an object",
  boolean: "true or false",
  number: "a number",
  string: "a text",
};

const forms: Readonly<Record<string, string>> = {
  integer: "a whole number",
  iso_date: "a day like 2026-03-01",
  iso_timestamp: "a time like 2026-03-01T10:15:00Z",
  url: "a URL",
};

/** `("day" | "name")`: "day" or "name". */
function wanted({ kind, type, expected, message }: BaseIssue<unknown>): string {
  const [, label = "value"] = /^Invalid ([^:]*): /.exec(message) ?? [];
  if (kind !== "schema") return forms[type] ?? (expected === null ? `a valid ${label}` : bound(expected));
  const several = (expected ?? "").replace(/^\((.*)\)$/, "$1").split(" | ");
  const named = several.map((each) => kinds[each] ?? each);
  return [named.slice(0, -1).join(", "), ...named.slice(-1)].filter((each) => each !== "").join(" or ");
}

/** `>=1`: at least 1. */
const bound = (expected: string): string => expected.replace(/^(<=|>=|<|>)/, (sign) => bounds[sign] ?? sign);

const bounds: Readonly<Record<string, string>> = {
  "<=": "at most ",
  ">=": "at least ",
  "<": "less than ",
  ">": "more than ",
};
