// conditions: conditional requests and ranges, as RFC 9110 has them and S3 narrows them.
//
// https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-requests.html

import type { Span } from "./blobs";
import { invalidArgument, noSuchKey, notImplemented, preconditionFailed, s3Error } from "./errors";
import type { Version } from "./version";

export interface Preconditions {
  readonly ifMatch?: string | undefined;
  readonly ifNoneMatch?: string | undefined;
}

export interface ReadConditions extends Preconditions {
  readonly ifModifiedSince?: string | undefined;
  readonly ifUnmodifiedSince?: string | undefined;
}

// https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-writes.html
export function checkWrite(current: Version | undefined, key: string, { ifMatch, ifNoneMatch }: Preconditions) {
  const exists = current !== undefined && !current.marker;
  if (ifNoneMatch !== undefined && ifNoneMatch !== "*") throw notImplemented(`If-None-Match: ${ifNoneMatch}`);
  if (ifNoneMatch !== undefined && exists) throw preconditionFailed("If-None-Match");
  if (ifMatch === undefined) return;
  if (!exists) throw noSuchKey(key);
  if (!matches(ifMatch, current.etag)) throw preconditionFailed("If-Match");
}

/** Throws 412, or the 304 that tells the reader to keep what they have. */
export function checkRead({ etag, modified }: Version, conditions: ReadConditions) {
  const { ifMatch, ifNoneMatch } = conditions;
  // RFC 9110, 13.2.2: a condition on the entity tag makes the one on the date void.
  if (ifMatch !== undefined) {
    if (!matches(ifMatch, etag)) throw preconditionFailed("If-Match");
  } else if (modified > dateOf(conditions.ifUnmodifiedSince, Number.POSITIVE_INFINITY))
    throw preconditionFailed("If-Unmodified-Since");
  if (
    ifNoneMatch !== undefined ? matches(ifNoneMatch, etag) : modified <= dateOf(conditions.ifModifiedSince, Number.NaN)
  )
    throw s3Error("NotModified", "Not Modified", 304, {
      headers: { etag: `"${etag}"`, "last-modified": new Date(modified).toUTCString() },
    });
}

/** The part of `size` bytes that the Range header asks for; nothing where there is none, or none that HTTP understands. */
export function rangeOf(header: string | undefined, size: number): Span | undefined {
  const [, first, last, more] = /^bytes=(\d*)-(\d*)(,.*)?$/.exec(header?.replace(/\s/g, "") ?? "") ?? [];
  if (first === undefined || last === undefined || (first === "" && last === "")) return undefined;
  if (more !== undefined) throw notImplemented("Range of several parts");
  const start = first === "" ? Math.max(0, size - Number(last)) : Number(first);
  const end = first === "" || last === "" ? size - 1 : Math.min(Number(last), size - 1);
  if (first !== "" && last !== "" && Number(last) < Number(first)) return undefined;
  if (start > end)
    throw s3Error("InvalidRange", "The requested range is not satisfiable", 416, {
      details: { RangeRequested: header ?? "", ActualObjectSize: String(size) },
      headers: { "content-range": `bytes */${size}` },
    });
  return { start, end };
}

/** `bytes=first-last` of a copied part, which must lie inside of the source. */
export function copyRangeOf(text: string, size: number): Span {
  const [, first, last] = /^bytes=(\d+)-(\d+)$/.exec(text) ?? [];
  const span = { start: Number(first), end: Number(last) };
  if (!(span.start <= span.end && span.end < size))
    throw invalidArgument(
      "The x-amz-copy-source-range value must be of the form bytes=first-last where first and last are the zero-based offsets of the first and last bytes to copy",
      "x-amz-copy-source-range",
      text,
    );
  return span;
}

const matches = (header: string, etag: string) =>
  header
    .split(",")
    .some((each) => each.trim() === "*" || each.trim().replace(/^W\//, "").replace(/^"|"$/g, "") === etag);

function dateOf(header: string | undefined, otherwise: number): number {
  const ms = Date.parse(header ?? "");
  return Number.isNaN(ms) ? otherwise : ms;
}
