// POST /api/transactions/upload: a feed of up to 4.5 MB.

import {
  description,
  integer,
  maxLength,
  minLength,
  number,
  object,
  optional,
  pipe,
  strictObject,
  string,
} from "valibot";
import { endpoint } from "../endpoint";
import { feedContents } from "../feed-contents";
import { ContentEncoding } from "../feed-headers";
import { feedTypes, maxFeedBytes } from "../feed-types";
import { FileName } from "../file-name";
import { OneSeller } from "../parameters";
import { Seller } from "../seller";

export const uploadTransactions = endpoint({
  route: "POST /api/transactions/upload",
  summary: "Upload a feed of transactions",
  description:
    "The body is the file: CSV with a header, a JSON array, or a JSON object per line; each may be compressed with gzip. " +
    "The answer comes before the file is read: `status` is where its outcome will be found. " +
    "A request with an `Idempotency-Key` can be sent again without a second upload. Larger files go by POST " +
    "/api/transactions/upload/form.",
  pipeline: "transactions",
  query: strictObject({ file: optional(FileName, "feed"), seller: OneSeller }),
  headers: object({
    "content-encoding": ContentEncoding,
    "idempotency-key": optional(
      pipe(
        string(),
        minLength(1, "must have 1 to 100 characters"),
        maxLength(100, "must have 1 to 100 characters"),
        description(
          "Of the sender's making, one per file: what comes again with it, under the same name, is kept once",
        ),
      ),
    ),
  }),
  body: { mediaTypes: feedTypes, maxBytes: maxFeedBytes, contents: feedContents },
  answer: {
    status: 202,
    description: "The file is kept, and will be read",
    schema: strictObject({
      uploadId: string(),
      seller: Seller,
      file: FileName,
      bytes: pipe(number(), integer()),
      status: pipe(string(), description("The path of the route that says what became of it")),
    }),
  },
  problems: {
    IdempotencyKeyReused: {
      status: 422,
      when: "another file was uploaded under this name with the same Idempotency-Key",
    },
    UnsupportedEncoding: { status: 415, when: "the content encoding is neither gzip nor identity" },
  },
});
