// GET /api/transactions/uploads/{id}: what became of an upload.

import { integer, isoTimestamp, number, optional, picklist, pipe, strictObject, string } from "valibot";
import { endpoint } from "../endpoint";
import { ErrorId } from "../feed-error";
import { Link } from "../link";
import { Name } from "../parameters";
import { Seller } from "../seller";

const count = optional(pipe(number(), integer()));
const time = optional(pipe(string(), isoTimestamp()));

export const showUpload = endpoint({
  route: "GET /api/transactions/uploads/{id}",
  summary: "Show what became of an upload",
  description:
    "`waiting` is a file that has come and is not processed yet. Of a form that was not sent there is nothing to be found. " +
    "Rows in = accepted + duplicate + rejected.",
  pipeline: "transactions",
  path: strictObject({ id: Name }),
  query: strictObject({ seller: optional(Seller) }),
  answer: {
    status: 200,
    description: "The upload",
    schema: strictObject({
      uploadId: string(),
      seller: Seller,
      file: string(),
      outcome: picklist(["waiting", "processed", "processed_with_rejects", "failed"]),
      uploadedAt: time,
      processedAt: time,
      rowsIn: count,
      rowsAccepted: count,
      rowsDuplicate: count,
      rowsRejected: count,
      /** See GET /api/errors/{id}. */
      errorId: optional(ErrorId),
      errorCode: optional(string()),
      errorMessage: optional(string()),
      /** The rejected rows as a CSV. */
      rejected: optional(Link),
    }),
  },
  problems: {},
});
