// cors: the headers by which a browser is told what pages of other origins may do, as the API's configuration says.
// https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-cors.html

import type { IncomingHttpHeaders } from "node:http";
import type { Answer } from "./answer";
import type { CorsConfig } from "./api-config";

/** The gateway's own answer to a preflight, which is an OPTIONS with an origin and the method that it asks for. */
export function preflight(
  cors: CorsConfig | undefined,
  method: string,
  headers: IncomingHttpHeaders,
): Answer | undefined {
  const wanted = headers["access-control-request-method"];
  if (cors === undefined || method !== "OPTIONS" || headers.origin === undefined || wanted === undefined)
    return undefined;
  const { allowMethods = [], allowHeaders = [], maxAge } = cors;
  const mayAsk = allowMethods.some((allowed) => allowed === "*" || allowed === wanted);
  const more = {
    "access-control-allow-methods": allowMethods.join(","),
    ...(allowHeaders.length === 0 ? {} : { "access-control-allow-headers": allowHeaders.join(",") }),
    ...(maxAge === undefined ? {} : { "access-control-max-age": String(maxAge) }),
  };
  const own = mayAsk ? originHeaders(cors, headers.origin) : {};
  return { status: 204, headers: Object.keys(own).length === 0 ? {} : { ...own, ...more }, body: Buffer.of() };
}

/** The answer with the API's CORS headers and none of the function's. */
export function withCors(cors: CorsConfig | undefined, answer: Answer, origin: string | undefined): Answer {
  if (cors === undefined) return answer;
  const others = Object.entries(answer.headers).filter(([name]) => !name.startsWith("access-control-"));
  const own = originHeaders(cors, origin);
  const { exposeHeaders = [] } = cors;
  const exposed = exposeHeaders.length > 0 && Object.keys(own).length > 0;
  return {
    ...answer,
    headers: {
      ...Object.fromEntries(others),
      ...own,
      ...(exposed ? { "access-control-expose-headers": exposeHeaders.join(",") } : {}),
    },
  };
}

function originHeaders({ allowOrigins = [], allowCredentials }: CorsConfig, origin: string | undefined) {
  if (origin === undefined || !allowOrigins.some((allowed) => isAllowed(allowed, origin))) return {};
  return {
    "access-control-allow-origin": allowOrigins.includes("*") && allowCredentials !== true ? "*" : origin,
    ...(allowCredentials === true ? { "access-control-allow-credentials": "true" } : {}),
  };
}

/** `*`, `https://*` and `http://*` stand for all. */
const isAllowed = (allowed: string, origin: string): boolean =>
  allowed.endsWith("*") ? origin.startsWith(allowed.slice(0, -1)) : origin === allowed;
