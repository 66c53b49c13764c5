// composites: what is put together by || and taken apart by [].

import { literal } from "../../../../schemas/sql-text";
import { type Place, queryError } from "../query-error";
import { coerced } from "./casts";
import { commonType, isInteger } from "./coercion";
import { mismatch } from "./common-type";
import { arrayOf, duckType, of, type Type, typeName } from "./types";
import { failure, type Value } from "./value";

/** `||` of texts, of arrays, and of an array and an element. */
export function concatenated(left: Value, right: Value, at: Place): Value {
  const common = commonType(left.type, right.type);
  if (common?.kind === "unknown") return { sql: "CAST(NULL AS VARCHAR)", type: { kind: "varchar" } };
  if (common?.kind === "varchar") {
    const length =
      left.type.kind === "varchar" && right.type.kind === "varchar"
        ? sum(left.type.length, right.type.length)
        : undefined;
    const type: Type = { kind: "varchar", ...(length === undefined ? {} : { length }) };
    return { sql: `(${left.sql} || ${right.sql})`, type };
  }
  if (common?.kind === "varbinary") return { sql: `(${left.sql} || ${right.sql})`, type: common };
  if (common?.kind === "array") {
    return { sql: `(${coerced(left, common, at).sql} || ${coerced(right, common, at).sql})`, type: common };
  }
  const appended = left.type.kind === "array" ? commonType(left.type.of, right.type) : undefined;
  if (appended !== undefined) {
    const list = arrayOf(appended);
    return { sql: `(${coerced(left, list, at).sql} || [${coerced(right, appended, at).sql}])`, type: list };
  }
  const prepended = right.type.kind === "array" ? commonType(left.type, right.type.of) : undefined;
  if (prepended !== undefined) {
    const list = arrayOf(prepended);
    return { sql: `([${coerced(left, prepended, at).sql}] || ${coerced(right, list, at).sql})`, type: list };
  }
  throw mismatch("||", left, right, at);
}

const sum = (one: number | undefined, other: number | undefined): number | undefined =>
  one === undefined || other === undefined ? undefined : one + other;

/** `[]` on an array (from 1, beyond its end an error) or a map (an error where there is no such key). */
export function subscript(value: Value, index: Value, at: Place): Value {
  const { type, sql } = value;
  if (type.kind === "array" && (isInteger(index.type) || index.type.kind === "unknown")) {
    const place = coerced(index, of("bigint"), at).sql;
    const message = literal("Array subscript must be at least 1 and at most the length of the array");
    const fault = failure("INVALID_FUNCTION_ARGUMENT", message, duckType(type.of));
    return {
      sql: `CASE WHEN ${place} < 1 OR ${place} > len(${sql}) THEN ${fault} ELSE list_extract(${sql}, ${place}) END`,
      type: type.of,
    };
  }
  if (type.kind === "map") {
    const key = coerced(index, type.key, at).sql;
    const fault = failure("INVALID_FUNCTION_ARGUMENT", literal("Key not present in map"), duckType(type.value));
    return {
      sql: `CASE WHEN NOT map_contains(${sql}, ${key}) THEN ${fault} ELSE map_extract_value(${sql}, ${key}) END`,
      type: type.value,
    };
  }
  if (type.kind === "row" && index.literal !== undefined && isInteger(index.type)) {
    const field = type.fields[Number(index.literal) - 1];
    if (field !== undefined)
      return { sql: `struct_extract(${sql}, 'f${Number(index.literal) - 1}')`, type: field.type };
  }
  throw queryError("TYPE_MISMATCH", `Cannot use ${typeName(index.type)} for subscript of ${typeName(type)}`, at);
}
