// api-gateway: the HTTP API of the program, on an address of its own.
//
//   request ──> limits ──> route ──> throttle ──> token ──> permission ──> function ──> answer, CORS ──> journal, access log
//                413, 431   404       429          401, 403  500            500, 503
//
// Where API Gateway answers in the place of a function, status and body are its own.

import { randomBytes } from "node:crypto";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { JSONWebKeySet } from "jose";
import { type Clock, systemClock } from "../../clock";
import type { Journal } from "../../door/journal";
import { isAwsError } from "../../door/service";
import type { Invocation, Lambda } from "../lambda/lambda";
import { accessLog, type Logged } from "./access-log";
import { type Answer, isRefused, type Refused, refused } from "./answer";
import type { ApiConfig, RouteConfig } from "./api-config";
import { preflight, withCors } from "./cors";
import { functionAnswer } from "./function-answer";
import { authorize, type Identity } from "./jwt-authorizer";
import { bodyOf, checkHead, type Head, headOf } from "./request";
import { requestEvent } from "./request-event";
import { type Match, router } from "./routes";
import { tokenBucket } from "./token-bucket";

export interface ApiGatewayOptions {
  readonly api: ApiConfig;
  /** A free one where it is not given. */
  readonly port?: number;
  readonly lambda: Pick<Lambda, "invoke">;
  /** What an issuer publishes. */
  readonly keysOf: (issuer: string) => JSONWebKeySet | undefined;
  readonly clock: Clock;
  /** By which an integration times out: as functions do, by the system's time, however fast other waits pass. */
  readonly timeouts?: Pick<Clock, "after">;
  readonly journal: Journal;
  /** Takes the lines of the access log. */
  readonly log: (line: string) => void;
}

export interface ApiGateway {
  readonly url: string;
  /** How many requests have no answer yet. */
  busy(): number;
  end(): Promise<void>;
}

export async function openApiGateway(options: ApiGatewayOptions): Promise<ApiGateway> {
  const { api, port = 0, lambda, keysOf, clock, timeouts = systemClock(), journal, log } = options;
  const routeOf = router(api.routes);
  const lineOf = api.accessLog && accessLog(api.accessLog.format, api);
  const mayPass = throttles(api, clock);
  let answering = 0;
  let ended = false;

  // Node's own limit would answer in Node's words.
  const server = createServer({ maxHeaderSize: 65_536 }, (message, response) => void handle(message, response));
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, "127.0.0.1", resolve);
  });

  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    busy: () => answering,
    async end() {
      ended = true;
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };

  async function handle(message: IncomingMessage, response: ServerResponse): Promise<void> {
    answering += 1;
    const started = performance.now();
    const at = clock.now();
    const head = headOf(message);
    const requestId = randomBytes(11).toString("base64");
    const seen: Seen = {};
    const plain = await answerTo(message, head, requestId, at, seen).catch((error: unknown) => {
      seen.refused = isRefused(error) ? error : fault(error, message);
      return seen.refused.answer;
    });
    const answer = seen.preflight ? plain : withCors(api.cors, plain, head.headers.origin);
    send(answer, requestId, message, response);
    answering -= 1;
    if (!ended) record(head, requestId, at, answer, Math.round(performance.now() - started), seen);
  }

  async function answerTo(
    message: IncomingMessage,
    head: Head,
    requestId: string,
    at: number,
    seen: Seen,
  ): Promise<Answer> {
    checkHead(head);
    const body = await bodyOf(message);
    const match = routeOf(head.method, head.path);
    // A route that takes OPTIONS, if only $default, takes preflights as well (http-api-cors.html).
    const own = match === undefined ? preflight(api.cors, head.method, head.headers) : undefined;
    if (own !== undefined) {
      seen.preflight = true;
      return own;
    }
    if (match === undefined) throw refused(404, `No route takes ${head.method} ${head.path}`);
    seen.match = match;
    if (!mayPass(match.route)) throw refused(429, "More requests came than the stage lets through");
    const identity = await identityOf(match.route, head, seen);
    const refusal = match.route.refusal(sourceArn(api, match.route, head));
    if (refusal !== undefined) throw refused(500, refusal);
    const event = requestEvent({ head, body, requestId, at }, api, match, identity);
    return integrate(match.route, event, seen);
  }

  async function identityOf({ authorizer }: RouteConfig, { headers }: Head, seen: Seen): Promise<Identity | undefined> {
    if (authorizer === undefined) return undefined;
    const keys = keysOf(authorizer.issuer) ?? { keys: [] };
    seen.identity = await authorize(authorizer, keys, headers.authorization, clock.now()).catch((error: unknown) => {
      if (isRefused(error)) seen.authorizerError = error.reason;
      throw error;
    });
    return seen.identity;
  }

  /** A function that takes too long goes on, and nobody hears of what comes of it. */
  async function integrate({ functionName, timeoutMs }: RouteConfig, event: object, seen: Seen): Promise<Answer> {
    const started = performance.now();
    let callOff = () => {};
    const timeout = new Promise<never>((_, reject) => {
      callOff = timeouts.after(timeoutMs, () => reject(refused(503, "The function did not answer in time")));
    });
    const invoked = lambda.invoke(functionName, event, { source: "apigateway.amazonaws.com" });
    try {
      const invocation = await Promise.race([invoked, timeout]);
      seen.invocation = invocation;
      seen.functionAnswer = answerOf(invocation);
      return seen.functionAnswer;
    } catch (error) {
      throw isAwsError(error) ? ofLambda(error.code, error.message) : error;
    } finally {
      callOff();
      seen.integrationMs = Math.round(performance.now() - started);
    }
  }

  function record(head: Head, requestId: string, at: number, answer: Answer, ms: number, seen: Seen): void {
    const { match, identity, refused: why, invocation } = seen;
    journal.add({
      service: "apigateway",
      operation: match?.route.key ?? "none",
      principal: identity?.claims.sub ?? "anonymous",
      resource: `${head.method} ${head.path}`,
      outcome: why?.message ?? "ok",
      ms,
      detail: {
        requestId,
        status: answer.status,
        ...(invocation === undefined ? {} : { functionRequestId: invocation.requestId }),
        ...(why === undefined ? {} : { message: why.reason }),
      },
    });
    if (lineOf !== undefined) log(lineOf(logged(head, requestId, at, answer, ms, seen)));
  }
}

