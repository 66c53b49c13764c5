// lost-bytes: gzip that was sent as a text. API Gateway hands a text over as UTF-8 and puts U+FFFD in the place of all that
// is none: of gzip's first two bytes the second is lost, and the rest with it.

import { problem } from "../../stage/answer";

const lostGzip = [0x1f, 0xef, 0xbf, 0xbd];

/** Throws the problem BadRequest where a feed has lost its bytes on the way, before it is kept as what it is not. */
export function refuseLostBytes(body: Uint8Array): void {
  if (!lostGzip.every((byte, index) => body[index] === byte)) return;
  const reason = "is gzip that was sent as a text, and has lost its bytes: send it with Content-Type: application/gzip";
  throw problem("BadRequest", `Cannot take the file: it ${reason}`, { errors: [{ in: "body", field: "", reason }] });
}
