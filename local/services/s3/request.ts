// request: one HTTP request as S3 reads it: bucket and key from the path, parameters from headers or a presigned query.

import type { Incoming } from "../../door/service";
import { s3Error } from "./errors";

export interface Request {
  readonly incoming: Incoming;
  /** Empty where the request is for the service or for a bucket. */
  readonly bucket: string;
  readonly key: string;
  /** The fields of the form that the request was, by their lower-case names; see post-policy.ts. */
  readonly form: ReadonlyMap<string, string> | undefined;
  header(name: string): string | undefined;
  /** A query parameter that belongs to an operation, such as `versionId`. */
  query(name: string): string | undefined;
  /** An `x-amz-*` header; a presigned URL carries it in its query. */
  parameter(name: string): string | undefined;
  /** All of them that begin so, without that beginning. */
  parameters(prefix: string): (readonly [name: string, value: string])[];
}

/** A form that has been verified, as the request that it stands for: its fields as headers, its file as the body. */
export interface Posted extends Incoming {
  readonly form: ReadonlyMap<string, string>;
}

const isPosted = (incoming: Incoming | Posted): incoming is Posted => "form" in incoming;

// https://docs.aws.amazon.com/AmazonS3/latest/userguide/VirtualHosting.html#path-style-access
export function s3Request(incoming: Incoming): Request {
  const [, bucket = "", key = ""] = /^\/([^/]*)(?:\/(.*))?$/s.exec(incoming.path) ?? [];
  const amz = parametersOf(incoming);
  return {
    incoming,
    bucket: decoded(bucket),
    key: keyOf(key),
    form: isPosted(incoming) ? incoming.form : undefined,
    header: (name) => headerText(incoming, name),
    query: (name) => incoming.query.get(name) ?? undefined,
    parameter: (name) => amz.get(name),
    parameters: (prefix) =>
      [...amz].flatMap(([name, value]) => (name.startsWith(prefix) ? [[name.slice(prefix.length), value]] : [])),
  };
}

// https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-keys.html: at most 1,024 bytes in UTF-8
function keyOf(path: string): string {
  const key = decoded(path);
  const size = Buffer.byteLength(key);
  if (size > 1024)
    throw s3Error("KeyTooLongError", "Your key is too long", 400, {
      details: { Size: String(size), MaxSizeAllowed: "1024" },
    });
  return key;
}

export function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw s3Error("InvalidURI", "Couldn't parse the specified URI.");
  }
}

function parametersOf({ headers, query }: Incoming): ReadonlyMap<string, string> {
  const parameters = new Map<string, string>();
  for (const [name, value] of query) if (/^x-amz-/i.test(name)) parameters.set(name.toLowerCase(), value);
  for (const [name, value] of Object.entries(headers))
    if (name.startsWith("x-amz-") && value !== undefined) parameters.set(name, [value].flat().join(","));
  return parameters;
}

function headerText({ headers }: Incoming, name: string): string | undefined {
  const value = headers[name];
  return Array.isArray(value) ? value.join(",") : value;
}
