// transaction-filters: which transactions, for every route that lists or adds them.

import { description, optional, pipe } from "valibot";
import { AnySeller, Currency, Day, Name } from "./parameters";

/** Days in UTC, both inclusive; the rest is compared as it is. */
export const transactionFilters = {
  from: optional(pipe(Day, description("The first day, in UTC; it is one of them"))),
  to: optional(pipe(Day, description("The last day, in UTC; it is one of them"))),
  category: optional(pipe(Name, description("A category, written as in the feeds; no control characters"))),
  product: optional(pipe(Name, description("A product's id, written as in the feeds; no control characters"))),
  currency: optional(Currency),
  seller: AnySeller,
};

export interface TransactionFilters {
  readonly from?: string | undefined;
  readonly to?: string | undefined;
  readonly category?: string | undefined;
  readonly product?: string | undefined;
  readonly currency?: string | undefined;
  readonly seller?: string | undefined;
}
