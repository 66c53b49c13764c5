// value: an expression of the query, as DuckDB computes it and as Trino types it.

import { literal } from "../../../../schemas/sql-text";
import type { Type } from "./types";

export interface Value {
  /** DuckDB's text for it, closed in itself: it can stand anywhere. */
  readonly sql: string;
  readonly type: Type;
  /** What it always is, where the query says so itself: the text of a text literal, the digits of a number. */
  readonly literal?: string;
}

/**
 * Stops the query with one of Trino's errors when it is computed, and only then: TRY and CASE keep it from being. DuckDB
 * gives it whatever type is asked for.
 */
export const failure = (code: string, message: string, type: string): string =>
  `CAST(trino_failure(${literal(`${code}: `)} || ${message}) AS ${type})`;
