// GET /api/transactions/uploads/{id}: what became of an upload.

import { description, integer, isoTimestamp, number, optional, picklist, pipe, strictObject, string } from "valibot";
import { endpoint } from "../endpoint";
import { ErrorId } from "../feed-error";
import { Link } from "../link";
import { AnySeller, Name } from "../parameters";
import { Seller } from "../seller";

const count = (what: string) => optional(pipe(number(), integer(), description(what)));
const time = (what: string) => optional(pipe(string(), isoTimestamp(), description(what)));

export const showUpload = endpoint({
  route: "GET /api/transactions/uploads/{id}",
  summary: "Show what became of an upload",
  description:
    "`waiting` is a file that has come and is not processed yet. Of a form that was not sent there is nothing to be found. " +
    "Rows in = accepted + duplicate + rejected.",
  pipeline: "transactions",
  path: strictObject({ id: pipe(Name, description("The `uploadId` of the upload")) }),
  query: strictObject({ seller: AnySeller }),
  answer: {
    status: 200,
    description: "The upload",
    schema: strictObject({
      uploadId: string(),
      seller: Seller,
      file: string(),
      outcome: pipe(
        picklist(["waiting", "processed", "processed_with_rejects", "failed"]),
        description("`failed`: the file could not be read, and none of its rows counts"),
      ),
      uploadedAt: time("When the file came"),
      processedAt: time("When its rows counted, or it failed"),
      rowsIn: count("Rows of the file"),
      rowsAccepted: count("Rows that count, or did until a newer version came"),
      rowsDuplicate: count("Rows of which the same or a newer version was there already"),
      rowsRejected: count("Rows that break a rule"),
      errorId: optional(pipe(ErrorId, description("Missing where nothing was wrong; GET /api/errors/{id} says more"))),
      errorCode: optional(pipe(string(), description("Why it failed, or that rows were rejected; it stays the same"))),
      errorMessage: optional(pipe(string(), description("The same as a sentence"))),
      rejected: optional(pipe(Link, description("To the rejected rows as a CSV, or to the file that failed"))),
    }),
  },
  problems: {},
});
