// comparisons: = <> < <= > >= and IS DISTINCT FROM. https://trino.io/docs/current/functions/comparison.html

import { notImitated, type Place } from "../query-error";
import { coerced } from "./casts";
import { commonType, isFloating, isOrderable } from "./coercion";
import { mismatch } from "./common-type";
import { of } from "./types";
import type { Value } from "./value";

export type Comparison = "=" | "<>" | "<" | "<=" | ">" | ">=";

export function compared(operator: Comparison, left: Value, right: Value, at: Place): Value {
  const common = commonType(left.type, right.type);
  if (common === undefined) throw mismatch(operator, left, right, at);
  const equality = operator === "=" || operator === "<>";
  if (!equality && !isOrderable(common)) throw mismatch(operator, left, right, at);
  if (common.kind === "array" || common.kind === "map" || common.kind === "row") {
    // Trino's answer is NULL where an element is NULL and the others are equal, DuckDB's is not.
    throw notImitated(`Comparing ${common.kind}s`, at, "compare their elements");
  }
  const [a, b] = [coerced(left, common, at).sql, coerced(right, common, at).sql];
  return {
    sql: isFloating(common) ? floating(operator, a, b, left, right) : `(${a} ${operator} ${b})`,
    type: of("boolean"),
  };
}

/** NaN is unequal to everything and neither less nor greater (IEEE 754); to DuckDB it is equal to itself and the greatest. */
function floating(operator: Comparison, a: string, b: string, left: Value, right: Value): string {
  const plain = `(${a} ${operator} ${b})`;
  const [x, y] = [left.literal === undefined, right.literal === undefined];
  switch (operator) {
    case "=":
      return x && y ? `(${a} = ${b} AND NOT (isnan(${a}) AND isnan(${b})))` : plain;
    case "<>":
      return x && y ? `(${a} <> ${b} OR (isnan(${a}) AND isnan(${b})))` : plain;
    case "<":
    case "<=":
      return y ? `(${plain} AND NOT (isnan(${b}) AND ${a} IS NOT NULL))` : plain;
    case ">":
    case ">=":
      return x ? `(${plain} AND NOT (isnan(${a}) AND ${b} IS NOT NULL))` : plain;
  }
}

/** IS [NOT] DISTINCT FROM: NULL is like NULL. */
export function distinctFrom(left: Value, right: Value, not: boolean, at: Place): Value {
  const common = commonType(left.type, right.type);
  if (common === undefined) throw mismatch("IS DISTINCT FROM", left, right, at);
  const [a, b] = [coerced(left, common, at).sql, coerced(right, common, at).sql];
  return { sql: `(${a} IS ${not ? "NOT " : ""}DISTINCT FROM ${b})`, type: of("boolean") };
}
