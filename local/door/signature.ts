// signature: who signed this request? AWS Signature Version 4, in the Authorization header or in a presigned URL.
//
//   in    a request as it came, and who may sign
//   out   the principal, with the service and the region that the signature is made for
//
// Nothing here reads the body. Its SHA-256 is part of what is signed: S3 sends it in `x-amz-content-sha256` and checks the
// body against it while receiving; for the other services the door hands in the hash of the body that it has read.

import { createHash, createHmac, timingSafeEqual } from "node:crypto";
import type { IncomingHttpHeaders } from "node:http";
import type { Principal } from "./principals";
import { type AwsError, awsError, type Incoming } from "./service";

export interface Verified {
  readonly principal: Principal;
  readonly service: string;
  readonly region: string;
}

/** What a signing key is made for: `20260101/eu-central-1/s3/aws4_request`. */
export interface Scope {
  /** YYYYMMDD */
  readonly day: string;
  readonly region: string;
  readonly service: string;
}

/** What a request claims about itself, before anything of it is believed. */
interface Claim {
  readonly accessKeyId: string;
  readonly scope: Scope;
  /** YYYYMMDD'T'HHMMSS'Z' */
  readonly time: string;
  readonly signedHeaders: readonly string[];
  readonly signature: string;
  readonly token: string | undefined;
  /** Seconds that a presigned URL is good for. */
  readonly expires: number | undefined;
}

export type Principals = (accessKeyId: string) => Principal | undefined;

/** Throws AWS's error for a request that nobody known has signed. `payloadHash` is the SHA-256 of the body, in hex. */
export function verify(request: Incoming, principals: Principals, now: number, payloadHash?: string): Verified {
  const claim = claimOf(request);
  const { scope } = claim;
  const refuse = refusalsOf(scope.service);

  const principal = principals(claim.accessKeyId);
  if (principal === undefined) throw refuse.unknownKey(claim.accessKeyId);
  checkToken(claim, principal, refuse);
  checkTime(claim, now, refuse);
  checkSignedHeaders(claim, request.headers, refuse);

  const canonical = canonicalRequest(request, claim, payloadHash);
  const toSign = ["AWS4-HMAC-SHA256", claim.time, scopeText(scope), sha256(canonical)].join("\n");
  if (!equal(claim.signature, hmacHex(signingKey(principal.secretAccessKey, scope), toSign)))
    throw refuse.mismatch({ AWSAccessKeyId: claim.accessKeyId, StringToSign: toSign, CanonicalRequest: canonical });

  return { principal, service: scope.service, region: scope.region };
}

// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html#calculate-signature
export const signingKey = (secretAccessKey: string, { day, region, service }: Scope): Buffer =>
  [day, region, service, "aws4_request"].reduce<Buffer>(hmac, Buffer.from(`AWS4${secretAccessKey}`));

export const scopeText = ({ day, region, service }: Scope) => `${day}/${region}/${service}/aws4_request`;

/** Reads `AKIA.../20260101/eu-central-1/s3/aws4_request`, or gives nothing. */
export function credential(text: string): { accessKeyId: string; scope: Scope } | undefined {
  const [, accessKeyId, day, region, service] =
    /^([^/]+)\/(\d{8})\/([^/]+)\/([^/]+)\/aws4_request$/.exec(text.trim()) ?? [];
  if (accessKeyId === undefined || day === undefined || region === undefined || service === undefined) return undefined;
  return { accessKeyId, scope: { day, region, service } };
}

/** What the signatures of the chunks of a signed stream go on from. */
export interface ChunkSeed {
  readonly key: Buffer;
  readonly time: string;
  readonly scope: string;
  readonly signature: string;
}

/** To be called for a request that has been verified: the seed is the request's own signature. */
export function chunkSeed(request: Incoming, principal: Principal): ChunkSeed {
  const { scope, time, signature } = claimOf(request);
  return { key: signingKey(principal.secretAccessKey, scope), time, scope: scopeText(scope), signature };
}

export const hmacHex = (key: Buffer, text: string) => hmac(key, text).toString("hex");

