// found-items: a search as search-items asks it of find-items, and what comes back.

import type { Category } from "./analysis";
import type { AnswerOf } from "./endpoint";
import type { searchItems } from "./endpoints/search-items";

export interface ItemSearch {
  readonly userId: string;
  /** In words, as they were typed. */
  readonly query: string;
  /** Of the query, by `embeddingModel`. */
  readonly vector: readonly number[];
  readonly embeddingModel: string;
  readonly category?: Category | undefined;
  /** Of when the item was made: days in UTC, both included. */
  readonly from?: string | undefined;
  readonly to?: string | undefined;
  readonly limit: number;
  /** How many of the best are passed over: where a page begins. */
  readonly offset: number;
}

/** What search-items answers with. */
export type FoundItems = AnswerOf<typeof searchItems>;
