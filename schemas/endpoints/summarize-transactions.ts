// GET /api/transactions/summary: what transactions add up to, by up to three things.

import {
  array,
  boolean,
  check,
  integer,
  nullable,
  number,
  optional,
  pipe,
  strictObject,
  string,
  transform,
} from "valibot";
import { endpoint } from "../endpoint";
import { Currency } from "../parameters";
import { Seller } from "../seller";
import { transactionFilters } from "../transaction-filters";

export const dimensions = ["day", "week", "month", "category", "product", "currency", "seller"] as const;

export type Dimension = (typeof dimensions)[number];

const whole = pipe(number(), integer());

export const summarizeTransactions = endpoint({
  route: "GET /api/transactions/summary",
  summary: "Summarize transactions",
  description:
    `\`group_by\` is a list with commas of up to three of ${dimensions.join(", ")}. A week begins on Monday. Currencies are never added ` +
    "up: currency is always a group. Nor are the products of two sellers: product brings the seller along, and what is left of it.",
  pipeline: "transactions",
  query: strictObject({
    ...transactionFilters,
    group_by: pipe(
      optional(string(), ""),
      transform((list) => list.split(",").filter((word) => word !== "")),
      check(
        (words) =>
          words.length <= 3 && words.every((word, index) => isDimension(word) && words.indexOf(word) === index),
        `must be up to three of ${dimensions.join(", ")}, each once, with commas between them`,
      ),
      transform((words) => words.filter(isDimension)),
    ),
  }),
  answer: {
    status: 200,
    description: "Groups in the order of what they are grouped by; 1,000 at most",
    schema: strictObject({
      filters: strictObject(
        Object.fromEntries(Object.keys(transactionFilters).map((name) => [name, optional(string())])),
      ),
      groups: array(
        strictObject({
          day: optional(string()),
          /** Its Monday. */
          week: optional(string()),
          /** Like 2026-03. */
          month: optional(string()),
          category: optional(string()),
          productId: optional(string()),
          productName: optional(string()),
          seller: optional(Seller),
          currency: Currency,
          transactions: whole,
          quantity: whole,
          /** Decimal numbers. */
          amount: string(),
          revenue: string(),
          /** What is left of the product, and since when. */
          inventory: optional(strictObject({ level: nullable(whole), at: nullable(string()) })),
        }),
      ),
      /** There are more groups. */
      truncated: boolean(),
    }),
  },
  problems: {},
});

function isDimension(word: string): word is Dimension {
  return dimensions.some((dimension) => dimension === word);
}
