// columns: the columns that an expression may name, and what becomes of a name.
// https://trino.io/docs/current/sql/select.html: names are the same in upper and lower case.

import { type Place, queryError } from "../query-error";
import { structField, type Type, typeName } from "./types";
import type { Value } from "./value";

/** Columns of files that must be read, as `table/column`. */
export type Sources = ReadonlySet<string>;

export interface Column {
  /** As it was written or as the catalog has it; nothing where the query gives it none. */
  readonly name: string | undefined;
  /** What stands before the dot: the alias, or the table's name and what stands before that. */
  readonly relation: readonly string[];
  readonly sql: string;
  readonly type: Type;
  readonly sources: Sources;
  /** Not among `*`: "$path". */
  readonly hidden?: boolean;
}

export const isSame = (one: string | undefined, other: string): boolean => one?.toLowerCase() === other.toLowerCase();

/** The column that the parts of a name begin with, and how many of them it takes. */
export function columnIn(columns: readonly Column[], parts: readonly string[], at: Place) {
  // `a.b` is the column b of a, before it is the field b of the column a.
  for (let length = parts.length; length >= 1; length -= 1) {
    const qualifier = parts.slice(0, length - 1);
    const name = parts[length - 1] ?? "";
    const found = columns.filter((column) => isSame(column.name, name) && endsWith(column.relation, qualifier));
    if (found.length > 1)
      throw queryError("AMBIGUOUS_NAME", `Column '${parts.slice(0, length).join(".")}' is ambiguous`, at);
    const [column] = found;
    if (column !== undefined) return { column, length };
  }
  return undefined;
}

const endsWith = (relation: readonly string[], qualifier: readonly string[]): boolean =>
  qualifier.length <= relation.length &&
  qualifier.every((part, index) => isSame(relation[relation.length - qualifier.length + index], part));

/** A field of a row. */
export function fieldOf(value: Value, name: string, at: Place): Value {
  const { type } = value;
  if (type.kind !== "row")
    throw queryError("TYPE_MISMATCH", `Expression is not of type ROW, but ${typeName(type)}`, at);
  const index = type.fields.findIndex((field) => isSame(field.name, name));
  const field = type.fields[index];
  if (field === undefined) throw queryError("COLUMN_NOT_FOUND", `Column '${name}' cannot be resolved`, at);
  return { sql: `struct_extract(${value.sql}, '${structField(index)}')`, type: field.type };
}

/** In Athena's words. */
export const notFound = (parts: readonly string[], at: Place) =>
  queryError(
    "COLUMN_NOT_FOUND",
    `Column '${parts.join(".")}' cannot be resolved or requester is not authorized to access requested resources`,
    at,
  );
