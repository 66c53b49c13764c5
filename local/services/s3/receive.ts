// receive: a request's body, its framing undone, on its way to where it is kept; every check that came with it is made.

import { createHash } from "node:crypto";
import { open } from "node:fs/promises";
import type { Caller } from "../../door/service";
import { chunkSeed } from "../../door/signature";
import type { Blobs } from "./blobs";
import { type Algorithm, announcedChecksum, badChecksum, defaultAlgorithm, digest, headerOf } from "./checksums";
import { unchunk } from "./chunked";
import { incompleteBody, invalidArgument, invalidRequest, notImplemented, s3Error } from "./errors";
import type { Request } from "./request";

export interface Received {
  readonly size: number;
  /** hex */
  readonly md5: string;
  readonly algorithm: Algorithm;
  /** base64 */
  readonly checksum: string;
  /** Whether the caller sent a checksum, or S3 has computed one of its own accord. */
  readonly announced: boolean;
}

// https://docs.aws.amazon.com/AmazonS3/latest/userguide/qfacts.html: 5 GiB in one request
export const largestUpload = 5 * 1024 ** 3;

/** The body as a new blob; where a check fails there is none. */
export async function receive(request: Request, caller: Caller, blobs: Blobs): Promise<Received & { blob: string }> {
  const blob = blobs.fresh();
  try {
    return { ...(await intoFile(blobs.file(blob), (sink) => check(request, caller, sink))), blob };
  } catch (error) {
    blobs.discard(blob);
    throw error;
  }
}

/** The body of an operation that speaks XML. `checksum`: whether one that came along is that of the body. */
export async function receiveText(request: Request, caller: Caller, checksum: "of body" | "of object") {
  const pieces: Buffer[] = [];
  let size = 0;
  const received = await check(
    request,
    caller,
    (piece) => {
      size += piece.length;
      // https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeleteObjects.html: at most 1,000 keys of 1,024 bytes
      if (size > 8 * 1024 ** 2) throw s3Error("MaxMessageLengthExceeded", "Your request was too large.");
      pieces.push(piece);
    },
    checksum === "of body",
  );
  return { ...received, text: Buffer.concat(pieces).toString("utf8") };
}

/** Bytes that S3 itself moves from one blob to another. */
export async function save(source: Pieces, algorithm: Algorithm, blobs: Blobs) {
  const blob = blobs.fresh();
  try {
    const saved = await intoFile(blobs.file(blob), (sink) => pass(source, sink, algorithm));
    return { ...saved, algorithm, blob, announced: false };
  } catch (error) {
    blobs.discard(blob);
    throw error;
  }
}

type Pieces = AsyncIterable<Buffer> | Iterable<Buffer>;
type Sink = (piece: Buffer) => unknown;

async function intoFile<T>(path: string, fill: (sink: Sink) => Promise<T>): Promise<T> {
  const file = await open(path, "wx");
  try {
    return await fill((piece) => file.writev([piece]));
  } finally {
    await file.close();
  }
}

async function pass(source: Pieces, sink: Sink, algorithm: Algorithm, more?: (piece: Buffer) => void) {
  const md5 = createHash("md5");
  const checksum = digest(algorithm);
  let size = 0;
  for await (const piece of source) {
    size += piece.length;
    md5.update(piece);
    checksum.update(piece);
    more?.(piece);
    await sink(piece);
  }
  return { size, md5: md5.digest("hex"), checksum: checksum.end() };
}

