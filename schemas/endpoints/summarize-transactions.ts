// GET /api/transactions/summary: what transactions add up to, by up to three things.

import {
  array,
  boolean,
  check,
  description,
  forward,
  metadata,
  nullable,
  optional,
  partialCheck,
  pipe,
  strictObject,
  string,
  transform,
} from "valibot";
import { Amount, InventoryLevel, Quantity, Revenue, Transactions } from "../amounts";
import { endpoint } from "../endpoint";
import { Currency, endsAfterItBegins } from "../parameters";
import { Seller } from "../seller";
import { transactionFilters } from "../transaction-filters";

export const dimensions = ["day", "week", "month", "category", "product", "currency", "seller"] as const;

export type Dimension = (typeof dimensions)[number];

export const summarizeTransactions = endpoint({
  route: "GET /api/transactions/summary",
  summary: "Summarize transactions",
  description:
    `\`group_by\` is a list with commas of up to three of ${dimensions.join(", ")}. A week begins on Monday. Currencies are never added ` +
    "up: currency is always a group. Nor are the products of two sellers: product brings the seller along, and what is left of it.",
  pipeline: "transactions",
  query: pipe(
    strictObject({
      ...transactionFilters,
      group_by: pipe(
        optional(
          pipe(
            string(),
            metadata({
              type: "array",
              items: { type: "string", enum: dimensions },
              maxItems: 3,
              uniqueItems: true,
              description: "By what they are added up, with commas between; where it is not given, by currency alone",
            }),
          ),
          "",
        ),
        transform((list) => list.split(",").flatMap((word) => word.trim() || [])),
        check(
          (words) =>
            words.length <= 3 && words.every((word, index) => isDimension(word) && words.indexOf(word) === index),
          `must be up to three of ${dimensions.join(", ")}, each once, with commas between them`,
        ),
        transform((words) => words.filter(isDimension)),
      ),
    }),
    forward(partialCheck([["from"], ["to"]], endsAfterItBegins, "must not be earlier than `from`"), ["to"]),
  ),
  answer: {
    status: 200,
    description: "Groups in the order of what they are grouped by; 1,000 at most",
    schema: strictObject({
      filters: pipe(
        strictObject(Object.fromEntries(Object.keys(transactionFilters).map((name) => [name, optional(string())]))),
        description("What was asked for"),
      ),
      groups: array(
        strictObject({
          day: optional(pipe(string(), description("Such as 2026-03-01, in UTC"))),
          week: optional(pipe(string(), description("Its Monday, such as 2026-03-02"))),
          month: optional(pipe(string(), description("Such as 2026-03"))),
          category: optional(string()),
          productId: optional(string()),
          productName: optional(string()),
          seller: optional(Seller),
          currency: Currency,
          transactions: Transactions,
          quantity: Quantity,
          amount: Amount,
          revenue: Revenue,
          inventory: optional(
            pipe(
              strictObject({
                level: InventoryLevel,
                at: pipe(
                  nullable(string()),
                  description("Of when that is: a time of ISO 8601; null where none is known"),
                ),
              }),
              description("What is left of the product; missing where products are not told apart"),
            ),
          ),
        }),
      ),
      truncated: pipe(boolean(), description("Whether there are more groups")),
    }),
  },
  problems: {},
});

function isDimension(word: string): word is Dimension {
  return dimensions.some((dimension) => dimension === word);
}
