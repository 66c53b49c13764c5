// GET /api/errors: feeds that failed or had rejected rows, the newest first.

import { array, description, omit, optional, picklist, pipe, strictObject } from "valibot";
import { endpoint } from "../endpoint";
import { FeedError } from "../feed-error";
import { AnySeller, Cursor, Limit, NextCursor } from "../parameters";

export const listErrors = endpoint({
  route: "GET /api/errors",
  summary: "List the errors of feeds",
  description: "The newest first, by when the feed was uploaded.",
  pipeline: "transactions",
  query: strictObject({
    status: optional(pipe(picklist(["open", "resolved"]), description("Of the errors; where it is not given, both"))),
    seller: AnySeller,
    limit: Limit,
    cursor: Cursor,
  }),
  answer: {
    status: 200,
    description: "A page, and where the next one begins",
    schema: strictObject({
      errors: array(omit(FeedError, ["sample", "rejected"])),
      cursor: NextCursor,
    }),
  },
  problems: {},
});