export function equal(given: string, computed: string): boolean {
  const [a, b] = [Buffer.from(given), Buffer.from(computed)];
  return a.length === b.length && timingSafeEqual(a, b);
}

/** Milliseconds of `20260101T120000Z`; NaN when it is no such time. */
export const timeOf = (text: string): number =>
  Date.parse(text.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/, "$1-$2-$3T$4:$5:$6Z"));

function claimOf(request: Incoming): Claim {
  const authorization = request.headers.authorization;
  const presigned = request.query.get("X-Amz-Algorithm");
  if (authorization !== undefined && presigned !== null)
    throw awsError(
      "InvalidArgument",
      "Only one auth mechanism allowed; only the X-Amz-Algorithm query parameter, Signature query string parameter or the Authorization header should be specified",
    );
  if (authorization !== undefined) return claimOfHeader(authorization, request.headers);
  if (presigned !== null) return claimOfQuery(presigned, request.query);
  if (request.headers["x-amz-target"] !== undefined || (request.method === "POST" && request.path === "/"))
    throw awsError("MissingAuthenticationToken", "Missing Authentication Token", 403);
  throw awsError("AccessDenied", "Access Denied", 403);
}

// https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-auth-using-authorization-header.html
function claimOfHeader(authorization: string, headers: IncomingHttpHeaders): Claim {
  const [, algorithm = "", rest = ""] = /^(\S+)\s+(.*)$/.exec(authorization) ?? [];
  checkAlgorithm(algorithm);
  const parts = new Map(
    rest.split(",").map((part): [string, string] => {
      const [name = "", ...value] = part.trim().split("=");
      return [name, value.join("=")];
    }),
  );
  const who = credential(parts.get("Credential") ?? "");
  const signedHeaders = parts.get("SignedHeaders");
  const signature = parts.get("Signature");
  const time = one(headers["x-amz-date"]) ?? basicTime(headers.date);
  if (who === undefined || !signedHeaders || !signature || time === undefined || time.slice(0, 8) !== who.scope.day)
    throw awsError(
      "AuthorizationHeaderMalformed",
      "The authorization header is malformed; it must hold Credential, SignedHeaders and Signature, and the credential's date must be that of x-amz-date.",
    );
  const token = one(headers["x-amz-security-token"]);
  return { ...who, time, signature, token, signedHeaders: signedHeaders.split(";"), expires: undefined };
}

// https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-query-string-auth.html
function claimOfQuery(algorithm: string, query: URLSearchParams): Claim {
  checkAlgorithm(algorithm);
  const who = credential(query.get("X-Amz-Credential") ?? "");
  const time = query.get("X-Amz-Date");
  const signedHeaders = query.get("X-Amz-SignedHeaders");
  const signature = query.get("X-Amz-Signature");
  const expires = query.get("X-Amz-Expires");
  if (who === undefined || !time || !signedHeaders || !signature || expires === null)
    throw malformedQuery(
      "Query-string authentication version 4 requires the X-Amz-Algorithm, X-Amz-Credential, X-Amz-Signature, X-Amz-Date, X-Amz-SignedHeaders, and X-Amz-Expires parameters.",
    );
  if (time.slice(0, 8) !== who.scope.day)
    throw malformedQuery("Invalid credential date. This date is not the same as X-Amz-Date.");
  if (!/^\d+$/.test(expires)) throw malformedQuery("X-Amz-Expires should be a number");
  if (Number(expires) > 604_800)
    throw malformedQuery(
      "X-Amz-Expires must be less than a week (in seconds); that is, the given X-Amz-Expires must be less than 604800 seconds",
    );
  const token = query.get("X-Amz-Security-Token") ?? undefined;
  return { ...who, time, signature, token, signedHeaders: signedHeaders.split(";"), expires: Number(expires) };
}

const malformedQuery = (message: string) => awsError("AuthorizationQueryParametersError", message);

function checkAlgorithm(algorithm: string) {
  if (algorithm !== "AWS4-HMAC-SHA256")
    throw awsError(
      "InvalidRequest",
      `The authorization mechanism you have provided is not supported. Please use AWS4-HMAC-SHA256. (${algorithm})`,
    );
}

