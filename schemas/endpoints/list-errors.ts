// GET /api/errors: feeds that failed or had rejected rows, the newest first.

import { array, omit, optional, picklist, strictObject, string } from "valibot";
import { endpoint } from "../endpoint";
import { FeedError } from "../feed-error";
import { Cursor, Limit } from "../parameters";
import { Seller } from "../seller";

export const listErrors = endpoint({
  route: "GET /api/errors",
  summary: "List the errors of feeds",
  description: "The newest first, by when the feed was uploaded.",
  pipeline: "transactions",
  query: strictObject({
    status: optional(picklist(["open", "resolved"])),
    seller: optional(Seller),
    limit: Limit,
    cursor: Cursor,
  }),
  answer: {
    status: 200,
    description: "A page, and where the next one begins",
    schema: strictObject({
      errors: array(omit(FeedError, ["sample", "rejected"])),
      /** Missing on the last page. */
      cursor: optional(string()),
    }),
  },
  problems: {},
});
