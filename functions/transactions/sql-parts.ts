// sql-parts: what the statements over transactions share.

import type { Fragment, TransactionSql } from "postgres";
import type { TransactionFilters } from "../../schemas/transaction-filters";

/** The parts, with commas between them. */
export const listed = (sql: TransactionSql, parts: readonly Fragment[]): Fragment[] =>
  parts.flatMap((part, index) => (index === 0 ? [part] : [sql`, `, part]));

/**
 * Conditions on a table with these columns. One seller is compared as one value: an index that begins with the seller then
 * gives the rows in the order of its other columns.
 */
export function conditions(
  sql: TransactionSql,
  { from, to, category, product, currency }: TransactionFilters,
  sellers: readonly string[],
): Fragment {
  const [only, other] = sellers;
  const own =
    only !== undefined && other === undefined
      ? sql`rows.seller_id = ${only}`
      : sql`rows.seller_id = any (string_to_array(${sellers.join(",")}, ','))`;
  return sql`${[
    own,
    ...(from === undefined ? [] : [sql` and rows.day >= ${from}::text::date`]),
    ...(to === undefined ? [] : [sql` and rows.day <= ${to}::text::date`]),
    ...(category === undefined ? [] : [sql` and rows.category = ${category}`]),
    ...(product === undefined ? [] : [sql` and rows.product_id = ${product}`]),
    ...(currency === undefined ? [] : [sql` and rows.currency = ${currency}`]),
  ]}`;
}

/** The database's whole numbers come as texts. What a seller has or sells is well below 2^53 (schemas/feed/numbers.ts). */
export const wholeOf = (text: unknown): number => Number(text);
