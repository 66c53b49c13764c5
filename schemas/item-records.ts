// item-records: what the stages outside of the network ask of the one inside of it, which has the database.

import type { Analysis } from "./analysis";

/** Whose item it is, and which. */
export interface ItemName {
  readonly user_id: string;
  readonly item_id: string;
}

/** An analysis of one version of an item's picture. Twice with the same `version_id` and `request_id` is once. */
export interface KeepAnalysis extends ItemName {
  readonly keep: "analysis";
  readonly bucket: string;
  readonly original_key: string;
  readonly thumbnail_key: string;
  /** Of the original. */
  readonly version_id: string;
  /** Empty for the first analysis of a version. */
  readonly request_id: string;
  readonly mime_type: string;
  /** Of the original, in pixels as it is looked at. */
  readonly width: number;
  readonly height: number;
  readonly analysis: Analysis;
  /** `anthropic`, or `offline`. */
  readonly provider_used: string;
  readonly model_used: string;
  readonly trace_id: string | null;
}

/**
 * `kept`: now or before. `superseded`: the item has a newer picture, which is analyzed for itself. `gone`: the item was deleted.
 */
export type KeptAnalysis =
  | { readonly outcome: "kept"; readonly analysis_id: string; readonly version: number }
  | { readonly outcome: "superseded" | "gone" };

export interface AnalysisName extends ItemName {
  readonly analysis_id: string;
}

/** What is to be embedded; in the answer, in the same order, what is known of each. */
export interface ReadAnalyses {
  readonly read: "analyses";
  readonly analyses: readonly AnalysisName[];
  /** By which it is to be embedded. */
  readonly embedding_model: string;
}

/** `missing`: the item has no such analysis. `gone`: there is no such item, any more. `embedded`: by that model, already. */
export type ReadAnalysis =
  | { readonly outcome: "found"; readonly analysis: Analysis }
  | { readonly outcome: "missing" | "embedded" | "gone" };

export interface KeepEmbeddings {
  readonly keep: "embeddings";
  readonly embeddings: readonly Embedding[];
}

export interface Embedding extends AnalysisName {
  /** Of 1,024 numbers. */
  readonly vector: readonly number[];
  readonly embedding_model: string;
  /** The fields that the document was made of. */
  readonly embedding_source: Readonly<Record<string, unknown>>;
}

/** In the order of the embeddings. `superseded`: the item has a newer analysis that is embedded already. */
export type KeptEmbedding = { readonly outcome: "kept" | "superseded" | "gone" };

/** What whoever wants an item analyzed again must know of it; nothing where the user has no such item. */
export interface ReadItem extends ItemName {
  readonly read: "item";
}

export type ReadItemAnswer = {
  readonly bucket: string;
  readonly original_key: string;
  readonly thumbnail_key: string;
} | null;

export type ItemRecordsRequest = KeepAnalysis | ReadAnalyses | KeepEmbeddings | ReadItem;

export type ItemRecordsAnswer<Request> = Request extends KeepAnalysis
  ? KeptAnalysis
  : Request extends ReadAnalyses
    ? readonly ReadAnalysis[]
    : Request extends KeepEmbeddings
      ? readonly KeptEmbedding[]
      : ReadItemAnswer;
