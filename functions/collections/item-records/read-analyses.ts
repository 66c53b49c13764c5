// read-analyses: analyses that are to be embedded, each with what became of it meanwhile.

import type { Sql } from "postgres";
import type { Analysis } from "../../../schemas/analysis";
import type { AnalysisName, ReadAnalyses, ReadAnalysis } from "../../../schemas/item-records";
import { asUser } from "../as-user";
import { byUser } from "./by-user";

/** In the order of the request. */
export const readAnalyses = (sql: Sql, { analyses, embedding_model }: ReadAnalyses): Promise<ReadAnalysis[]> =>
  byUser(analyses, (userId, own) => readOwn(sql, userId, own, embedding_model));

/** An analysis counts as embedded where a newer one of its item is: its own embedding would be thrown away. */
function readOwn(sql: Sql, userId: string, own: readonly AnalysisName[], model: string): Promise<ReadAnalysis[]> {
  const names = JSON.stringify(own.map(({ item_id, analysis_id }, place) => ({ place, item_id, analysis_id })));
  return asUser(sql, userId, async (transaction) => {
    const rows = await transaction<Known[]>`
      select item.id is not null as has_item, analysis.raw_response as analysis, exists (
        select from collections.embeddings embedding
        join collections.analyses embedded
          on embedded.user_id = embedding.user_id and embedded.item_id = embedding.item_id
          and embedded.id = embedding.analysis_id
        where embedding.user_id = ${userId} and embedding.item_id = wanted.item_id
          and embedding.embedding_model = ${model} and embedded.version >= analysis.version
      ) as is_embedded
      from jsonb_to_recordset(${names}::text::jsonb) as wanted (place int, item_id text, analysis_id text)
      left join collections.items item on item.user_id = ${userId} and item.id = wanted.item_id
      left join collections.analyses analysis
        on analysis.user_id = ${userId} and analysis.item_id = wanted.item_id and analysis.id::text = wanted.analysis_id
      order by wanted.place`;
    return rows.map(outcomeOf);
  });
}

interface Known {
  readonly has_item: boolean;
  readonly analysis: Analysis | null;
  readonly is_embedded: boolean;
}

function outcomeOf({ has_item, analysis, is_embedded }: Known): ReadAnalysis {
  if (!has_item) return { outcome: "gone" };
  if (analysis === null) return { outcome: "missing" };
  return is_embedded ? { outcome: "embedded" } : { outcome: "found", analysis };
}
