// hybrid-search: items by their words and by their meaning, in one statement.
//
//   text_matches ──> the 100 best by words   ──rank──┐
//                                                    ├──> 1/(60 + rank), added ──> a page ──> highlights
//   nearest      ──> the 100 nearest         ──rank──┘
//
// Reciprocal rank fusion compares no numbers of the one kind with those of the other (Cormack, Clarke, Buettcher: "Reciprocal
// Rank Fusion outperforms Condorcet and individual Rank Learning Methods", SIGIR 2009, which has found the 60).

import type { Fragment, TransactionSql } from "postgres";
import type { FoundItems, ItemSearch } from "../../../schemas/found-items";
import { cursorOf } from "../../cursor";
import { itemColumns, itemOf, momentsOf, newestAnalysis } from "../item-row";
import { nearest } from "../nearest";
import { vectorText } from "../vector";
import { headlines, highlightsOf } from "./highlights";

/** Of either kind. What is beyond is not looked at. */
export const mostOfAKind = 100;

/** `sql` sees the items of the user and no others. */
export async function hybridSearch(sql: TransactionSql, asked: ItemSearch): Promise<FoundItems> {
  // A cursor that somebody has made up may say anything.
  const offset = Math.min(Math.max(asked.offset, 0), 2 * mostOfAKind);
  const { query, category, from, to, limit } = asked;
  const rows = await sql`${statement(sql, { ...asked, offset })}`;
  const [{ words = 0, neighbours = 0 } = {}] = rows;
  const page = rows.filter(({ id }) => id !== null);
  return {
    items: page.slice(0, limit).map((row) => ({
      ...itemOf(row),
      score: row.score,
      similarity: row.similarity,
      textRank: row.text_rank,
      highlights: highlightsOf(row),
    })),
    // As search-items reads it.
    ...(page.length > limit ? { cursor: cursorOf([query, category, from, to], [String(offset + limit)]) } : {}),
    truncated: words === mostOfAKind || neighbours === mostOfAKind,
  };
}

/** Where no item is on the page there is still one row, which says how many candidates there were. */
export function statement(sql: TransactionSql, search: ItemSearch): Fragment {
  const { userId, query, embeddingModel, category, offset, limit } = search;
  const vector = sql`${vectorText(search.vector, "the query")}::text::vector`;
  const moments = momentsOf(sql, search);
  return sql`
    with asked as materialized (select websearch_to_tsquery('english', ${plainer(query)}) as query),
    by_words as materialized (
      select found.item_id, found.rank, rank() over (order by found.rank desc) as place
      from asked, collections.text_matches(
        asked.query, ${category ?? null}::text, ${moments.from}, ${moments.before}, ${mostOfAKind}
      ) found
    ),
    neighbours as materialized (
      ${nearest(sql, { userId, model: sql`${embeddingModel}`, vector, filters: search, most: mostOfAKind })}
    ),
    by_meaning as (
      select item_id, 1 - distance as similarity, rank() over (order by distance) as place
      from neighbours
      -- From here on they have nothing in common, and two that have no direction have no distance.
      where distance < 1
    ),
    fused as (
      select item_id, by_meaning.similarity, by_words.rank as text_rank,
        coalesce(1 / (60 + by_words.place)::float8, 0) + coalesce(1 / (60 + by_meaning.place)::float8, 0) as score
      from by_words full join by_meaning using (item_id)
    ),
    page as (
      select * from fused
      order by score desc, similarity desc nulls last, item_id
      offset ${offset} limit ${limit + 1}
    )
    select ${sql.unsafe(itemColumns)}, page.score, page.similarity, page.text_rank, ${sql.unsafe(headlines)},
      (select count(*)::int from by_words) as words, (select count(*)::int from neighbours) as neighbours
    from asked
    left join (
      page
      join collections.items item on item.user_id = ${userId} and item.id = page.item_id
      ${sql.unsafe(newestAnalysis)}
    ) on true
    order by page.score desc, page.similarity desc nulls last, page.item_id`;
}

/** A minus before a minus means nothing, and PostgreSQL has no room for a hundred of them ("tsquery stack too small"). */
const plainer = (query: string): string => query.replaceAll(/-(?:\s*-)+/g, " ");