// https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_temp_use-resources.html
function checkToken({ accessKeyId, token }: Claim, { sessionToken }: Principal, refuse: Refusals) {
  if (token === undefined && sessionToken !== undefined) throw refuse.unknownKey(accessKeyId);
  if (token !== undefined && (sessionToken === undefined || !equal(token, sessionToken))) throw refuse.wrongToken();
}

// https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-authenticating-requests.html: 15 minutes of skew, and a
// presigned URL is good for X-Amz-Expires seconds from X-Amz-Date on.
function checkTime({ time, expires }: Claim, now: number, refuse: Refusals) {
  const signed = timeOf(time);
  const skew = 15 * 60_000;
  if (expires === undefined) {
    if (!(Math.abs(now - signed) <= skew)) throw refuse.skewed(time, now);
    return;
  }
  if (!(signed <= now + skew)) throw awsError("AccessDenied", "Request is not yet valid", 403);
  if (now > signed + expires * 1000)
    throw withDetails(awsError("AccessDenied", "Request has expired", 403), {
      "X-Amz-Expires": String(expires),
      Expires: new Date(signed + expires * 1000).toISOString(),
      ServerTime: new Date(now).toISOString(),
    });
}

// https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-header-based-auth.html: "The CanonicalHeaders list must include
// the HTTP host header [and] any x-amz-* headers that you plan to include in your request".
function checkSignedHeaders({ signedHeaders }: Claim, headers: IncomingHttpHeaders, refuse: Refusals) {
  const unsigned = Object.keys(headers).filter(
    (name) => (name === "host" || name.startsWith("x-amz-")) && !signedHeaders.includes(name),
  );
  if (unsigned.length > 0) throw refuse.unsignedHeaders(unsigned);
}

// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html#create-canonical-request
function canonicalRequest(request: Incoming, claim: Claim, payloadHash: string | undefined): string {
  const { headers, query } = request;
  return [
    request.method,
    claim.scope.service === "s3" ? canonicalKeyPath(request.path) : canonicalPath(request.path),
    canonicalQuery(query),
    ...claim.signedHeaders.map((name) => `${name}:${canonicalValue(headers[name])}`),
    "",
    claim.signedHeaders.join(";"),
    hashOf(request, claim, payloadHash),
  ].join("\n");
}

// https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-header-based-auth.html: for S3 the path is encoded once and never
// normalized, as `a//b` and `a/../b` are keys like any other.
function canonicalKeyPath(path: string): string {
  try {
    return path
      .split("/")
      .map((segment) => uriEncode(decodeURIComponent(segment)))
      .join("/");
  } catch {
    throw awsError("InvalidURI", "Couldn't parse the specified URI.");
  }
}

// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html: all services but S3 normalize
// the path by RFC 3986 and encode every segment of the encoded path once more.
function canonicalPath(path: string): string {
  const segments: string[] = [];
  for (const segment of path.split("/")) {
    if (segment === "..") segments.pop();
    else if (segment !== "" && segment !== ".") segments.push(uriEncode(segment));
  }
  return `/${segments.join("/")}${segments.length > 0 && path.endsWith("/") ? "/" : ""}`;
}

// Sorted by name and then by value, after the encoding; every parameter but the signature itself.
function canonicalQuery(query: URLSearchParams): string {
  return [...query]
    .filter(([name]) => name !== "X-Amz-Signature")
    .map(([name, value]): [string, string] => [uriEncode(name), uriEncode(value)])
    .sort(([a, x], [b, y]) => order(a, b) || order(x, y))
    .map((pair) => pair.join("="))
    .join("&");
}

const canonicalValue = (value: string | string[] | undefined) =>
  [value ?? ""]
    .flat()
    .map((each) => each.trim().replace(/\s+/g, " "))
    .join(",");

