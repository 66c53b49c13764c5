// query-result: what run-query answers - rows and their columns, or why there are none.

import {
  array,
  boolean,
  description,
  type InferOutput,
  integer,
  null_,
  number,
  object,
  pipe,
  string,
  union,
} from "valibot";

export const Cell = pipe(
  union([string(), number(), boolean(), null_()]),
  description("A date or a time is a text of ISO 8601; a number that is no whole one is a text with all its digits"),
);

export const QueryRows = object({
  columns: array(
    object({
      name: string(),
      type: pipe(
        string(),
        description("As PostgreSQL calls it: `text`, `int8`, `numeric`, `date`, `timestamptz`, ..."),
      ),
    }),
  ),
  // A row is a list, because two columns may have one name.
  rows: pipe(array(array(Cell)), description("Each a list, in the order of the columns")),
  truncated: pipe(boolean(), description("Whether there are more rows than the answer holds")),
  ms: pipe(number(), integer(), description("How long the database took, in milliseconds")),
});

export type Cell = InferOutput<typeof Cell>;
export type QueryRows = InferOutput<typeof QueryRows>;

export type RefusalCode =
  // Before it came to the database.
  | "ForbiddenClause"
  | "ForbiddenFunction"
  | "ForbiddenName"
  | "ForbiddenOperator"
  | "ForbiddenRelation"
  | "ForbiddenType"
  | "ManyStatements"
  | "NotASelect"
  | "TooDeep"
  | "TooLarge"
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
