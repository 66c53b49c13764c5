// json-row: an object of JSON as a row of a feed. Its names are the columns, in any order; numbers and texts are the
// same.

import { columnName } from "../../../schemas/feed";
import { isObject, type JsonValue } from "./json-values";
import { limits } from "./limits";
import { isFeedColumn, noValues, type Problem, problem, type SourceRow, tooLong } from "./source-row";

/** For the rows of one feed. */
export function jsonRowReader(): (json: JsonValue, line?: number) => SourceRow {
  const known = new Map<string, string>();
  const nameOf = (key: string): string => {
    const name = known.get(key) ?? columnName(key);
    // As many as a feed has, and not one for every row of a hostile one.
    if (known.size < limits.columns) known.set(key, name);
    return name;
  };

  return ({ value, twice }, line) => {
    const place = line === undefined ? {} : { line };
    if (!isObject(value)) return { ...place, ...noObject(textOf(value)) };
    const problems: Problem[] = [];
    const values: Record<string, unknown> = { ...noValues };
    const seen: string[] = [];
    const keys = Object.keys(value);
    if (twice) problems.push(problem("row", "has a name more than once", keys.join(", ")));
    if (keys.length > limits.columns) problems.push(problem("row", `has more than ${limits.columns} names`, ""));
    for (const key of keys) {
      const name = nameOf(key);
      const its = value[key];
      if (isFeedColumn(name)) {
        if (seen.includes(name)) problems.push(problem(name, "is there more than once", key));
        seen.push(name);
        values[name] = its ?? "";
      } else if (typeof its === "string" && its.length > limits.characters) problems.push(tooLong(key, its));
      else if (typeof its === "object" && its !== null) {
        problems.push(problem(key, "must be a text or a number, not an object or an array", textOf(its)));
      }
    }
    return {
      ...place,
      values: values as unknown as SourceRow["values"],
      problems,
      source: () => Object.fromEntries(keys.map((key) => [key, textOf(value[key])])),
    };
  };
}

/** A line or an element that is no object; `why` continues "row". */
export const noObject = (text: string, why = "must be an object of JSON") => ({
  values: noValues,
  problems: [problem("row", why, text)],
  source: () => ({ error_line: text }),
});

export const textOf = (value: unknown): string =>
  typeof value === "string" ? value : value === null || value === undefined ? "" : JSON.stringify(value);
