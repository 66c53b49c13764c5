// find-item: an item in the database, with all of its newest analysis.

import type { TransactionSql } from "postgres";
import type { Item, ItemAnalysis } from "../../../schemas/item";
import { itemColumns, itemOf, newestAnalysis, utc } from "../item-row";

export interface FoundItem {
  readonly item: Item & { readonly analysis: ItemAnalysis; readonly analyses: number };
  /** Of its picture. */
  readonly version: string;
  readonly thumbnailKey: string;
}

/** `sql` sees the items of the user and no others. */
export async function findItem(sql: TransactionSql, userId: string, itemId: string): Promise<FoundItem | undefined> {
  const [row] = await sql`
    select ${sql.unsafe(itemColumns)}, item.version_id, item.thumbnail_key, analysis.version, analysis.raw_response,
      analysis.provider_used, analysis.model_used, ${sql.unsafe(utc("analysis.created_at"))} as analyzed_at,
      (select count(*)::int from collections.analyses where user_id = item.user_id and item_id = item.id) as analyses
    from collections.items item ${sql.unsafe(newestAnalysis)}
    where item.user_id = ${userId} and item.id = ${itemId}`;
  if (row === undefined) return undefined;
  const { objects, colours, text, mood, confidence } = row.raw_response;
  const { version, provider_used: provider, model_used: model, analyzed_at: analyzedAt } = row;
  const said = { objects, colours, text, mood, confidence };
  return {
    item: { ...itemOf(row), analysis: { version, ...said, provider, model, analyzedAt }, analyses: row.analyses },
    version: row.version_id,
    thumbnailKey: row.thumbnail_key,
  };
}
