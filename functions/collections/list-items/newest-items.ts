// newest-items: one page of a user's items, the newest first.
//
// The next page begins behind the last item by its values and not by a count, so that what comes in between moves nothing.

import type { TransactionSql } from "postgres";
import type { AnswerOf } from "../../../schemas/endpoint";
import type { listItems } from "../../../schemas/endpoints/list-items";
import type { ItemFilters } from "../../../schemas/item";
import { cursorOf, positionOf } from "../../cursor";
import { itemColumns, itemOf, momentsOf, newestAnalysis } from "../item-row";

export interface PageAsked extends ItemFilters {
  readonly limit: number;
  readonly cursor?: string | undefined;
}

/** `sql` sees the items of the user and no others. */
export async function newestItems(
  sql: TransactionSql,
  userId: string,
  { limit, cursor, ...filters }: PageAsked,
): Promise<AnswerOf<typeof listItems>> {
  const { category, from, to } = filters;
  const identity = ["items", userId, category, from, to];
  const [time, id] = cursor === undefined ? [] : positionOf(cursor, identity, ["time", "text"]);
  const moments = momentsOf(sql, filters);
  const rows = await sql`
    select ${sql.unsafe(itemColumns)}
    from collections.items item ${sql.unsafe(newestAnalysis)}
    where item.user_id = ${userId}
      ${category === undefined ? sql`` : sql`and analysis.category = ${category}`}
      ${from === undefined ? sql`` : sql`and item.created_at >= ${moments.from}`}
      ${to === undefined ? sql`` : sql`and item.created_at < ${moments.before}`}
      ${time === undefined || id === undefined ? sql`` : sql`and (item.created_at, item.id) < (${time}::text::timestamptz, ${id})`}
    order by item.created_at desc, item.id desc
    limit ${limit + 1}`;
  const items = rows.slice(0, limit).map(itemOf);
  const last = rows.length > limit ? items.at(-1) : undefined;
  return last === undefined ? { items } : { items, cursor: cursorOf(identity, [last.createdAt, last.id]) };
}
