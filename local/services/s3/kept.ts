// kept: what the headers of an upload ask S3 to keep with the object.

import { invalidArgument, notImplemented, s3Error } from "./errors";
import type { Request } from "./request";

export interface Kept {
  readonly headers: Readonly<Record<string, string>>;
  readonly storageClass: string;
}

/** To be given back with the object. https://docs.aws.amazon.com/AmazonS3/latest/userguide/UsingMetadata.html */
export function keptHeaders(request: Request): Kept["headers"] {
  const headers: Record<string, string> = {};
  for (const name of systemHeaders) {
    const value = name === "content-encoding" ? contentEncoding(request) : request.header(name);
    if (value) headers[name] = value;
  }
  headers["content-type"] ??= "binary/octet-stream";
  let size = 0;
  for (const [name, value] of request.parameters("x-amz-meta-")) {
    size += Buffer.byteLength(name) + Buffer.byteLength(value);
    headers[`x-amz-meta-${name}`] = value;
  }
  if (size > 2048)
    throw s3Error("MetadataTooLarge", "Your metadata headers exceed the maximum allowed metadata size", 400, {
      details: { Size: String(size), MaxSizeAllowed: "2048" },
    });
  return headers;
}

export function kept(request: Request): Kept {
  checkEncryption(request);
  checkAcl(request);
  return { headers: keptHeaders(request), storageClass: storageClass(request) ?? "STANDARD" };
}

/** Everything is kept as it came; S3 says so of every object: */
export const encryption = { "x-amz-server-side-encryption": "AES256" };

export function storageClass(request: Request): string | undefined {
  const name = request.parameter("x-amz-storage-class");
  if (name === undefined || instant.has(name)) return name;
  if (archives.has(name)) throw notImplemented(`x-amz-storage-class: ${name}`);
  throw s3Error("InvalidStorageClass", "The storage class you specified is not valid");
}

// https://docs.aws.amazon.com/AmazonS3/latest/userguide/storage-class-intro.html
const instant = new Set([
  "STANDARD",
  "REDUCED_REDUNDANCY",
  "STANDARD_IA",
  "ONEZONE_IA",
  "INTELLIGENT_TIERING",
  "GLACIER_IR",
]);
const archives = new Set(["GLACIER", "DEEP_ARCHIVE", "OUTPOSTS", "SNOW", "EXPRESS_ONEZONE"]);

const systemHeaders = [
  "cache-control",
  "content-disposition",
  "content-encoding",
  "content-language",
  "content-type",
  "expires",
];

/** `aws-chunked` is the framing of the request and no property of the object. */
function contentEncoding(request: Request): string | undefined {
  const codings =
    request
      .header("content-encoding")
      ?.split(",")
      .map((each) => each.trim()) ?? [];
  return codings.filter((each) => each !== "" && each !== "aws-chunked").join(",") || undefined;
}

export function checkEncryption(request: Request) {
  const algorithm = request.parameter("x-amz-server-side-encryption");
  if (algorithm === undefined || algorithm === "AES256") return;
  if (algorithm.startsWith("aws:")) throw notImplemented(`x-amz-server-side-encryption: ${algorithm}`);
  throw invalidArgument("The encryption method specified is not supported", "x-amz-server-side-encryption", algorithm);
}

// https://docs.aws.amazon.com/AmazonS3/latest/userguide/about-object-ownership.html: a bucket whose owner is enforced, as all
// new ones are, takes no other ACL than that one.
export function checkAcl(request: Request) {
  const acl = request.parameter("x-amz-acl");
  if (acl !== undefined && acl !== "bucket-owner-full-control")
    throw s3Error("AccessControlListNotSupported", "The bucket does not allow ACLs");
}
