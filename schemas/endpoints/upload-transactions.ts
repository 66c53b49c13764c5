// POST /api/transactions/upload: a feed of up to 4.5 MB.

import { integer, number, optional, pipe, strictObject, string } from "valibot";
import { endpoint } from "../endpoint";
import { feedTypes, maxFeedBytes } from "../feed-types";
import { FileName } from "../file-name";
import { Seller } from "../seller";

export const uploadTransactions = endpoint({
  route: "POST /api/transactions/upload",
  summary: "Upload a feed of transactions",
  description:
    "The body is the file: CSV with a header, a JSON array, or a JSON object per line; each may be compressed with gzip. " +
    "The answer comes before the file is read: `status` is where its outcome will be found. " +
    "A request with a header `Idempotency-Key` (1 to 100 characters) can be sent again without a second upload, with the " +
    "same file under the same name. Larger files go by POST /api/transactions/upload/form.",
  pipeline: "transactions",
  query: strictObject({ file: optional(FileName, "feed"), seller: optional(Seller) }),
  body: { mediaTypes: feedTypes, maxBytes: maxFeedBytes },
  answer: {
    status: 202,
    description: "The file is kept, and will be read",
    schema: strictObject({
      uploadId: string(),
      seller: Seller,
      file: FileName,
      bytes: pipe(number(), integer()),
      /** The path of the route that says what became of it. */
      status: string(),
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
