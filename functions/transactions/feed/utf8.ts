// utf8: bytes that are known to be text in UTF-8, in pieces that end where a character does, without a byte order mark.

import { isUtf8 } from "node:buffer";
import { badFeed } from "./bad-feed";
import { limits } from "./limits";
import { lookAhead } from "./look-ahead";

export async function* utf8(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<Buffer> {
  const { head, all, end } = await lookAhead(bytes, 8);
  try {
    const other = otherKind(head);
    if (other !== undefined) throw other;
    yield* characters(all, head.subarray(0, 3).equals(Buffer.from("\ufeff")) ? 3 : 0);
  } finally {
    await end();
  }
}

/** The first `skip` bytes are left out; the head is longer than them. */
async function* characters(bytes: AsyncIterable<Buffer>, skip: number): AsyncGenerator<Buffer> {
  let offset = 0;
  let rest: Buffer = Buffer.alloc(0);
  for await (const chunk of bytes) {
    for (let at = 0; at < chunk.length; at += limits.piece) {
      const piece = chunk.subarray(at, at + limits.piece);
      const joined = rest.length === 0 ? piece : Buffer.concat([rest, piece]);
      const whole = joined.subarray(0, wholeCharacters(joined));
      check(whole, offset);
      const text = offset === 0 ? whole.subarray(skip) : whole;
      offset += whole.length;
      if (offset > limits.feed) throw badFeed("TooLarge", `it has more than ${limits.feed} bytes: send it in parts`);
      rest = joined.subarray(whole.length);
      if (text.length > 0) yield text;
    }
  }
  if (rest.length > 0) throw notUtf8(rest, offset);
}

/** What is told apart by its first bytes. */
function otherKind(head: Buffer) {
  const begins = (...first: number[]) => first.every((byte, index) => head[index] === byte);
  if (begins(0xff, 0xfe))
    return badFeed("NotUtf8", "it is UTF-16 (little endian), as its first bytes say: save it as UTF-8");
  if (begins(0xfe, 0xff))
    return badFeed("NotUtf8", "it is UTF-16 (big endian), as its first bytes say: save it as UTF-8");
  if (begins(0x50, 0x4b, 0x03, 0x04) || begins(0xd0, 0xcf, 0x11, 0xe0)) {
    return badFeed("NotText", "it is an Excel workbook or a ZIP archive: save it as CSV in UTF-8");
  }
  return undefined;
}

function check(bytes: Buffer, offset: number): void {
  const nul = bytes.indexOf(0);
  if (nul !== -1)
    throw badFeed("NotText", `byte ${offset + nul} is NUL: it is UTF-16 or no text; save it as CSV in UTF-8`);
  if (isUtf8(bytes)) return;
  // The longest piece from the beginning that is good ends where the first bad character begins.
  let good = 0;
  let bad = bytes.length;
  while (bad - good > 1) {
    const middle = (good + bad) >> 1;
    if (isUtf8(bytes.subarray(0, wholeCharacters(bytes.subarray(0, middle))))) good = middle;
    else bad = middle;
  }
  const at = wholeCharacters(bytes.subarray(0, good));
  throw notUtf8(bytes.subarray(at), offset + at);
}

const notUtf8 = ([first = 0]: Buffer, offset: number) =>
  badFeed(
    "NotUtf8",
    `byte ${offset} (0x${first.toString(16)}) is no UTF-8: save it as UTF-8, not as Latin-1 or Windows-1252`,
  );

/** How many of the bytes are whole characters: all but the beginning of one at the end. */
function wholeCharacters(bytes: Buffer): number {
  for (let back = 1; back <= 3 && back <= bytes.length; back++) {
    const byte = bytes[bytes.length - back] ?? 0;
    if (byte < 0x80) break;
    if (byte >= 0xc0) {
      const needs = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : 2;
      return needs > back ? bytes.length - back : bytes.length;
    }
  }
  return bytes.length;
}