// https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-query-string-auth.html: a presigned URL of S3 signs no payload
// unless it says so; https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-header-based-auth.html: otherwise S3 asks for the
// header.
function hashOf({ headers, query }: Incoming, { scope, expires }: Claim, payloadHash: string | undefined): string {
  const stated = one(headers["x-amz-content-sha256"]) ?? statedInQuery(query);
  if (scope.service !== "s3") return payloadHash ?? stated ?? sha256("");
  if (stated !== undefined) return stated;
  if (expires !== undefined) return "UNSIGNED-PAYLOAD";
  throw awsError("MissingSecurityHeader", "Your request was missing a required header: x-amz-content-sha256");
}

const statedInQuery = (query: URLSearchParams) =>
  [...query].find(([name]) => name.toLowerCase() === "x-amz-content-sha256")?.[1];

// https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-header-based-auth.html, UriEncode(): all but the unreserved characters
// of RFC 3986, in upper case hex.
export const uriEncode = (text: string) =>
  encodeURIComponent(text).replace(/[!'()*]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`);

interface Refusals {
  readonly unknownKey: (accessKeyId: string) => AwsError;
  readonly wrongToken: () => AwsError;
  readonly skewed: (time: string, now: number) => AwsError;
  readonly unsignedHeaders: (names: readonly string[]) => AwsError;
  readonly mismatch: (details: Readonly<Record<string, string>>) => AwsError;
}

const refusalsOf = (service: string) => (service === "s3" ? refusalsOfS3 : refusalsOfOthers);

// https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html
const refusalsOfS3: Refusals = {
  unknownKey: (accessKeyId) =>
    withDetails(
      awsError("InvalidAccessKeyId", "The AWS Access Key Id you provided does not exist in our records.", 403),
      { AWSAccessKeyId: accessKeyId },
    ),
  wrongToken: () => awsError("InvalidToken", "The provided token is malformed or otherwise invalid."),
  skewed: (time, now) =>
    withDetails(
      awsError(
        "RequestTimeTooSkewed",
        "The difference between the request time and the current time is too large.",
        403,
      ),
      { RequestTime: time, ServerTime: new Date(now).toISOString(), MaxAllowedSkewMilliseconds: "900000" },
    ),
  unsignedHeaders: (names) =>
    withDetails(awsError("AccessDenied", "There were headers present in the request which were not signed", 403), {
      HeadersNotSigned: names.join(", "),
    }),
  mismatch: (details) =>
    withDetails(
      awsError(
        "SignatureDoesNotMatch",
        "The request signature we calculated does not match the signature you provided. Check your key and signing method.",
        403,
      ),
      details,
    ),
};

// https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Programming.Errors.html: the JSON protocols' words.
const refusalsOfOthers: Refusals = {
  unknownKey: () =>
    awsError("UnrecognizedClientException", "The security token included in the request is invalid.", 403),
  wrongToken: () =>
    awsError("UnrecognizedClientException", "The security token included in the request is invalid.", 403),
  skewed: (time, now) =>
    awsError(
      "InvalidSignatureException",
      `Signature not current: ${time} is more than 15 min. from ${new Date(now).toISOString()}`,
      403,
    ),
  unsignedHeaders: (names) => awsError("InvalidSignatureException", `Headers must be signed: ${names.join(", ")}`, 403),
  mismatch: () =>
    awsError(
      "InvalidSignatureException",
      "The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and signing method. Consult the service documentation for details.",
      403,
    ),
};

/** S3 says more about an error in elements of their own; its XML renders them. */
const withDetails = (error: AwsError, details: Readonly<Record<string, string>>): AwsError =>
  Object.assign(error, { details });

function basicTime(date: string | undefined): string | undefined {
  const ms = Date.parse(date ?? "");
  return Number.isNaN(ms) ? undefined : new Date(ms).toISOString().replace(/[-:]|\.\d{3}/g, "");
}

const one = (value: string | string[] | undefined) => (Array.isArray(value) ? value[0] : value);
const order = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);
const sha256 = (text: string) => createHash("sha256").update(text).digest("hex");

function hmac(key: Buffer, text: string): Buffer {
  return createHmac("sha256", key).update(text).digest();
}
