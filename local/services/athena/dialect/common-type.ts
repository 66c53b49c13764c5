// common-type: values of several types as one: the branches of a CASE, the elements of an array.

import { type Place, queryError } from "../query-error";
import { coerced } from "./casts";
import { commonType } from "./coercion";
import { of, type Type, typeName } from "./types";
import type { Value } from "./value";

/** All of them as their common type: the branches of a CASE, the elements of an array. */
export function unified(
  values: readonly Value[],
  what: string,
  at: Place,
): { readonly values: readonly Value[]; readonly type: Type } {
  let type: Type = of("unknown");
  for (const value of values) {
    const next = commonType(type, value.type);
    if (next === undefined) {
      throw queryError(
        "TYPE_MISMATCH",
        `${what} must be the same type or coercible to a common type. Cannot find common type between ${typeName(type)} and ${typeName(value.type)}, all types (without duplicates): [${[...new Set(values.map((each) => typeName(each.type)))].join(", ")}]`,
        at,
      );
    }
    type = next;
  }
  const common = type;
  return { values: values.map((value) => coerced(value, common, at)), type: common };
}

export const mismatch = (operator: string, left: Value, right: Value, at: Place) =>
  queryError("TYPE_MISMATCH", `Cannot apply operator: ${typeName(left.type)} ${operator} ${typeName(right.type)}`, at);
