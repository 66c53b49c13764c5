// access-log: a line per request, in the format that the stage gives.
// https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-logging-variables.html

import type { ApiConfig } from "./api-config";
import type { Identity } from "./jwt-authorizer";
import type { Head } from "./request";
import { domainOf, logTime } from "./request-event";

/** What became of a request. */
export interface Logged {
  readonly head: Head;
  readonly requestId: string;
  readonly at: number;
  readonly status: number;
  readonly responseLength: number;
  readonly ms: number;
  readonly routeKey?: string;
  readonly identity?: Identity;
  /** Of the authorizer, where it let nobody in. */
  readonly authorizerError?: string;
  /** The body's message, where the gateway itself answered. */
  readonly message?: string;
  readonly integration?: {
    readonly ms: number;
    readonly requestId?: string;
    /** What Lambda said, and what the function did. */
    readonly status?: number;
    readonly functionStatus?: number;
    readonly error?: string;
  };
}

/** Throws at a variable that nobody has said the value of. */
export function accessLog(format: string, api: ApiConfig): (logged: Logged) => string {
  const unknown = [...format.matchAll(variable)].find(([, name = ""]) => !isKnown(name));
  if (unknown !== undefined) throw new Error(`${unknown[0]} is not imitated`);
  return (logged) => format.replace(variable, (_, name: string) => inLine(found(name, logged, api)));
}

const variable = /\$context\.(\w+(?:\.[\w:-]+)*)/g;

const claim = "authorizer.claims.";

const isKnown = (name: string): boolean => name.startsWith(claim) || Object.hasOwn(variables, name);

const found = (name: string, logged: Logged, api: ApiConfig): string | number | undefined =>
  name.startsWith(claim) ? logged.identity?.claims[name.slice(claim.length)] : variables[name]?.(logged, api);

/** https://docs.aws.amazon.com/apigateway/latest/developerguide/supported-gateway-response-types.html, as far as they fit. */
const responseTypes: Readonly<Record<number, string>> = {
  400: "BAD_REQUEST_BODY",
  401: "UNAUTHORIZED",
  403: "ACCESS_DENIED",
  404: "RESOURCE_NOT_FOUND",
  413: "REQUEST_TOO_LARGE",
  429: "THROTTLED",
  500: "INTEGRATION_FAILURE",
  503: "INTEGRATION_TIMEOUT",
};

/** What is not there is `-`. No value ends the line, or the text of JSON that it stands in. */
const inLine = (value: string | number | undefined): string => JSON.stringify(String(value ?? "-")).slice(1, -1);

const variables: Readonly<Record<string, (logged: Logged, api: ApiConfig) => string | number | undefined>> = {
  accountId: (_, { account }) => account,
  apiId: (_, { id }) => id,
  "authorizer.error": ({ authorizerError }) => authorizerError,
  domainName: (_, api) => domainOf(api),
  domainPrefix: (_, { id }) => id,
  "error.message": ({ message }) => message,
  "error.responseType": ({ message, status }) => message && responseTypes[status],
  "error.messageString": ({ message }) => (message === undefined ? undefined : JSON.stringify(message)),
  extendedRequestId: ({ requestId }) => requestId,
  httpMethod: ({ head }) => head.method,
  "identity.sourceIp": ({ head }) => head.sourceIp,
  "identity.userAgent": ({ head }) => head.headers["user-agent"],
  "integration.error": ({ integration }) => integration?.error,
  "integration.integrationStatus": ({ integration }) => integration?.status,
  "integration.latency": ({ integration }) => integration?.ms,
  "integration.requestId": ({ integration }) => integration?.requestId,
  "integration.status": ({ integration }) => integration?.functionStatus,
  integrationErrorMessage: ({ integration }) => integration?.error,
  integrationLatency: ({ integration }) => integration?.ms,
  integrationStatus: ({ integration }) => integration?.status,
  path: ({ head }) => head.path,
  protocol: ({ head }) => head.protocol,
  requestId: ({ requestId }) => requestId,
  requestTime: ({ at }) => logTime(at),
  requestTimeEpoch: ({ at }) => Math.floor(at / 1_000),
  responseLatency: ({ ms }) => ms,
  responseLength: ({ responseLength }) => responseLength,
  routeKey: ({ routeKey }) => routeKey,
  stage: () => "$default",
  status: ({ status }) => status,
};
