// request-fixture: a request as API Gateway hands it to the function of a route, and the function's answer, read.

import type { APIGatewayProxyEventV2WithJWTAuthorizer, Context } from "aws-lambda";
import type { Handler } from "../stage/answer";

export interface Request {
  readonly user?: string;
  readonly sellers?: readonly string[];
  readonly query?: Readonly<Record<string, string>>;
  readonly path?: Readonly<Record<string, string>>;
  readonly headers?: Readonly<Record<string, string>>;
  /** A text as it is, bytes in Base64. */
  readonly body?: string | Uint8Array;
}

export async function ask(handler: Handler, request: Request) {
  const { statusCode, headers, body } = await handler(eventOf(request), { awsRequestId: "request-1" } as Context);
  const read: unknown = JSON.parse(body ?? "null");
  return { status: statusCode, type: headers?.["content-type"], body: read as Record<string, unknown> };
}

function eventOf({ user = "user-1", sellers = ["acme"], query = {}, path = {}, headers = {}, body }: Request) {
  const rawQueryString = new URLSearchParams(query).toString();
  return {
    version: "2.0",
    routeKey: "$default",
    rawPath: "/",
    rawQueryString,
    headers,
    ...(rawQueryString === "" ? {} : { queryStringParameters: query }),
    pathParameters: path,
    requestContext: {
      authorizer: {
        jwt: { claims: { sub: user, "cognito:groups": `[${sellers.map((it) => `seller:${it}`).join(" ")}]` } },
      },
    },
    ...(body === undefined
      ? { isBase64Encoded: false }
      : typeof body === "string"
        ? { body, isBase64Encoded: false }
        : { body: Buffer.from(body).toString("base64"), isBase64Encoded: true }),
  } as unknown as APIGatewayProxyEventV2WithJWTAuthorizer;
}
