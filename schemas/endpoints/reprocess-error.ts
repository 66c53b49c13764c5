// POST /api/errors/{id}/reprocess: a corrected file, or the failed one once more.

import { description, object, optional, pipe, strictObject, string } from "valibot";
import { endpoint } from "../endpoint";
import { feedContents } from "../feed-contents";
import { ErrorId } from "../feed-error";
import { ContentEncoding } from "../feed-headers";
import { feedTypes, maxFeedBytes } from "../feed-types";
import { FileName } from "../file-name";
import { AnySeller } from "../parameters";
import { Seller } from "../seller";

export const reprocessError = endpoint({
  route: "POST /api/errors/{id}/reprocess",
  summary: "Process a feed again",
  description:
    "With a body, that is the corrected file: the rejected rows, or all of them, as no row counts twice. Without one the " +
    "original is read again, as of when it was uploaded: rows that came later stay. The error is resolved when no fewer rows " +
    "come through than were rejected, and none is rejected again.",
  pipeline: "transactions",
  path: strictObject({ id: ErrorId }),
  query: strictObject({ file: optional(FileName), seller: AnySeller }),
  headers: object({ "content-encoding": ContentEncoding }),
  body: { mediaTypes: feedTypes, maxBytes: maxFeedBytes, contents: feedContents, optional: true },
  answer: {
    status: 202,
    description: "The file is kept, and will be read",
    schema: strictObject({
      errorId: ErrorId,
      seller: Seller,
      object: pipe(string(), description("The key under which the file is kept")),
      status: pipe(string(), description("The path of the route that says whether the error is resolved")),
    }),
  },
  problems: {
    AlreadyResolved: { status: 409, when: "another file has corrected the error" },
    OriginalGone: { status: 409, when: "there is no body, and the original is not kept any more" },
    UnsupportedEncoding: { status: 415, when: "the content encoding is neither gzip nor identity" },
  },
});
