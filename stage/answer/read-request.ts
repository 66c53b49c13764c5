// read-request: a request of API Gateway (payload 2.0), read and checked as its endpoint says: who asks, and for what. Where
// it cannot be taken, the problem is thrown that says why.

import type { APIGatewayProxyEventV2WithJWTAuthorizer } from "aws-lambda";
import { type GenericSchema, safeParse } from "valibot";
import type { BodyOf, BytesBody, Endpoint, HeadersOf, PathOf, QueryOf } from "../../schemas/endpoint";
import { type Seller, sellersOf } from "../../schemas/seller";
import { type Faults, problem } from "./problem";
import { reasonOf, shortened } from "./reason";

/** A request, read and checked. */
export interface Asked<It extends Endpoint> {
  /** For whom its user acts; one at least. Of an endpoint of users there are none. */
  readonly sellers: SellersOf<It>;
  /** The user, as the user pool knows them. */
  readonly user: string;
  readonly query: QueryOf<It>;
  readonly path: PathOf<It>;
  readonly body: BodyOf<It>;
  readonly headers: HeadersOf<It>;
  readonly requestId: string;
}

type SellersOf<It extends Endpoint> = It extends { readonly for: "user" } ? undefined : readonly Seller[];

export function readRequest<It extends Endpoint>(
  it: It,
  event: APIGatewayProxyEventV2WithJWTAuthorizer,
  requestId: string,
): Asked<It> {
  const { claims } = event.requestContext.authorizer.jwt;
  const sellers = it.for === "user" ? undefined : someSellersOf(claims);
  const errors: Faults = [];
  const query = it.query && parsed("query", it.query, queryOf(event, errors), errors);
  const path = it.path && parsed("path", it.path, event.pathParameters ?? {}, errors);
  const checked = it.headers && parsed("header", it.headers, event.headers, errors);
  const headers: unknown = { ...event.headers, ...(checked as object | undefined) };
  const body =
    it.body && ("schema" in it.body ? parsed("body", it.body.schema, jsonOf(event), errors) : bytesOf(event, it.body));
  if (errors.length > 0) throw badRequest(errors);
  return { sellers, user: String(claims.sub), query, path, body, headers, requestId } as Asked<It>;
}

function someSellersOf(claims: Claims): readonly Seller[] {
  const sellers = sellersOf(claims["cognito:groups"] as string | undefined);
  if (sellers.length > 0) return sellers;
  throw problem("NoSeller", `Cannot act for anybody: user "${claims.sub}" is in no group of a seller`);
}

type Claims = APIGatewayProxyEventV2WithJWTAuthorizer["requestContext"]["authorizer"]["jwt"]["claims"];

/** Of a long list with something wrong in each item the first few are told: an answer has 6 MB at most. */
const mostFaults = 20;

function badRequest(faults: Faults): Error {
  const errors = faults.slice(0, mostFaults);
  const told = errors.map(({ in: place, field, reason }) => `${place}${field && ` "${field}"`} ${reason}`);
  if (faults.length > errors.length) told.push(`and ${faults.length - errors.length} more`);
  return problem("BadRequest", `Cannot take the request: ${told.join("; ")}`, { errors });
}

function parsed(place: string, schema: GenericSchema, value: unknown, errors: Faults): unknown {
  const { success, output, issues } = safeParse(schema, value);
  if (success) return output;
  for (const issue of issues) {
    const keys = (issue.path ?? []).map(({ key }) => shortened(String(key)));
    const field = place === "body" ? keys.map(inPointer).join("") : keys.join(".");
    errors.push({ in: place, field, reason: reasonOf(issue) });
  }
  return undefined;
}

/** RFC 6901, section 3. */
const inPointer = (key: string): string => `/${key.replaceAll("~", "~0").replaceAll("/", "~1")}`;

/** API Gateway joins what is given twice with a comma, which a value may hold as well: only the raw text tells. */
function queryOf(
  { rawQueryString, queryStringParameters = {} }: APIGatewayProxyEventV2WithJWTAuthorizer,
  errors: Faults,
) {
  const names = [...new URLSearchParams(rawQueryString).keys()];
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) errors.push({ in: "query", field: twice, reason: "is given more than once" });
  return queryStringParameters;
}

function jsonOf(event: APIGatewayProxyEventV2WithJWTAuthorizer): unknown {
  const type = mediaTypeOf(event.headers);
  if (type !== "application/json") throw wrongMediaType(type, ["application/json"]);
  try {
    return JSON.parse(bodyOf(event).toString("utf8"));
  } catch (cause) {
    const errors = [{ in: "body", field: "", reason: `is no JSON: ${(cause as Error).message}` }];
    throw problem("BadRequest", "Cannot read the body: it is no JSON", { errors, cause });
  }
}

function bytesOf(
  event: APIGatewayProxyEventV2WithJWTAuthorizer,
  { mediaTypes, maxBytes, optional }: BytesBody,
): Uint8Array | undefined {
  if (optional && !event.body) return undefined;
  const type = mediaTypeOf(event.headers);
  if (!mediaTypes.includes(type)) throw wrongMediaType(type, mediaTypes);
  const body = bodyOf(event);
  if (body.length <= maxBytes) return body;
  throw problem("TooLarge", `Cannot take the body: it has ${body.length} bytes, and ${maxBytes} are the most`);
}

const wrongMediaType = (found: string, taken: readonly string[]): Error =>
  problem(
    "WrongMediaType",
    `Cannot take a body of type "${found}": ${taken.map((type) => `"${type}"`).join(", ")} are taken`,
  );

/** Without its parameters. */
const mediaTypeOf = (headers: Readonly<Record<string, string | undefined>>): string =>
  (headers["content-type"] ?? "").split(";", 1)[0]?.trim().toLowerCase() ?? "";

const bodyOf = ({ body = "", isBase64Encoded }: APIGatewayProxyEventV2WithJWTAuthorizer) =>
  Buffer.from(body, isBase64Encoded ? "base64" : "utf8");
