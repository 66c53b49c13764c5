// GET /api/transactions: transactions by the day, or one by one.

import {
  array,
  integer,
  isoDate,
  nullable,
  number,
  optional,
  picklist,
  pipe,
  strictObject,
  string,
  union,
} from "valibot";
import { endpoint } from "../endpoint";
import { Currency, Cursor, Limit } from "../parameters";
import { Seller } from "../seller";
import { transactionFilters } from "../transaction-filters";

const sorts = ["day", "product", "quantity", "amount", "revenue"] as const;
const whole = pipe(number(), integer());
const what = {
  day: pipe(string(), isoDate()),
  seller: Seller,
  productId: string(),
  productName: string(),
  category: string(),
  currency: Currency,
  /** Negative where more came back than was sold. */
  quantity: whole,
  /** Quantity times price, as a decimal number. */
  amount: string(),
  /** The amount less discounts, as a decimal number. */
  revenue: string(),
  /** What is left of the product. */
  inventoryLevel: nullable(whole),
};

export const listTransactions = endpoint({
  route: "GET /api/transactions",
  summary: "List transactions",
  description:
    "`level=day` adds them up by day, product, category and currency, with what is left of the product now; `level=transaction` " +
    "gives each. `from` and `to` are days in UTC, both inclusive. A `-` before `sort` begins with the greatest. Pages follow " +
    "one another by `cursor`, each row once, whatever is uploaded in between; a row whose sorted value changes meanwhile " +
    "may be missed or come twice.",
  pipeline: "transactions",
  query: strictObject({
    level: optional(picklist(["day", "transaction"]), "day"),
    ...transactionFilters,
    sort: optional(picklist([...sorts, ...sorts.map((sort) => `-${sort}` as const)]), "day"),
    limit: Limit,
    cursor: Cursor,
  }),
  answer: {
    status: 200,
    description: "A page, and where the next one begins",
    schema: strictObject({
      transactions: array(
        union([
          strictObject({ ...what, transactions: whole }),
          strictObject({
            ...what,
            transactionId: string(),
            occurredAt: string(),
            unitPrice: string(),
            /** Of the whole line. */
            discount: string(),
            uploadId: string(),
          }),
        ]),
      ),
      /** Missing on the last page. */
      cursor: optional(string()),
    }),
  },
  problems: {},
});

export type TransactionSort = (typeof sorts)[number] | `-${(typeof sorts)[number]}`;
