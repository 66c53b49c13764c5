// nearest: a user's items by how near they are to a vector, by the index of schemas/migrations/0003_collections.sql or,
// where that is the shorter way, one by one.
//
// The index knows vectors and nothing of users and filters. It is followed from the nearest on, and goes on by itself
// until so many rows have passed the other conditions (https://github.com/pgvector/pgvector#iterative-index-scans). They
// come nearly in order, and whoever asks puts them in order.

import type { Fragment, TransactionSql } from "postgres";
import type { ItemFilters } from "../../schemas/item";
import { momentsOf } from "./item-row";

/** Of a transaction that asks. */
export const nearestSettings = {
  "hnsw.iterative_scan": "relaxed_order",
  "hnsw.ef_search": "200",
  // Where it ends, if next to nothing passes.
  "hnsw.max_scan_tuples": "40000",
  // No disk turns any more. By the estimate for one, 4, reading all vectors would seem to be as fast as the index.
  random_page_cost: "1.1",
} as const;

export interface Near {
  readonly userId: string;
  /** By which both were embedded. */
  readonly model: Fragment;
  readonly vector: Fragment;
  readonly filters?: ItemFilters;
  /** An item that is not meant. */
  readonly except?: string;
  readonly most: number;
}

/** A SELECT of `item_id` and `distance`, by the cosine: 0 is the same, 1 has nothing in common. */
export function nearest(sql: TransactionSql, { userId, model, vector, filters = {}, except, most }: Near): Fragment {
  const { category, from, to } = filters;
  const moments = momentsOf(sql, filters);
  const ofItem = sql`user_id = embedding.user_id and`;
  return sql`
    select embedding.item_id, embedding.vector <=> ${vector} as distance
    from collections.embeddings embedding
    where embedding.user_id = ${userId} and embedding.embedding_model = ${model}
      ${except === undefined ? sql`` : sql`and embedding.item_id <> ${except}`}
      ${
        category === undefined
          ? sql``
          : sql`and exists (
              select from collections.analyses
              where ${ofItem} item_id = embedding.item_id and newest and category = ${category}
            )`
      }
      ${
        from === undefined && to === undefined
          ? sql``
          : sql`and exists (
              select from collections.items
              where ${ofItem} id = embedding.item_id and created_at >= coalesce(${moments.from}, '-infinity')
                and created_at < coalesce(${moments.before}, 'infinity')
            )`
      }
    order by embedding.vector <=> ${vector}
    limit ${most}`;
}
