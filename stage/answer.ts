// answer: the handler of a route. It reads a request as its endpoint says, calls `work`, and puts its answer, or the problem that it
// throws, into HTTP.
//
//   event of API Gateway (payload 2.0) ──> who? ──> query, path, body ──> work ──> JSON, or application/problem+json

import { Logger } from "@aws-lambda-powertools/logger";
import type { APIGatewayProxyEventV2WithJWTAuthorizer, APIGatewayProxyStructuredResultV2, Context } from "aws-lambda";
import { type BaseIssue, type GenericSchema, safeParse } from "valibot";
import type { AnswerOf, BodyOf, BytesBody, Endpoint, PathOf, QueryOf } from "../schemas/endpoint";
import { commonProblems, type Problem } from "../schemas/problem";
import { type Seller, sellersOf } from "../schemas/seller";
import { isPassing } from "./passing";

/** A request, read and checked. */
export interface Asked<It extends Endpoint> {
  /** For whom its user acts; one at least. */
  readonly sellers: readonly Seller[];
  /** The user, as the user pool knows them. */
  readonly user: string;
  readonly query: QueryOf<It>;
  readonly path: PathOf<It>;
  readonly body: BodyOf<It>;
  /** By lower-case names. */
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly requestId: string;
}

export type Handler = (
  event: APIGatewayProxyEventV2WithJWTAuthorizer,
  context: Context,
) => Promise<APIGatewayProxyStructuredResultV2>;

/** For a function's factory. What `work` throws is answered as the problem that it is, or as `Internal`, and logged. */
export function answer<It extends Endpoint>(endpoint: It, work: (asked: Asked<It>) => Promise<AnswerOf<It>>): Handler {
  const logger = new Logger();

  return async (event, { awsRequestId: requestId }) => {
    try {
      const body = await work(read(endpoint, event, requestId));
      return { statusCode: endpoint.answer.status, headers: json, body: JSON.stringify(body) };
    } catch (error) {
      const { code, status, detail, errors, retryAfter } = kindOf(endpoint, error);
      if (status >= 500) logger.error(`Cannot answer ${endpoint.route}`, { requestId, error });
      const problem: Problem = {
        type: `/openapi.json#/x-problems/${code}`,
        title: titleOf(code),
        status,
        detail,
        code,
        requestId,
        ...(errors === undefined ? {} : { errors }),
      };
      const retry: Record<string, string> = retryAfter === undefined ? {} : { "retry-after": String(retryAfter) };
      return { statusCode: status, headers: { ...problemJson, ...retry }, body: JSON.stringify(problem) };
    }
  };
}

const json = { "content-type": "application/json", "cache-control": "no-store" };
const problemJson = { "content-type": "application/problem+json", "cache-control": "no-store" };

/** What is wrong in a request, each with its place. */
type Faults = NonNullable<Problem["errors"]>;

/** To be thrown by `work`: a problem of the endpoint, or of all endpoints, by its code. `detail` is for whoever has asked. */
export const problem = (
  code: string,
  detail: string,
  more: { errors?: Faults; retryAfter?: number; cause?: unknown } = {},
): Error => {
  const { cause, ...rest } = more;
  return Object.assign(new Error(detail, { cause }), { name: "Problem", code, ...rest });
};

/**
 * The sellers of the request, or the one among them that `seller` names. Whether another one exists is nobody's business: it
 * is refused either way.
 */
export function sellersAsked(sellers: readonly Seller[], seller: string | undefined): readonly Seller[] {
  if (seller === undefined || sellers.includes(seller)) return seller === undefined ? sellers : [seller];
  throw problem("NotYourSeller", `Cannot act for seller "${seller}": the token is of ${named(sellers)}`);
}

/** The one seller for whom something is done: the one that `seller` names, or the only one of the request. */
export function sellerAsked(sellers: readonly Seller[], seller: string | undefined): Seller {
  const [only, other] = sellersAsked(sellers, seller);
  if (only !== undefined && other === undefined) return only;
  const errors = [{ in: "query", field: "seller", reason: `is needed: the token is of ${named(sellers)}` }];
  throw problem("BadRequest", "Cannot tell for which seller this is: name one", { errors });
}

const named = (sellers: readonly Seller[]): string => sellers.map((seller) => `"${seller}"`).join(", ");

function read<It extends Endpoint>(
  it: It,
  event: APIGatewayProxyEventV2WithJWTAuthorizer,
  requestId: string,
): Asked<It> {
  const { claims } = event.requestContext.authorizer.jwt;
  const sellers = sellersOf(claims["cognito:groups"] as string | undefined);
  if (sellers.length === 0) {
    throw problem("NoSeller", `Cannot act for anybody: user "${claims.sub}" is in no group of a seller`);
  }
  const errors: Faults = [];
  const query = it.query && parsed("query", it.query, queryOf(event, errors), errors);
  const path = it.path && parsed("path", it.path, event.pathParameters ?? {}, errors);
  const body =
    it.body && ("schema" in it.body ? parsed("body", it.body.schema, jsonOf(event), errors) : bytesOf(event, it.body));
  if (errors.length > 0) throw badRequest(errors);
  return { sellers, user: String(claims.sub), query, path, body, headers: event.headers, requestId } as Asked<It>;
}

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

/** Valibot's own words are a sentence and no clause, and hold all that was sent. */
function reasonOf({ message, expected, received }: BaseIssue<unknown>): string {
  const [, label] = /^Invalid ([^:]*): /.exec(message) ?? [];
  if (label === undefined) return message;
  if (received === "undefined") return "is missing";
  if (expected === "never") return "is unknown";
  return `must be ${expected ?? `a valid ${label}`}, and is ${shortened(received)}`;
}

const shortened = (text: string): string => (text.length > 100 ? `${text.slice(0, 100)}...` : text);

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

interface Kind {
  readonly code: string;
  readonly status: number;
  readonly detail: string;
  readonly errors?: Faults;
  readonly retryAfter?: number;
}

/** Of what is no problem of the endpoint nobody outside is told more than that it happened. */
function kindOf({ problems }: Endpoint, error: unknown): Kind {
  const { name, code = "", message, ...more } = Object(error) as Error & Partial<Kind>;
  const known: Readonly<Record<string, { readonly status: number }>> = { ...commonProblems, ...problems };
  const status = name === "Problem" ? known[code]?.status : undefined;
  if (isPassing(error)) {
    const detail = "Cannot answer now: a service behind the API cannot be reached. Try again";
    return { code: "Unavailable", status: 503, detail, retryAfter: 2 };
  }
  if (status === undefined) return { code: "Internal", status: 500, detail: "Cannot answer: of a fault of ours" };
  return { code, status, detail: message, ...more };
}

/** `NotYourSeller`: Not your seller. */
const titleOf = (code: string): string => code.replace(/(?<=[a-z])[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