async function check(request: Request, caller: Caller, sink: Sink, withChecksum = true): Promise<Received> {
  const framing = framingOf(request);
  const length = lengthOf(request, framing);
  const expectedMd5 = contentMd5(request);
  const announced = withChecksum ? announcedChecksum(request) : undefined;
  const algorithm = announced?.algorithm ?? defaultAlgorithm;
  const trailers = new Map<string, string>();
  const source =
    framing.kind === "whole"
      ? request.incoming.body
      : unchunk(
          request.incoming.body,
          trailers,
          framing.kind === "signed chunks" ? chunkSeed(request.incoming, caller.principal) : undefined,
        );

  const sha256 = framing.sha256 === undefined ? undefined : createHash("sha256");
  const received = await pass(source, sink, algorithm, (piece) => sha256?.update(piece)).catch((error: unknown) => {
    throw isCutOff(error) ? incompleteBody() : error;
  });

  if (length !== undefined && received.size !== length) throw incompleteBody();
  if (expectedMd5 !== undefined && expectedMd5 !== received.md5)
    throw s3Error("BadDigest", "The Content-MD5 you specified did not match what we received.");
  const computed = sha256?.digest("hex");
  if (computed !== framing.sha256)
    throw s3Error(
      "XAmzContentSHA256Mismatch",
      "The provided 'x-amz-content-sha256' header does not match what was computed.",
      400,
      { details: { ClientComputedContentSHA256: framing.sha256 ?? "", S3ComputedContentSHA256: computed ?? "" } },
    );
  const value = announced && (announced.value ?? trailers.get(headerOf(algorithm)));
  if (announced !== undefined && value === undefined)
    throw s3Error(
      "MalformedTrailerError",
      "The request contained trailing data that was not well-formed or did not conform to our published schema.",
    );
  if (value !== undefined && value !== received.checksum) throw badChecksum(algorithm);
  return { ...received, algorithm, announced: announced !== undefined };
}

interface Framing {
  readonly kind: "whole" | "chunks" | "signed chunks";
  readonly sha256?: string;
}

// https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-header-based-auth.html
function framingOf(request: Request): Framing {
  const stated = request.parameter("x-amz-content-sha256");
  switch (stated) {
    case undefined:
    case "UNSIGNED-PAYLOAD":
      return { kind: "whole" };
    case "STREAMING-UNSIGNED-PAYLOAD-TRAILER":
      return { kind: "chunks" };
    case "STREAMING-AWS4-HMAC-SHA256-PAYLOAD":
    case "STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER":
      return { kind: "signed chunks" };
    default:
      if (/^[0-9a-f]{64}$/.test(stated)) return { kind: "whole", sha256: stated };
      if (stated.startsWith("STREAMING-")) throw notImplemented(`x-amz-content-sha256: ${stated}`);
      throw invalidArgument(
        "x-amz-content-sha256 must be UNSIGNED-PAYLOAD, STREAMING-UNSIGNED-PAYLOAD-TRAILER, STREAMING-AWS4-HMAC-SHA256-PAYLOAD, STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER or a valid sha256 value.",
        "x-amz-content-sha256",
        stated,
      );
  }
}

/** Undefined where the length is not known before the end: in a form. */
function lengthOf(request: Request, { kind }: Framing): number | undefined {
  if (request.form) return undefined;
  const stated =
    kind === "whole" ? request.header("content-length") : request.parameter("x-amz-decoded-content-length");
  if (stated === undefined || !/^\d+$/.test(stated))
    throw s3Error("MissingContentLength", "You must provide the Content-Length HTTP header.", 411);
  const length = Number(stated);
  if (length > largestUpload) throw tooLarge(length, largestUpload);
  return length;
}

export const tooLarge = (size: number, max: number) =>
  s3Error("EntityTooLarge", "Your proposed upload exceeds the maximum allowed size", 400, {
    details: { ProposedSize: String(size), MaxSizeAllowed: String(max) },
  });

function contentMd5(request: Request): string | undefined {
  const header = request.header("content-md5");
  if (header === undefined) return undefined;
  const md5 = Buffer.from(header, "base64");
  if (md5.length !== 16) throw s3Error("InvalidDigest", "The Content-MD5 you specified is not valid.");
  return md5.toString("hex");
}

const isCutOff = (error: unknown) =>
  error instanceof Error &&
  "code" in error &&
  (error.code === "ECONNRESET" || error.code === "ERR_STREAM_PREMATURE_CLOSE");

/** For the operations that S3 performs only on a body whose integrity it can check. */
export function requireIntegrity(request: Request, { announced }: Received) {
  if (!announced && request.header("content-md5") === undefined)
    throw invalidRequest("Missing required header for this request: Content-MD5 OR x-amz-checksum-*");
}
