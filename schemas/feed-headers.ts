// feed-headers: what the headers of a request say about the feed in its body.

import { description, metadata, optional, pipe, string } from "valibot";

/** Another one is refused with a problem of its own, with the status that HTTP has for it (RFC 9110, section 15.5.16). */
export const ContentEncoding = optional(
  pipe(
    string(),
    metadata({ enum: ["gzip", "identity"] }),
    description("`gzip` where the body is compressed and its Content-Type is that of what is in it"),
  ),
);
