// line: how a function of Trino's is written down here - one line each, its signature as Trino's documentation has it.
//
//   (varchar, bigint) -> varchar      types as Trino calls them; a timestamp is one of any precision, a decimal any
//   (array(T), T) -> boolean          T, U, K, V: any type, the same everywhere in the line
//   (I) -> I, (N) -> N                any integer type, any number
//   (O) -> O, (D) -> D                anything that has an order; date, timestamp or timestamp with time zone
//   (array(T), function(T, U))        a lambda: its parameters' types, then its result's
//   (varchar, varchar...)             any number of the last

import type { Type } from "../types";
import type { Value } from "../value";

export interface Line {
  /** As above, without the name. */
  readonly takes: string;
  /** DuckDB's text: `$1` is the first argument, `$*` all of them, `$T` the type that T stands for. */
  readonly sql: string | ((values: readonly Value[]) => string);
  /** The result's type, where the signature cannot tell: from the arguments' types. */
  readonly gives?: (types: readonly Type[]) => Type;
  /** Which arguments must be written in the query itself, from 1, and the check on what they are. */
  readonly literals?: readonly number[];
}

export type Lines = Readonly<Record<string, readonly Line[]>>;

/** A line whose DuckDB text is that of the signature. */
export const line = (takes: string, sql: Line["sql"], more: Omit<Line, "takes" | "sql"> = {}): Line => ({
  takes,
  sql,
  ...more,
});
