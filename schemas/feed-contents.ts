// feed-contents: what a feed holds, by media type, for the OpenAPI document: as its columns say it (schemas/feed.ts), each
// with a row for an example.

import type { Content } from "./endpoint";
import { type FeedColumn, feedColumns } from "./feed";
import type { feedTypes } from "./feed-types";

const row: Partial<Record<FeedColumn, string | number>> = {
  transaction_id: "T-1001",
  occurred_at: "2026-03-01T10:15:00Z",
  product_id: "P-17",
  product_name: "Green tea",
  category: "Drinks",
  quantity: 3,
  unit_price: "12.50",
  discount: "0.50",
  currency: "EUR",
  inventory_level: 97,
};

const columns = Object.entries(feedColumns).map(([name, { required, holds }]) => ({ name, required, holds }));

const listed = columns
  .map(({ name, required, holds }) => `- \`${name}\`${required ? "" : " (optional)"}: ${holds}`)
  .join("\n");

const names =
  "Case, blanks and hyphens in names do not matter, nor does their order; what is not named here is left alone.";

const lines = (...texts: readonly string[]): string => texts.map((text) => `${text}\n`).join("");

export const feedContents: Readonly<Record<(typeof feedTypes)[number], Content>> = {
  "text/csv": {
    schema: {
      type: "string",
      description:
        `CSV in UTF-8 whose first line names the columns. Delimiter (\`,\`, \`;\`, tab or \`|\`) and quotes are found. ${names} ` +
        `The columns:\n\n${listed}`,
    },
    example: lines(Object.keys(row).join(","), Object.values(row).join(",")),
  },
  "application/json": {
    schema: {
      type: "array",
      description: `An object per row. Numbers may be texts, which keeps their digits. ${names}`,
      items: {
        title: "FeedRow",
        type: "object",
        properties: Object.fromEntries(
          columns.map(({ name, holds }) => [name, { ...typeOf(name), description: holds }]),
        ),
        required: columns.flatMap(({ name, required }) => (required ? [name] : [])),
      },
    },
    example: [row],
  },
  "application/x-ndjson": {
    schema: {
      type: "string",
      description: `An object of JSON per line, in UTF-8. Numbers may be texts. ${names} Its names:\n\n${listed}`,
    },
    example: lines(JSON.stringify(row)),
  },
  "application/gzip": {
    schema: {
      type: "string",
      // What OpenAPI 3.0 called it, and generators still look for (OpenAPI 3.1.1, "Working with Binary Data").
      format: "binary",
      contentMediaType: "application/gzip",
      description: "One of the other three, compressed with gzip.",
    },
  },
};

function typeOf(name: string): object {
  const texts = ["occurred_at", "product_name", "category", "currency", "seller_id"];
  return texts.includes(name) ? { type: "string" } : { oneOf: [{ type: "string" }, { type: "number" }] };
}
