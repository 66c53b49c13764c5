// transaction-filters: which transactions, for every route that lists or adds them.

import { optional } from "valibot";
import { Currency, Day, Name } from "./parameters";
import { Seller } from "./seller";

/** Days in UTC, both inclusive; the rest is compared as it is. */
export const transactionFilters = {
  from: optional(Day),
  to: optional(Day),
  category: optional(Name),
  /** Its id. */
  product: optional(Name),
  currency: optional(Currency),
  seller: optional(Seller),
};

export interface TransactionFilters {
  readonly from?: string | undefined;
  readonly to?: string | undefined;
  readonly category?: string | undefined;
  readonly product?: string | undefined;
  readonly currency?: string | undefined;
  readonly seller?: string | undefined;
}
