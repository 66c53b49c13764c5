// post-policy: who signed the form that a browser uploads a file with, and does the form keep to what they signed?
//
// A form has no Authorization header: its policy is signed, and the signature is a field. So it is read up to its file before
// anything else, and handed on as the request that it stands for: `POST bucket/key`, its fields as headers, its file as body.
//
// https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-post-example.html
// https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-HTTPPOSTConstructPolicy.html

import { Readable } from "node:stream";
import type { Incoming } from "../../door/service";
import {
  credential,
  equal,
  hmacHex,
  type Principals,
  signingKey,
  uriEncode,
  type Verified,
} from "../../door/signature";
import { invalidArgument, invalidRequest, s3Error } from "./errors";
import { readForm } from "./form";
import { tooLarge } from "./receive";
import type { Posted } from "./request";

/** Whether the request is to be verified by its form and not by its headers. */
export const isForm = ({ method, headers, query }: Incoming): boolean =>
  method === "POST" &&
  headers.authorization === undefined &&
  !query.has("X-Amz-Signature") &&
  (headers["content-type"] ?? "").toLowerCase().startsWith("multipart/form-data");

export async function verifyForm(
  request: Incoming,
  principals: Principals,
  now: number,
): Promise<Verified & { readonly request: Posted }> {
  const { fields, file } = await readForm(request.headers["content-type"] ?? "", request.body);
  const [, bucket = ""] = /^\/([^/]+)\/?$/.exec(request.path) ?? [];
  const field = (name: string) => {
    const value = fields.get(name);
    if (value === undefined)
      throw invalidArgument(
        `Bucket POST must contain a field named '${name}'.  If it is specified, please check the order of the fields.`,
        name,
        "",
      );
    return value;
  };

  const template = field("key");
  if (!fields.has("policy")) throw s3Error("AccessDenied", "Access Denied", 403);
  const verified = verifySignature(field, fields, principals);
  const key = template.replaceAll("$" + "{filename}", file.name.replace(/^.*[\\/]/, ""));
  const limits = checkPolicy(field("policy"), new Map([...fields, ["bucket", bucket], ["key", key]]), fields, now);

  const form = new Map([...fields, ["key", key]]);
  const path = `/${bucket}/${key.split("/").map(uriEncode).join("/")}`;
  const body = Readable.from(bounded(file.content, limits), { objectMode: false });
  const headers = { host: request.headers.host, ...headersOf(fields) };
  return { ...verified, request: { method: "POST", path, query: new URLSearchParams(), headers, body, form } };
}

function verifySignature(
  field: (name: string) => string,
  fields: ReadonlyMap<string, string>,
  principals: Principals,
): Verified {
  if (field("x-amz-algorithm") !== "AWS4-HMAC-SHA256")
    throw invalidRequest(
      "The authorization mechanism you have provided is not supported. Please use AWS4-HMAC-SHA256.",
    );
  const who = credential(field("x-amz-credential"));
  if (who === undefined || who.scope.service !== "s3")
    throw invalidArgument(
      "Error parsing the X-Amz-Credential parameter",
      "X-Amz-Credential",
      field("x-amz-credential"),
    );
  const principal = principals(who.accessKeyId);
  const token = fields.get("x-amz-security-token");
  if (principal === undefined || (principal.sessionToken !== undefined && token === undefined))
    throw s3Error("InvalidAccessKeyId", "The AWS Access Key Id you provided does not exist in our records.", 403, {
      details: { AWSAccessKeyId: who.accessKeyId },
    });
  if (token !== undefined && !equal(token, principal.sessionToken ?? ""))
    throw s3Error("InvalidToken", "The provided token is malformed or otherwise invalid.");
  if (!equal(field("x-amz-signature"), hmacHex(signingKey(principal.secretAccessKey, who.scope), field("policy"))))
    throw s3Error(
      "SignatureDoesNotMatch",
      "The request signature we calculated does not match the signature you provided. Check your key and signing method.",
      403,
    );
  return { principal, service: who.scope.service, region: who.scope.region };
}

interface Limits {
  readonly min: number;
  readonly max: number;
}

