// keep-embeddings: the vectors of analyses, by which their items are found. An item has one for each model, of the newest
// of its analyses that has come so far.

import type { Sql, TransactionSql } from "postgres";
import type { Embedding, KeepEmbeddings, KeptEmbedding } from "../../../schemas/item-records";
import { asUser } from "../as-user";
import { lockItem } from "../lock-item";
import { hasDirection, vectorText } from "../vector";
import { byUser } from "./by-user";

/** In the order of the request; one transaction for each user. Throws `BadVector` before anything is written. */
export async function keepEmbeddings(sql: Sql, { embeddings }: KeepEmbeddings): Promise<KeptEmbedding[]> {
  for (const embedding of embeddings) vectorOf(embedding);
  return byUser(embeddings, (userId, own) => keepOwn(sql, userId, own));
}

function vectorOf({ analysis_id, vector }: Embedding): string {
  const text = vectorText(vector, `analysis "${analysis_id}"`);
  if (hasDirection(vector)) return text;
  const error = new Error(`Cannot take the vector of analysis "${analysis_id}": all of it is zero`);
  throw Object.assign(error, { name: "BadVector", code: "BadVector" });
}

const keepOwn = (sql: Sql, userId: string, own: readonly Embedding[]): Promise<KeptEmbedding[]> =>
  asUser(sql, userId, async (transaction) => {
    // In one order, whoever else is at it: nobody waits in a circle.
    for (const itemId of new Set(own.map(({ item_id }) => item_id).sort())) await lockItem(transaction, userId, itemId);
    const kept: KeptEmbedding[] = [];
    for (const embedding of own) kept.push(await keep(transaction, embedding));
    return kept;
  });

async function keep(sql: TransactionSql, embedding: Embedding): Promise<KeptEmbedding> {
  const { user_id, item_id, analysis_id, embedding_model, embedding_source } = embedding;
  const [analysis] = await sql<{ id: string; version: number }[]>`
    select id::text, version from collections.analyses
    where user_id = ${user_id} and item_id = ${item_id} and id::text = ${analysis_id}`;
  if (analysis === undefined) return { outcome: "gone" };
  const rows = await sql`
    insert into collections.embeddings as present
      (item_id, analysis_id, user_id, vector, embedding_model, embedding_source)
    values (${item_id}, ${analysis.id}::text::uuid, ${user_id}, ${vectorOf(embedding)}::text::vector, ${embedding_model},
      ${JSON.stringify(embedding_source)}::text::jsonb)
    on conflict (user_id, item_id, embedding_model) do update set
      id = excluded.id, analysis_id = excluded.analysis_id, vector = excluded.vector,
      embedding_source = excluded.embedding_source, created_at = excluded.created_at
      where ${analysis.version} > (
        select version from collections.analyses
        where user_id = present.user_id and item_id = present.item_id and id = present.analysis_id
      )
    returning 1`;
  if (rows.length === 1) return { outcome: "kept" };
  return { outcome: (await isOf(sql, embedding)) ? "kept" : "superseded" };
}

/** Whether the item's embedding is already that of this analysis. */
async function isOf(sql: TransactionSql, { user_id, item_id, analysis_id, embedding_model }: Embedding) {
  const rows = await sql`
    select from collections.embeddings
    where user_id = ${user_id} and item_id = ${item_id} and embedding_model = ${embedding_model}
      and analysis_id::text = ${analysis_id}`;
  return rows.length === 1;
}
