// function-choice: which line of the lists under functions/ a call is, and what is said where there is none.

import type { FunctionCallContext } from "dt-sql-parser/dist/lib/trino/TrinoSqlParser";
import { notImitated, type Place, queryError } from "../query-error";
import { partsOf } from "./names";
import { type Argument, isLambda, type Match } from "./signature";
import { typeName } from "./types";

const aliases: Readonly<Record<string, string>> = {
  arbitrary: "any_value",
  ceil: "ceiling",
  day_of_month: "day",
  dow: "day_of_week",
  doy: "day_of_year",
  every: "bool_and",
  pow: "power",
  rand: "random",
  stddev: "stddev_samp",
  substring: "substr",
  variance: "var_samp",
  week_of_year: "week",
  yow: "year_of_week",
};

export const canonical = (name: string): string => (Object.hasOwn(aliases, name) ? (aliases[name] ?? name) : name);

export const listed = <T>(list: Readonly<Record<string, readonly T[]>>, name: string): readonly T[] | undefined =>
  Object.hasOwn(list, name) ? list[name] : undefined;

export const nameIn = (node: FunctionCallContext): string =>
  canonical(partsOf(node.functionName().qualifiedName()).join(".").toLowerCase());

export function checkLiterals(
  name: string,
  { literals = [] }: { readonly literals?: readonly number[] },
  { values }: Match,
  at: Place,
): void {
  const open = literals.find((index) => values[index - 1] !== undefined && values[index - 1]?.literal === undefined);
  if (open !== undefined) throw notImitated(`${name} whose argument ${open} is not written in the query itself`, at);
}

export function unfit(
  name: string,
  lines: readonly { readonly takes: string }[],
  given: readonly Argument[],
  at: Place,
) {
  const types = given.map((argument) => (isLambda(argument) ? "function" : typeName(argument.type)));
  const expected = lines.map(({ takes }) => `${name}${takes.split(" -> ")[0]}`);
  return queryError(
    "FUNCTION_NOT_FOUND",
    `Unexpected parameters (${types.join(", ")}) for function ${name}. Expected: ${expected.join(", ")}`,
    at,
  );
}