/** What became known of a request on its way. */
interface Seen {
  preflight?: boolean;
  match?: Match<RouteConfig>;
  identity?: Identity;
  authorizerError?: string;
  invocation?: Invocation;
  functionAnswer?: Answer;
  integrationMs?: number;
  refused?: Refused;
}

function logged(head: Head, requestId: string, at: number, { status, body }: Answer, ms: number, seen: Seen): Logged {
  const { match, identity, authorizerError, refused: why, invocation, integrationMs } = seen;
  return {
    head,
    requestId,
    at,
    status,
    responseLength: body.length,
    ms,
    ...(match === undefined ? {} : { routeKey: match.route.key }),
    ...(identity === undefined ? {} : { identity }),
    ...(authorizerError === undefined ? {} : { authorizerError }),
    ...(why === undefined ? {} : { message: why.message }),
    ...(integrationMs === undefined
      ? {}
      : {
          integration: {
            ms: integrationMs,
            ...(invocation === undefined ? {} : { requestId: invocation.requestId, status: 200 }),
            ...(seen.functionAnswer === undefined ? {} : { functionStatus: seen.functionAnswer.status }),
            ...(why === undefined ? {} : { error: why.reason }),
          },
        }),
  };
}

/** One bucket for all routes, and one for each that has limits of its own. */
function throttles({ throttle, routes }: ApiConfig, clock: Clock): (route: RouteConfig) => boolean {
  const shared = throttle && tokenBucket(throttle, clock);
  const own = new Map(routes.map((route) => [route.key, route.throttle && tokenBucket(route.throttle, clock)]));
  return ({ key }) => (own.get(key) ?? shared)?.() ?? true;
}

/** Of the request as a function's permission names it: the route's path, and the method that was sent. */
function sourceArn({ executionArn }: ApiConfig, { key }: RouteConfig, { method }: Pick<Head, "method">): string {
  const [, path] = key.split(" /");
  return path === undefined ? `${executionArn}/$default/$default` : `${executionArn}/$default/${method}/${path}`;
}

function answerOf({ functionError, payload }: Invocation): Answer {
  if (functionError === undefined) return functionAnswer(payload);
  const { errorType = functionError } = payload as { readonly errorType?: string };
  throw refused(500, `The function failed with ${errorType}`);
}

/** Lambda takes 6 MB, base64 and all; a function that may not run once more is not there for now. */
function ofLambda(code: string, message: string): Refused {
  if (code === "RequestTooLargeException") return refused(413, message);
  if (code === "TooManyRequestsException") return refused(503, message);
  return refused(500, message);
}

/** A client that hung up is told nothing; anything else that nobody has foreseen is a fault of ours. */
function fault(error: unknown, message: IncomingMessage): Refused {
  if (!message.destroyed) console.error(error);
  return refused(500, `Cannot answer: ${(error as Error).message}`);
}

function send(
  { status, headers, body }: Answer,
  requestId: string,
  message: IncomingMessage,
  response: ServerResponse,
) {
  const own = { "apigw-requestid": requestId, ...(status === 204 ? {} : { "content-length": body.length }) };
  const given = Object.entries(headers).map(([name, value]) => [name, typeof value === "string" ? value : [...value]]);
  response.writeHead(status, { ...Object.fromEntries(given), ...own });
  response.end(body);
  // What a refused client still sends is read and thrown away, so that it sees the answer instead of a broken pipe.
  message.resume();
}
