// column-rules: what a value must be, as SQL for a million rows at a time. row.ts says the same of one row in valibot, and
// column-rules.test.ts holds the two against each other.

import { literal, quoted } from "./sql-text";
import type { Column } from "./tables";

/** A condition that a good value meets, and what is said of one that does not. */
export interface Rule {
  /** DuckDB SQL over the quoted column; NULL counts as not met. */
  readonly sql: string;
  readonly reason: string;
}

/** No shop of ours has rows from before or after; a timestamp of 1970 or 9999 is a default value that slipped in. */
export const earliest = "2000-01-01";
export const latest = "2100-01-01";

/** The rules of a column in the order in which they are told: the first that fails is the reason. */
export function rulesOf(name: string, column: Column): Rule[] {
  const value = quoted(name);
  const rules: Rule[] = column.nullable ? [] : [{ sql: `${value} IS NOT NULL`, reason: "is missing" }];
  const rule = (sql: string, reason: string) =>
    rules.push({ sql: column.nullable ? `(${value} IS NULL OR ${sql})` : sql, reason });

  if (column.oneOf)
    rule(`${value} IN (${column.oneOf.map(literal).join(", ")})`, `is none of ${column.oneOf.join(", ")}`);
  if (column.pattern)
    rule(`regexp_full_match(${value}, ${literal(column.pattern)})`, `does not match ${column.pattern}`);
  if (column.type === "double") rule(`isfinite(${value})`, "is not a finite number");
  const [measure, fewer, more, unit] =
    column.type === "varchar"
      ? [`length(${value})`, "has fewer than", "has more than", " characters"]
      : [value, "is less than", "is more than", ""];
  if (column.min !== undefined) rule(`${measure} >= ${column.min}`, `${fewer} ${column.min}${unit}`);
  if (column.max !== undefined) rule(`${measure} <= ${column.max}`, `${more} ${column.max}${unit}`);
  if (column.type === "timestamp" || column.type === "date") {
    rule(`${value} >= DATE '${earliest}' AND ${value} < DATE '${latest}'`, `is not between ${earliest} and ${latest}`);
  }
  return rules;
}
