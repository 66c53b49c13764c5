// GET /api/errors/{id}: one feed that failed or had rejected rows, and where these lie.

import { description, object, omit, optional, pipe, strictObject } from "valibot";
import { endpoint } from "../endpoint";
import { ErrorId, FeedError } from "../feed-error";
import { Link } from "../link";
import { AnySeller } from "../parameters";

export const showError = endpoint({
  route: "GET /api/errors/{id}",
  summary: "Show an error of a feed",
  description:
    "`rejected` leads for 15 minutes to a CSV of the rejected rows, to be corrected and sent to POST /api/errors/{id}/reprocess; " +
    "where the file failed as a whole, to the file.",
  pipeline: "transactions",
  path: strictObject({ id: ErrorId }),
  query: strictObject({ seller: AnySeller }),
  answer: {
    status: 200,
    description: "The error",
    schema: object({
      ...omit(FeedError, ["rejected"]).entries,
      rejected: optional(pipe(Link, description("To the rejected rows as a CSV, or to the file that failed"))),
    }),
  },
  problems: {},
});
