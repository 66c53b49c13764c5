// content-encoding: that of a feed's request, which is kept with the feed.

import type { Headers } from "../../schemas/endpoint";
import { problem } from "../../stage/answer";

/** Nothing where there is none. */
export function contentEncodingOf({ "content-encoding": encoding = "identity" }: Headers): "gzip" | undefined {
  const name = encoding.trim().toLowerCase();
  if (name === "identity") return undefined;
  if (name === "gzip") return "gzip";
  throw problem("UnsupportedEncoding", `Cannot take a body in the encoding "${encoding}": gzip or none is taken`);
}
