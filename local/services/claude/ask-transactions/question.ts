// question: what a question asks for, once it is understood.

import type { Period } from "./period";

export type Measure =
  | "amount"
  | "average_amount"
  | "average_revenue"
  | "discount"
  | "inventory_level"
  | "quantity"
  | "returned"
  | "revenue"
  | "transactions";

export type Group =
  | "category"
  | "currency"
  | "day"
  | "month"
  | "product"
  | "quarter"
  | "seller"
  | "week"
  | "weekday"
  | "year";

export interface Rank {
  readonly most: boolean;
  readonly count: number;
}

export interface Filters {
  /** Names in lower case, any of which it may be. */
  readonly category: readonly string[];
  readonly product: readonly string[];
  readonly seller: readonly string[];
  /** Of which it is not said what it is of: products, or categories. */
  readonly either: readonly string[];
  /** ISO 4217. */
  readonly currency: readonly string[];
  /** Units left. */
  readonly stockBelow?: number;
}

export interface Question {
  /** One at least; the first is what is ranked by. */
  readonly measures: readonly Measure[];
  readonly groups: readonly Group[];
  /** Of which of the groups the first ones are asked for: "the top 3 products by month". */
  readonly ranked: readonly Group[];
  readonly rank?: Rank;
  readonly filters: Filters;
  readonly period?: Period;
}
