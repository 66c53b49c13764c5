// request-event: a request as the function sees it, in payload format 2.0.
// https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html

import type { ApiConfig } from "./api-config";
import type { Identity } from "./jwt-authorizer";
import type { Head } from "./request";
import { decoded, type Match } from "./routes";

export interface Received {
  readonly head: Head;
  readonly body: Buffer;
  readonly requestId: string;
  /** Milliseconds since 1970. */
  readonly at: number;
}

export function requestEvent(
  { head, body, requestId, at }: Received,
  api: ApiConfig,
  { route, parameters }: Match<{ readonly key: string }>,
  identity: Identity | undefined,
): object {
  const { method, path, query, headers, protocol, sourceIp } = head;
  const cookies = headers.cookie?.split("; ");
  const queried = joined([...new URLSearchParams(query)]);
  const isBase64Encoded = !isText(headers);
  const domainName = domainOf(api);
  const rawPath = decoded(path);
  return {
    version: "2.0",
    routeKey: route.key,
    rawPath,
    rawQueryString: query,
    ...(cookies === undefined ? {} : { cookies }),
    headers: headersOf(head, body),
    ...(query === "" ? {} : { queryStringParameters: queried }),
    ...(Object.keys(parameters).length === 0 ? {} : { pathParameters: parameters }),
    requestContext: {
      accountId: api.account,
      apiId: api.id,
      ...(identity === undefined ? {} : { authorizer: { jwt: identity } }),
      domainName,
      domainPrefix: api.id,
      http: { method, path: rawPath, protocol, sourceIp, userAgent: headers["user-agent"] ?? "" },
      requestId,
      routeKey: route.key,
      stage: "$default",
      time: logTime(at),
      timeEpoch: at,
    },
    ...(body.length === 0
      ? { isBase64Encoded: false }
      : { body: body.toString(isBase64Encoded ? "base64" : "utf8"), isBase64Encoded }),
  };
}

export const domainOf = ({ id, region }: ApiConfig): string => `${id}.execute-api.${region}.amazonaws.com`;

/** `12/Mar/2020:19:03:58 +0000`, as the common log format has it. */
export function logTime(at: number): string {
  const [, day, month, year, time] = /^\w+, (\d\d) (\w+) (\d+) (\S+) GMT$/.exec(new Date(at).toUTCString()) ?? [];
  return `${day}/${month}/${year}:${time} +0000`;
}

/** Lower-case, what came twice joined; cookies have a place of their own, and the connection ends at the gateway. */
function headersOf({ rawHeaders, sourceIp }: Head, body: Buffer): Record<string, string> {
  const pairs = rawHeaders.flatMap((name, index) =>
    index % 2 === 0 ? [[name.toLowerCase(), latin1(rawHeaders[index + 1] ?? "")] as const] : [],
  );
  const { "x-forwarded-for": before, ...headers } = joined(pairs.filter(([name]) => !ofConnection.includes(name)));
  return {
    ...headers,
    ...(body.length === 0 && headers["content-length"] === undefined ? {} : { "content-length": String(body.length) }),
    "x-forwarded-for": before === undefined ? sourceIp : `${before}, ${sourceIp}`,
    "x-forwarded-port": "443",
    "x-forwarded-proto": "https",
  };
}

const latin1 = (value: string): string => Buffer.from(value, "latin1").toString("utf8");

const ofConnection = ["cookie", "connection", "keep-alive", "transfer-encoding", "te", "trailer", "upgrade", "expect"];

function joined(pairs: readonly (readonly [string, string])[]): Record<string, string> {
  const values = new Map<string, string>();
  for (const [name, value] of pairs) values.set(name, values.has(name) ? `${values.get(name)},${value}` : value);
  return Object.fromEntries(values);
}

/** All else, and what is compressed, comes in base64: a form and NDJSON, too. */
function isText({ "content-type": type = "", "content-encoding": encoding }: Head["headers"]): boolean {
  const media = type.split(";", 1)[0]?.trim().toLowerCase() ?? "";
  const isOne =
    media.startsWith("text/") || ["json", "javascript", "xml"].some((name) => media === `application/${name}`);
  return isOne && (encoding === undefined || encoding === "identity");
}