/** Every field must be covered by a condition, and every condition be kept; gives the sizes that the file may have. */
function checkPolicy(
  encoded: string,
  values: ReadonlyMap<string, string>,
  fields: ReadonlyMap<string, string>,
  now: number,
): Limits {
  const policy = policyOf(encoded);
  if (!(Date.parse(policy.expiration) > now)) throw refused("Policy expired.");
  let limits: Limits = { min: 0, max: Number.POSITIVE_INFINITY };
  const covered = new Set<string>();
  for (const { operator, name, value, condition } of policy.conditions.flatMap(conditionsOf)) {
    if (operator === "content-length-range") {
      limits = { min: Number(name), max: Number(value) };
      continue;
    }
    covered.add(name);
    const actual = values.get(name) ?? "";
    if (operator === "eq" ? actual !== value : !actual.startsWith(value))
      throw refused(`Policy Condition failed: ${JSON.stringify(condition)}`);
  }
  const extra = [...fields.keys()].find(
    (name) =>
      !covered.has(name) && !["policy", "x-amz-signature", "file"].includes(name) && !name.startsWith("x-ignore-"),
  );
  if (extra !== undefined) throw refused(`Extra input fields: ${extra}`);
  return limits;
}

interface Policy {
  readonly expiration: string;
  readonly conditions: readonly unknown[];
}

function policyOf(encoded: string): Policy {
  try {
    const policy: unknown = JSON.parse(Buffer.from(encoded, "base64").toString("utf8"));
    if (typeof policy !== "object" || policy === null || !("expiration" in policy) || !("conditions" in policy))
      throw invalidPolicy("Invalid Policy: Invalid JSON.");
    const { expiration, conditions } = policy;
    if (typeof expiration !== "string" || Number.isNaN(Date.parse(expiration)))
      throw invalidPolicy("Invalid Policy: Invalid 'expiration' value.");
    if (!Array.isArray(conditions)) throw invalidPolicy("Invalid Policy: Invalid 'conditions' value: must be a List.");
    return { expiration, conditions };
  } catch (error) {
    throw error instanceof SyntaxError ? invalidPolicy("Invalid Policy: Invalid JSON.") : error;
  }
}

interface Condition {
  readonly operator: "eq" | "starts-with" | "content-length-range";
  readonly name: string;
  readonly value: string;
  readonly condition: unknown;
}

/** `{"acl": "private"}`, `["eq", "$acl", "private"]`, `["starts-with", "$key", "a/"]`, `["content-length-range", 1, 10]` */
function conditionsOf(condition: unknown): Condition[] {
  if (Array.isArray(condition)) {
    const [operator, name, value]: unknown[] = condition;
    if (operator === "content-length-range" && Number(name) >= 0 && Number(value) >= 0)
      return [{ operator, name: String(name), value: String(value), condition }];
    if ((operator === "eq" || operator === "starts-with") && typeof name === "string" && typeof value === "string")
      return [{ operator, name: name.replace(/^\$/, "").toLowerCase(), value, condition }];
    throw invalidPolicy(`Invalid Policy: Invalid Condition: ${JSON.stringify(condition)}`);
  }
  if (typeof condition !== "object" || condition === null)
    throw invalidPolicy("Invalid Policy: Invalid Condition: must be a List or an Object.");
  return Object.entries(condition).map(([name, value]): Condition => {
    const asList = ["eq", `$${name}`, String(value)];
    return { operator: "eq", name: name.toLowerCase(), value: String(value), condition: asList };
  });
}

const invalidPolicy = (message: string) => s3Error("InvalidPolicyDocument", message);
const refused = (why: string) => s3Error("AccessDenied", `Invalid according to Policy: ${why}`, 403);

const headersOf = (fields: ReadonlyMap<string, string>) => ({
  ...Object.fromEntries(
    [...fields].filter(([name]) => plainHeaders.has(name) || (name.startsWith("x-amz-") && !ofSigning.has(name))),
  ),
  ...(fields.has("acl") ? { "x-amz-acl": fields.get("acl") } : {}),
  ...(fields.has("tagging") ? { "x-amz-tagging": fields.get("tagging") } : {}),
});

const plainHeaders = new Set([
  "cache-control",
  "content-disposition",
  "content-encoding",
  "content-language",
  "content-md5",
  "content-type",
  "expires",
]);
const ofSigning = new Set(
  ["algorithm", "credential", "date", "security-token", "signature"].map((name) => `x-amz-${name}`),
);

async function* bounded(content: AsyncIterable<Buffer>, { min, max }: Limits) {
  let size = 0;
  for await (const piece of content) {
    size += piece.length;
    if (size > max) throw tooLarge(size, max);
    yield piece;
  }
  if (size < min)
    throw s3Error("EntityTooSmall", "Your proposed upload is smaller than the minimum allowed size", 400, {
      details: { ProposedSize: String(size), MinSizeAllowed: String(min) },
    });
}
