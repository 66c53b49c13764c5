// GET /api/transactions: transactions by the day, or one by one.

import {
  array,
  description,
  forward,
  isoDate,
  optional,
  partialCheck,
  picklist,
  pipe,
  strictObject,
  string,
  title,
  union,
} from "valibot";
import { Amount, InventoryLevel, Quantity, Revenue, Transactions } from "../amounts";
import { endpoint } from "../endpoint";
import { Currency, Cursor, endsAfterItBegins, Limit, NextCursor } from "../parameters";
import { Seller } from "../seller";
import { transactionFilters } from "../transaction-filters";

const sorts = ["day", "product", "quantity", "amount", "revenue"] as const;
const what = {
  day: pipe(string(), isoDate(), description("In UTC")),
  seller: Seller,
  productId: string(),
  productName: string(),
  category: string(),
  currency: Currency,
  quantity: Quantity,
  amount: Amount,
  revenue: Revenue,
  inventoryLevel: InventoryLevel,
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
  query: pipe(
    strictObject({
      level: optional(
        pipe(picklist(["day", "transaction"]), description("`day`: added up; `transaction`: each of them")),
        "day",
      ),
      ...transactionFilters,
      sort: optional(
        pipe(
          picklist([...sorts, ...sorts.map((sort) => `-${sort}` as const)]),
          description("By what they are ordered; with a `-` before it the greatest come first"),
        ),
        "day",
      ),
      limit: Limit,
      cursor: Cursor,
    }),
    forward(partialCheck([["from"], ["to"]], endsAfterItBegins, "must not be earlier than `from`"), ["to"]),
  ),
  answer: {
    status: 200,
    description: "A page, and where the next one begins",
    schema: strictObject({
      transactions: array(
        union([
          pipe(strictObject({ ...what, transactions: Transactions }), title("DailyTotal")),
          pipe(
            strictObject({
              ...what,
              transactionId: string(),
              occurredAt: pipe(string(), description("A time of ISO 8601, in UTC")),
              unitPrice: pipe(string(), description("In `currency`: a decimal number as a text")),
              discount: pipe(string(), description("Of the whole line, in `currency`: a decimal number as a text")),
              uploadId: pipe(string(), description("Of the upload that brought its newest version")),
            }),
            title("Transaction"),
          ),
        ]),
      ),
      cursor: NextCursor,
    }),
  },
  problems: {},
});

export type TransactionSort = (typeof sorts)[number] | `-${(typeof sorts)[number]}`;
