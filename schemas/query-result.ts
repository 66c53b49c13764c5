// query-result: what run-query answers - rows and their columns, or why there are none.

import { array, boolean, type InferOutput, integer, null_, number, object, pipe, string, union } from "valibot";

/** A date or a time is a text of ISO 8601; an exact number that is no whole one is a text with all its digits. */
export const Cell = union([string(), number(), boolean(), null_()]);

export const QueryRows = object({
  columns: array(
    object({
      name: string(),
      /** As PostgreSQL calls it: `text`, `int8`, `numeric`, `date`, `timestamptz`, ... */
      type: string(),
    }),
  ),
  /** A row is a list, because two columns may have one name. */
  rows: array(array(Cell)),
  /** Whether there are more rows than the answer holds. */
  truncated: boolean(),
  /** How long the database took, in milliseconds. */
  ms: pipe(number(), integer()),
});

export type Cell = InferOutput<typeof Cell>;
export type QueryRows = InferOutput<typeof QueryRows>;

export type RefusalCode =
  // Before it came to the database.
  | "ForbiddenClause"
  | "ForbiddenFunction"
  | "ForbiddenOperator"
  | "ForbiddenRelation"
  | "ForbiddenType"
  | "ManyStatements"
  | "NotASelect"
  | "TooDeep"
  | "TooLong"
  | "UnknownColumn"
  | "Unreadable"
  // By the database.
  | "Failed"
  | "TimedOut";

export interface Refusal {
  readonly code: RefusalCode;
  readonly message: string;
}

export type QueryResult = QueryRows | { readonly refusal: Refusal };
