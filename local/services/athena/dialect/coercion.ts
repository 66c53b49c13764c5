// coercion: which type a value may silently become, and which type two values have in common.
// Trino's io.trino.type.TypeCoercion; https://trino.io/docs/current/language/types.html

import { arrayOf, decimal, sameType, type Type } from "./types";

/** Digits that an integer type needs as a decimal. */
const integers: Readonly<Record<string, number>> = { tinyint: 3, smallint: 5, integer: 10, bigint: 19 };

export const isInteger = ({ kind }: Type): boolean => kind in integers;
export const isFloating = ({ kind }: Type): boolean => kind === "real" || kind === "double";
export const isNumber = (type: Type): boolean => isInteger(type) || isFloating(type) || type.kind === "decimal";
export const isTime = ({ kind }: Type): boolean =>
  kind === "date" || kind === "timestamp" || kind === "timestamp with time zone";

/** An integer type as the decimal that holds all its values. */
export const asDecimal = (type: Type): Type => (isInteger(type) ? decimal(integers[type.kind] ?? 19, 0) : type);

/** Whether a value of `from` becomes one of `to` of its own accord. */
export function coerces(from: Type, to: Type): boolean {
  const common = commonType(from, to);
  return common !== undefined && sameType(common, to);
}

/** The type that both become, where there is one. */
export function commonType(one: Type, other: Type): Type | undefined {
  if (sameType(one, other)) return one;
  if (one.kind === "unknown") return other;
  if (other.kind === "unknown") return one;
  return widened(one, other) ?? widened(other, one);
}

/** The types' common type, where `to` is the wider kind. */
function widened(from: Type, to: Type): Type | undefined {
  if (isInteger(from) && isInteger(to)) {
    return (integers[from.kind] ?? 0) < (integers[to.kind] ?? 0) ? to : undefined;
  }
  if (to.kind === "double" && isNumber(from)) return to;
  // Athena and Trino read an integer or a decimal beside a real as a real.
  if (to.kind === "real" && isNumber(from) && from.kind !== "double") return to;
  if (to.kind === "decimal" && (isInteger(from) || from.kind === "decimal")) {
    const narrow = asDecimal(from);
    if (narrow.kind !== "decimal") return undefined;
    const scale = Math.max(narrow.scale, to.scale);
    const digits = Math.max(narrow.precision - narrow.scale, to.precision - to.scale);
    return decimal(Math.min(38, digits + scale), scale);
  }
  if (from.kind === "varchar" && to.kind === "varchar") {
    if (from.length === undefined || to.length === undefined) return { kind: "varchar" };
    return { kind: "varchar", length: Math.max(from.length, to.length) };
  }
  if (from.kind === "date" && to.kind === "timestamp") return to;
  if (from.kind === "date" && to.kind === "timestamp with time zone") return to;
  if (from.kind === "timestamp" && to.kind === "timestamp with time zone") {
    return { kind: to.kind, precision: Math.max(from.precision, to.precision) };
  }
  if ((from.kind === "timestamp" || from.kind === "timestamp with time zone") && from.kind === to.kind) {
    return { kind: to.kind, precision: Math.max(from.precision, to.precision) };
  }
  if (from.kind === "array" && to.kind === "array") {
    const common = commonType(from.of, to.of);
    return common && arrayOf(common);
  }
  if (from.kind === "map" && to.kind === "map") {
    const [key, value] = [commonType(from.key, to.key), commonType(from.value, to.value)];
    return key && value && { kind: "map", key, value };
  }
  if (from.kind === "row" && to.kind === "row") return commonRow(from.fields, to.fields);
  return undefined;
}

type Fields = Extract<Type, { kind: "row" }>["fields"];

/** Field by field; a name that differs is lost. */
function commonRow(ones: Fields, others: Fields): Type | undefined {
  if (ones.length !== others.length) return undefined;
  const fields = ones.map((one, index) => {
    const other = others[index];
    const type = other && commonType(one.type, other.type);
    return type && { ...(one.name === other?.name && one.name !== undefined ? { name: one.name } : {}), type };
  });
  const known = fields.filter((field) => field !== undefined);
  return known.length === fields.length ? { kind: "row", fields: known } : undefined;
}

/** Whether values of the type have an order. */
export const isOrderable = (type: Type): boolean => {
  switch (type.kind) {
    case "map":
    case "json":
      return false;
    case "array":
      return isOrderable(type.of);
    case "row":
      return type.fields.every((field) => isOrderable(field.type));
    default:
      return true;
  }
};
