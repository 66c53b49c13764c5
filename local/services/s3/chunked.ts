// chunked: undoes the `aws-chunked` framing of a body, and checks the signature of every chunk where they are signed.
//
//   10000;chunk-signature=ad80...   size in hex
//   <65536 bytes>
//   0;chunk-signature=b6c6...
//   x-amz-checksum-crc32:AAAAAA==   the trailers that x-amz-trailer announced
//   x-amz-trailer-signature:d81f...
//
// https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-streaming.html
// https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-streaming-trailers.html

import { createHash } from "node:crypto";
import { type ChunkSeed, equal, hmacHex } from "../../door/signature";
import { bytes } from "./bytes";
import { incompleteBody, s3Error } from "./errors";

/**
 * Gives the bytes between the frames. `trailers` is filled when the last of them has been read. A wrong signature is found
 * at the end of its chunk: whatever has been given until then is not to be trusted before the generator ends.
 */
export async function* unchunk(
  source: AsyncIterable<Buffer>,
  trailers: Map<string, string>,
  seed?: ChunkSeed,
): AsyncGenerator<Buffer> {
  const body = bytes(source);
  let previous = seed?.signature ?? "";

  for (;;) {
    const [, size, signature] = /^([0-9a-f]{1,12})(?:;chunk-signature=([0-9a-f]{64}))?$/i.exec(await text()) ?? [];
    if (size === undefined) throw incompleteBody();
    const length = Number.parseInt(size, 16);
    const hash = createHash("sha256");
    let read = 0;
    for await (const piece of body.take(length)) {
      if (seed !== undefined) hash.update(piece);
      read += piece.length;
      yield piece;
    }
    if (read < length) throw incompleteBody();
    if (seed !== undefined) {
      const toSign = ["AWS4-HMAC-SHA256-PAYLOAD", seed.time, seed.scope, previous, sha256(""), hash.digest("hex")];
      previous = checked(seed, toSign, signature);
    }
    if (length === 0) break;
    if ((await text()) !== "") throw incompleteBody();
  }

  for (let line = await text(); line !== ""; line = await text()) {
    const [, name, value] = /^([^:\s]+)\s*:(.*)$/.exec(line) ?? [];
    if (name === undefined || value === undefined) throw malformedTrailer();
    trailers.set(name.toLowerCase(), value.trim());
  }
  if (seed !== undefined && trailers.size > 0) {
    const signed = [...trailers].filter(([name]) => name !== "x-amz-trailer-signature");
    const content = signed.map(([name, value]) => `${name}:${value}\n`).join("");
    const toSign = ["AWS4-HMAC-SHA256-TRAILER", seed.time, seed.scope, previous, sha256(content)];
    checked(seed, toSign, trailers.get("x-amz-trailer-signature"));
  }

  async function text(): Promise<string> {
    const line = await body.line("\r\n", 8192);
    if (line === undefined) throw incompleteBody();
    return line.toString("latin1");
  }
}

function checked(seed: ChunkSeed, toSign: readonly string[], signature: string | undefined): string {
  const computed = hmacHex(seed.key, toSign.join("\n"));
  if (signature === undefined || !equal(signature, computed))
    throw s3Error(
      "SignatureDoesNotMatch",
      "The request signature we calculated does not match the signature you provided. Check your key and signing method.",
      403,
    );
  return computed;
}

const malformedTrailer = () =>
  s3Error(
    "MalformedTrailerError",
    "The request contained trailing data that was not well-formed or did not conform to our published schema.",
  );

const sha256 = (text: string) => createHash("sha256").update(text).digest("hex");
