// POST /api/errors/{id}/reprocess: a corrected file, or the failed one once more.

import { optional, strictObject, string } from "valibot";
import { endpoint } from "../endpoint";
import { ErrorId } from "../feed-error";
import { feedTypes, maxFeedBytes } from "../feed-types";
import { FileName } from "../file-name";
import { Seller } from "../seller";

export const reprocessError = endpoint({
  route: "POST /api/errors/{id}/reprocess",
  summary: "Process a feed again",
  description:
    "With a body, that is the corrected file: the rejected rows, or all of them, as no row counts twice. Without one the " +
    "original is read again, as of when it was uploaded: rows that came later stay.",
  pipeline: "transactions",
  path: strictObject({ id: ErrorId }),
  query: strictObject({ file: optional(FileName), seller: optional(Seller) }),
  body: { mediaTypes: feedTypes, maxBytes: maxFeedBytes, optional: true },
  answer: {
    status: 202,
    description: "The file is kept, and will be read",
    schema: strictObject({
      errorId: ErrorId,
      seller: Seller,
      /** Its key. */
      object: string(),
    }),
  },
  problems: {
    AlreadyResolved: { status: 409, when: "another file has corrected the error" },
    OriginalGone: { status: 409, when: "there is no body, and the original is not kept any more" },
    UnsupportedEncoding: { status: 415, when: "the content encoding is neither gzip nor identity" },
  },
});
