// answer: the handler of a route. It reads a request as its endpoint says, calls `work`, and puts its answer, or the problem
// that it throws, into HTTP.
//
//   event of API Gateway (payload 2.0) ──> who? ──> query, path, body ──> work ──> JSON, or application/problem+json

import { Logger } from "@aws-lambda-powertools/logger";
import type { APIGatewayProxyEventV2WithJWTAuthorizer, APIGatewayProxyStructuredResultV2, Context } from "aws-lambda";
import type { AnswerOf, Endpoint } from "../schemas/endpoint";
import { commonProblems, type Problem } from "../schemas/problem";
import type { Seller } from "../schemas/seller";
import { type Faults, problem } from "./answer/problem";
import { type Asked, readRequest } from "./answer/read-request";
import { isPassing } from "./passing";

export { problem } from "./answer/problem";

export type Handler = (
  event: APIGatewayProxyEventV2WithJWTAuthorizer,
  context: Context,
) => Promise<APIGatewayProxyStructuredResultV2>;

/** For a function's factory. What `work` throws is answered as the problem that it is, or as `Internal`, and logged. */
export function answer<It extends Endpoint>(endpoint: It, work: (asked: Asked<It>) => Promise<AnswerOf<It>>): Handler {
  const logger = new Logger();

  return async (event, { awsRequestId: requestId }) => {
    try {
      const body = await work(readRequest(endpoint, event, requestId));
      return { statusCode: endpoint.answer.status, headers: json, body: JSON.stringify(body) };
    } catch (error) {
      const { code, status, detail, errors, retryAfter } = kindOf(endpoint, error);
      if (status >= 500) logger.error(`Cannot answer ${endpoint.route}`, { requestId, error });
      const told: Problem = {
        type: `/openapi.json#/x-problems/${code}`,
        title: titleOf(code),
        status,
        detail,
        code,
        requestId,
        ...(errors === undefined ? {} : { errors }),
      };
      const retry: Record<string, string> = retryAfter === undefined ? {} : { "retry-after": String(retryAfter) };
      return { statusCode: status, headers: { ...problemJson, ...retry }, body: JSON.stringify(told) };
    }
  };
}

const json = { "content-type": "application/json", "cache-control": "no-store" };
const problemJson = { "content-type": "application/problem+json", "cache-control": "no-store" };

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
