// inflate: the bytes of a feed, uncompressed where they are gzip, which their first two bytes say (RFC 1952, 2.3.1).
// Gzip of several members is one feed; anything else behind it is refused.

import { Readable, promises as streams } from "node:stream";
import { createGunzip } from "node:zlib";
import { badFeed } from "./bad-feed";
import { limits } from "./limits";
import { lookAhead } from "./look-ahead";

export async function* inflate(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<Buffer> {
  const outside = await lookAhead(bytes, 2);
  try {
    if (isGzip(outside.head)) yield* plain(gunzip(outside.all));
    else yield* outside.all;
  } finally {
    await outside.end();
  }
}

async function* plain(bytes: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  const { head, all, end } = await lookAhead(bytes, 2);
  try {
    if (isGzip(head)) throw badFeed("NestedGzip", "it is gzip inside gzip: compress it once");
    yield* all;
  } finally {
    await end();
  }
}

const isGzip = (head: Buffer): boolean => head[0] === 0x1f && head[1] === 0x8b;

async function* gunzip(bytes: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  let read = 0;
  let written = 0;
  const counted = async function* () {
    for await (const chunk of bytes) {
      for (let at = 0; at < chunk.length; at += limits.piece) {
        const piece = chunk.subarray(at, at + limits.piece);
        read += piece.length;
        yield piece;
      }
    }
  };
  const inflated = createGunzip({ chunkSize: limits.piece });
  const done = streams.pipeline(Readable.from(counted(), { objectMode: false }), inflated).catch(() => undefined);
  try {
    for await (const chunk of inflated) {
      written += chunk.length;
      if (written > limits.bombFrom && written > limits.ratio * read) {
        throw badFeed(
          "ZipBomb",
          `its gzip holds ${written} bytes in ${read}: ${limits.ratio} times as many are the most`,
        );
      }
      yield chunk;
    }
  } catch (error) {
    const { code = "", message } = error as NodeJS.ErrnoException;
    // zlib's own; whatever else is of the source.
    if (code.startsWith("Z_")) throw badFeed("BrokenGzip", `its gzip is broken or cut off: ${message}`, error);
    throw error;
  } finally {
    inflated.destroy();
    await done;
  }
}
