// item-row: an item as the database has it, and as the API shows it.

import type { Row, TransactionSql } from "postgres";
import type { Item, ItemFilters } from "../../schemas/item";

/** Of `item` and `analysis`, its newest. */
export const itemColumns = `
  item.id, item.filename, item.mime_type, item.width, item.height, analysis.category, analysis.summary,
  ${utc("item.created_at")} as created_at, ${utc("item.updated_at")} as updated_at`;

/** The newest analysis of each `item`; every item has one. */
export const newestAnalysis = `
  join collections.analyses analysis
    on analysis.user_id = item.user_id and analysis.item_id = item.id and analysis.newest`;

export const itemOf = (row: Row): Item => ({
  id: row.id,
  filename: row.filename,
  mimeType: row.mime_type,
  width: row.width,
  height: row.height,
  category: row.category,
  summary: row.summary,
  createdAt: row.created_at,
  updatedAt: row.updated_at,
});

/** A time of ISO 8601, with all of its microseconds. */
export function utc(column: string): string {
  return `to_char(${column} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')`;
}

/** When the days of the filters begin and end: the first moment that is of them, and the first one that is not any more. */
export const momentsOf = (sql: TransactionSql, { from, to }: ItemFilters) => ({
  from: sql`(${from ?? null}::text::date)::timestamp at time zone 'UTC'`,
  before: sql`(${to ?? null}::text::date + 1)::timestamp at time zone 'UTC'`,
});
