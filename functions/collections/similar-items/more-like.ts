// more-like: the items that are nearest to another one, by the model by which that one was embedded last.

import type { TransactionSql } from "postgres";
import type { AnswerOf } from "../../../schemas/endpoint";
import type { similarItems } from "../../../schemas/endpoints/similar-items";
import { problem } from "../../../stage/answer";
import { itemColumns, itemOf, newestAnalysis } from "../item-row";
import { nearest } from "../nearest";

/** `sql` sees the items of the user and no others. */
export async function moreLike(
  sql: TransactionSql,
  userId: string,
  itemId: string,
  limit: number,
): Promise<AnswerOf<typeof similarItems>> {
  const [own] = await sql<{ vector: string | null; model: string }[]>`
    select embedding.vector::text, embedding.embedding_model as model
    from collections.items item
    left join collections.embeddings embedding on embedding.user_id = item.user_id and embedding.item_id = item.id
    where item.user_id = ${userId} and item.id = ${itemId}
    order by embedding.created_at desc
    limit 1`;
  if (own === undefined) throw problem("NotFound", `Cannot find item "${itemId}": there is none of yours with this id`);
  if (own.vector === null) {
    throw problem(
      "NotEmbedded",
      `Cannot compare item "${itemId}": it has no place among the others yet. Try again later`,
    );
  }
  const vector = sql`${own.vector}::text::vector`;
  const model = sql`${own.model}`;
  const rows = await sql`
    with near as materialized (${nearest(sql, { userId, model, vector, except: itemId, most: limit })})
    select ${sql.unsafe(itemColumns)}, 1 - near.distance as similarity
    from near
    join collections.items item on item.user_id = ${userId} and item.id = near.item_id
    ${sql.unsafe(newestAnalysis)}
    order by near.distance, item.id`;
  return { items: rows.map((row) => ({ ...itemOf(row), similarity: row.similarity })) };
}
