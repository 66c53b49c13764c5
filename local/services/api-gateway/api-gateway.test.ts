// The gateway over HTTP, with functions behind it that say what they saw.

import assert from "node:assert/strict";
import { request } from "node:http";
import { networkInterfaces } from "node:os";
import { test } from "node:test";
import { configOf } from "../lambda/fixture";
import { gateway } from "./fixture";

const echo = { echo: "exports.handler = async (event) => event;" };
const anything = [{ key: "$default", functionName: "echo" }];

test("a function sees the request in payload format 2.0", async (t) => {
  const { url, clock } = await gateway(t, echo, [{ key: "POST /orders/{id}", functionName: "echo" }]);
  const answer = await sent(url, {
    method: "POST",
    path: "/orders/a%2Fb%20c?kind=new&kind=old&q=a%20b&empty",
    headers: {
      "Content-Type": "application/json",
      "User-Agent": "a test",
      "X-Twice": ["1", "2"],
      "X-Forwarded-For": "10.0.0.1",
      Cookie: "a=1; b=2",
    },
    body: '{"ü":1}',
  });
  assert.equal(answer.status, 200);
  const { requestContext, headers, ...event } = JSON.parse(answer.text);
  assert.deepEqual(event, {
    version: "2.0",
    routeKey: "POST /orders/{id}",
    rawPath: "/orders/a/b c",
    rawQueryString: "kind=new&kind=old&q=a%20b&empty",
    cookies: ["a=1", "b=2"],
    queryStringParameters: { kind: "new,old", q: "a b", empty: "" },
    pathParameters: { id: "a/b c" },
    body: '{"ü":1}',
    isBase64Encoded: false,
  });
  const { host, ...others } = headers;
  assert.equal(`http://${host}`, url);
  assert.deepEqual(others, {
    "content-length": "8",
    "content-type": "application/json",
    "user-agent": "a test",
    "x-twice": "1,2",
    "x-forwarded-for": "10.0.0.1, 127.0.0.1",
    "x-forwarded-port": "443",
    "x-forwarded-proto": "https",
  });
  const { requestId, ...context } = requestContext;
  assert.equal(requestId, answer.headers["apigw-requestid"]);
  assert.deepEqual(context, {
    accountId: "123456789012",
    apiId: "api1234567",
    domainName: "api1234567.execute-api.eu-central-1.amazonaws.com",
    domainPrefix: "api1234567",
    http: {
      method: "POST",
      path: "/orders/a/b c",
      protocol: "HTTP/1.1",
      sourceIp: "127.0.0.1",
      userAgent: "a test",
    },
    routeKey: "POST /orders/{id}",
    stage: "$default",
    time: "01/Jan/2026:00:00:00 +0000",
    timeEpoch: clock.now(),
  });
});

test("what is not there is not in the event", async (t) => {
  const { url } = await gateway(t, echo, anything);
  const event = JSON.parse((await sent(url, { path: "/" })).text);
  for (const name of ["cookies", "queryStringParameters", "pathParameters", "body"]) assert.equal(name in event, false);
  assert.deepEqual([event.isBase64Encoded, event.requestContext.authorizer], [false, undefined]);
});

test("text comes as text, and all else, and what is compressed, in base64", async (t) => {
  const { url } = await gateway(t, echo, anything);
  const body = "a,b\n1,ü\n";
  const cases: [Record<string, string>, boolean][] = [
    [{ "content-type": "text/csv; charset=utf-8" }, false],
    [{ "content-type": "Application/JSON" }, false],
    [{ "content-type": "application/xml" }, false],
    [{ "content-type": "application/javascript" }, false],
    [{ "content-type": "application/x-ndjson" }, true],
    [{ "content-type": "application/x-www-form-urlencoded" }, true],
    [{ "content-type": "application/octet-stream" }, true],
    [{ "content-type": "text/csv", "content-encoding": "gzip" }, true],
    [{}, true],
  ];
  for (const [headers, base64] of cases) {
    const event = JSON.parse((await sent(url, { method: "POST", headers, body })).text);
    assert.equal(event.isBase64Encoded, base64, JSON.stringify(headers));
    assert.equal(Buffer.from(event.body, base64 ? "base64" : "utf8").toString(), body);
  }
});

test("a function answers with status, headers, cookies and a body of text or bytes", async (t) => {
  const answers = {
    full: {
      statusCode: 201,
      headers: { "X-One": "1", "x-number": 2, "content-type": "text/csv", "content-length": "1", connection: "close" },
      cookies: ["a=1; Path=/", "b=2"],
      body: "ü",
    },
    bytes: { statusCode: 200, headers: { "content-type": "image/png" }, body: "AP/+", isBase64Encoded: true },
    bare: { statusCode: 404 },
    object: { message: "hello" },
    list: [1, 2],
    text: "hello",
    nothing: null,
  };
  const { url } = await gateway(t, answering(answers), routesOf(answers));
  const full = await sent(url, { path: "/full" });
  assert.deepEqual([full.status, full.text], [201, "ü"]);
  const { "x-one": one, "x-number": number, "content-type": type, "set-cookie": cookies } = full.headers;
  assert.deepEqual([one, number, type, cookies], ["1", "2", "text/csv", ["a=1; Path=/", "b=2"]]);
  assert.equal(full.headers["content-length"], "2");

  const bytes = await sent(url, { path: "/bytes" });
  assert.deepEqual([...bytes.body], [0, 255, 254]);
  const bare = await sent(url, { path: "/bare" });
  assert.deepEqual([bare.status, bare.text, bare.headers["content-type"]], [404, "", "text/plain;charset=UTF-8"]);
  for (const [path, text] of [
    ["/object", '{"message":"hello"}'],
    ["/list", "[1,2]"],
    ["/text", "hello"],
    ["/nothing", "null"],
  ] as const) {
    const answer = await sent(url, { path });
    assert.deepEqual([answer.status, answer.headers["content-type"], answer.text], [200, "application/json", text]);
  }
});

test("a function that throws, ends its process, answers nonsense or too much is an internal error", async (t) => {
  const malformed = {
    status: { statusCode: "ok" },
    early: { statusCode: 101 },
    fraction: { statusCode: 200.5 },
    body: { statusCode: 200, body: { a: 1 } },
    base64: { statusCode: 200, body: "?", isBase64Encoded: true },
    flag: { statusCode: 200, body: "", isBase64Encoded: "yes" },
    headers: { statusCode: 200, headers: ["a"] },
    header: { statusCode: 200, headers: { a: {} } },
    split: { statusCode: 200, headers: { a: "1\r\nx-forged: 2" } },
    cookies: { statusCode: 200, cookies: "a=1" },
    cookie: { statusCode: 200, cookies: ["a=1\r\nx-forged: 2"] },
  };
  const functions = {
    ...answering(malformed),
    throws: "exports.handler = async () => { throw new RangeError('secret detail'); };",
    ends: "exports.handler = async () => process.exit(1);",
    large: "exports.handler = async () => ({ statusCode: 200, body: 'x'.repeat(7 * 1024 * 1024) });",
  };
  const { url, record } = await gateway(t, functions, routesOf(functions));
  for (const name of Object.keys(functions)) {
    const answer = await sent(url, { path: `/${name}` });
    const begin = answer.text.slice(0, 100);
    assert.deepEqual([answer.status, begin], [500, '{"message":"Internal Server Error"}'], name);
    assert.equal(answer.headers["x-forged"], undefined);
  }
  const reasons = record.entries.filter(({ service }) => service === "apigateway").map(({ detail }) => detail?.message);
  assert.ok(reasons.includes("The function failed with RangeError"));
  assert.ok(reasons.includes('The answer of the function is malformed: its statusCode is "ok"'));
  assert.ok(reasons.includes("The function failed with Function.ResponseSizeTooLarge"));
});

test("a function that takes too long is not waited for", async (t) => {
  const asked: number[] = [];
  // The time is over at once.
  const timeouts = {
    after(ms: number, action: () => void) {
      asked.push(ms);
      const timer = setImmediate(action);
      return () => clearImmediate(timer);
    },
  };
  const hangs = { hangs: "exports.handler = () => new Promise((resolve) => setTimeout(resolve, 60_000));" };
  const { url, record } = await gateway(t, hangs, [{ key: "$default", functionName: "hangs", timeoutMs: 7_000 }], {
    timeouts,
  });
  const answer = await sent(url, { path: "/" });
  assert.deepEqual([answer.status, answer.text], [503, '{"message":"Service Unavailable"}']);
  assert.deepEqual(asked, [7_000]);
  assert.equal(record.entries.at(-1)?.outcome, "Service Unavailable");
});

test("a function that may not run once more is not available", async (t) => {
  const { url, lambda } = await gateway(t, echo, anything);
  lambda.create({ ...configOf("echo", "/nowhere"), reservedConcurrency: 0 });
  assert.equal((await sent(url, { path: "/" })).status, 503);
});

test("a request that no route takes is not found, and wakes nothing", async (t) => {
  const { url, record } = await gateway(t, echo, [{ key: "GET /orders", functionName: "echo" }]);
  for (const [method, path] of [
    ["GET", "/"],
    ["POST", "/orders"],
    ["GET", "/orders/"],
    ["OPTIONS", "/orders"],
  ] as const) {
    const answer = await sent(url, { method, path });
    assert.deepEqual([answer.status, answer.text], [404, '{"message":"Not Found"}']);
    assert.equal(answer.headers["content-type"], "application/json");
  }
  assert.deepEqual([...new Set(record.entries.map(({ service }) => service))], ["apigateway"]);
  assert.equal((await sent(url, { path: "/%zz" })).status, 400);
});

test("a body above 10 MB is refused before it is all in memory", async (t) => {
  const { url, record } = await gateway(t, echo, anything);
  const body = Buffer.alloc(10 * 1_024 * 1_024 + 1);
  const lengths: [string, string][] = [
    ["content-length", String(body.length)],
    ["transfer-encoding", "chunked"],
  ];
  for (const [name, value] of lengths) {
    const headers = { [name]: value };
    const answer = await sent(url, { method: "POST", headers, body });
    assert.deepEqual([answer.status, answer.text], [413, '{"message":"Request Entity Too Large"}']);
    assert.equal(record.entries.at(-1)?.detail?.message, "The body has more than 10485760 bytes");
  }
  // Of this one nothing comes but its length.
  const status = await new Promise((resolve, reject) => {
    const sending = request(url, { method: "POST", headers: { "content-length": 11_000_000 } }, (answer) => {
      resolve(answer.statusCode);
      sending.destroy();
    });
    sending.on("error", reject);
    sending.flushHeaders();
  });
  assert.equal(status, 413);
  assert.equal(
    record.entries.some(({ service }) => service === "lambda"),
    false,
  );
});

test("a body that fills Lambda's 6 MB is refused, base64 counted", async (t) => {
  const size = { size: "exports.handler = async ({ body }) => ({ statusCode: 200, body: String(body.length) });" };
  const { url } = await gateway(t, size, [{ key: "$default", functionName: "size" }]);
  const megabytes = (count: number) => Buffer.alloc(count * 1_024 * 1_024, "a");
  const send = (type: string, body: Buffer) => sent(url, { method: "POST", headers: { "content-type": type }, body });
  assert.equal((await send("text/csv", megabytes(5.9))).status, 200);
  const tooLarge = await send("text/csv", megabytes(6));
  assert.deepEqual([tooLarge.status, tooLarge.text], [413, '{"message":"Request Entity Too Large"}']);
  assert.equal((await send("application/gzip", megabytes(4.4))).status, 200);
  assert.equal((await send("application/gzip", megabytes(4.6))).status, 413);
});

test("headers above 10,240 bytes are refused", async (t) => {
  const { url } = await gateway(t, echo, anything);
  const send = (bytes: number) => sent(url, { path: "/", headers: { "x-long": "a".repeat(bytes) } });
  assert.equal((await send(10_000)).status, 200);
  const tooLarge = await send(10_240);
  assert.deepEqual([tooLarge.status, tooLarge.text], [431, '{"message":"Request Header Fields Too Large"}']);
  assert.equal((await sent(url, { path: `/?${"a".repeat(10_240)}` })).status, 431);
});

test("more requests than the stage lets through are told so, until time has passed", async (t) => {
  const none = { none: "exports.handler = async () => 'ok';" };
  const routes = [
    { key: "GET /", functionName: "none" },
    { key: "GET /own", functionName: "none", throttle: { rate: 1, burst: 1 } },
  ];
  const { url, clock } = await gateway(t, none, routes, { api: { throttle: { rate: 2, burst: 3 } } });
  const statuses = async (count: number, path = "/") => {
    const seen: number[] = [];
    for (let time = 0; time < count; time += 1) seen.push((await sent(url, { path })).status);
    return seen;
  };
  assert.deepEqual(await statuses(5), [200, 200, 200, 429, 429]);
  assert.deepEqual(await statuses(2, "/own"), [200, 429]);
  clock.advance(500);
  assert.deepEqual(await statuses(2), [200, 429]);
  clock.advance(60_000);
  assert.deepEqual(await statuses(4), [200, 200, 200, 429]);
  assert.equal((await sent(url, { path: "/" })).text, '{"message":"Too Many Requests"}');
});

test("a function that the gateway may not invoke is not invoked", async (t) => {
  const asked: string[] = [];
  const refusal = (arn: string) => {
    asked.push(arn);
    return "no permission";
  };
  const routes = [
    { key: "GET /orders/{id}", functionName: "echo", refusal },
    { key: "$default", functionName: "echo", refusal },
  ];
  const { url, record } = await gateway(t, echo, routes);
  for (const path of ["/orders/7", "/"]) {
    const answer = await sent(url, { path });
    assert.deepEqual([answer.status, answer.text], [500, '{"message":"Internal Server Error"}']);
  }
  const own = "arn:aws:execute-api:eu-central-1:123456789012:api1234567/$default";
  assert.deepEqual(asked, [`${own}/GET/orders/{id}`, `${own}/$default`]);
  assert.deepEqual(
    record.entries.map(({ service, detail }) => [service, detail?.message]),
    [
      ["apigateway", "no permission"],
      ["apigateway", "no permission"],
    ],
  );
});

const page = "https://shop.example";
const cors = {
  allowOrigins: [page, "http://*"],
  allowMethods: ["GET", "POST"],
  allowHeaders: ["authorization", "content-type"],
  exposeHeaders: ["retry-after"],
  maxAge: 600,
};

test("the gateway itself answers a preflight, to origins that it knows", async (t) => {
  const { url, record } = await gateway(t, echo, [{ key: "GET /orders", functionName: "echo" }], { api: { cors } });
  const ask = (origin: string, method = "POST", path = "/anything") =>
    sent(url, { method: "OPTIONS", path, headers: { origin, "access-control-request-method": method } });
  const { status, text, headers } = await ask(page);
  assert.deepEqual(
    [status, text, allowed(headers)],
    [
      204,
      "",
      {
        "access-control-allow-origin": page,
        "access-control-allow-methods": "GET,POST",
        "access-control-allow-headers": "authorization,content-type",
        "access-control-max-age": "600",
      },
    ],
  );
  assert.equal((await ask("http://any.example")).headers["access-control-allow-origin"], "http://any.example");
  for (const [origin, method] of [
    ["https://other.example", "GET"],
    ["https://shop.example.evil", "GET"],
    [page, "DELETE"],
  ] as const) {
    const refused = await ask(origin, method);
    assert.deepEqual([refused.status, allowed(refused.headers)], [204, {}], `${origin} ${method}`);
  }
  assert.equal((await sent(url, { method: "OPTIONS", path: "/orders", headers: { origin: page } })).status, 404);
  assert.equal(
    record.entries.some(({ service }) => service === "lambda"),
    false,
  );
});

test("answers have the API's CORS headers and none of the function's", async (t) => {
  const answers = {
    own: {
      statusCode: 200,
      headers: { "Access-Control-Allow-Origin": "*", "access-control-allow-credentials": "true", "x-own": "1" },
    },
    empty: { statusCode: 204 },
  };
  const { url } = await gateway(t, answering(answers), routesOf(answers), { api: { cors } });
  const expected = { "access-control-allow-origin": page, "access-control-expose-headers": "retry-after" };
  for (const path of ["/own", "/empty", "/nowhere"]) {
    const { headers } = await sent(url, { path, headers: { origin: page } });
    assert.deepEqual(allowed(headers), expected, path);
  }
  const strangers: Record<string, string>[] = [{ origin: "https://other.example" }, {}];
  for (const headers of strangers) {
    const answer = await sent(url, { path: "/own", headers });
    assert.deepEqual([allowed(answer.headers), answer.headers["x-own"]], [{}, "1"]);
  }
});

test("a page of any origin may ask where the API says so, and with credentials is named", async (t) => {
  for (const [allowCredentials, origin] of [
    [false, "*"],
    [true, page],
  ] as const) {
    const api = { cors: { allowOrigins: ["*"], allowMethods: ["*"], allowCredentials } };
    const { url } = await gateway(t, {}, [], { api });
    const headers = { origin: page, "access-control-request-method": "PATCH" };
    const answer = await sent(url, { method: "OPTIONS", path: "/", headers });
    assert.equal(answer.headers["access-control-allow-origin"], origin);
    assert.equal(answer.headers["access-control-allow-credentials"], allowCredentials ? "true" : undefined);
  }
});

test("every request is in the journal and a line of the access log, in the stage's format", async (t) => {
  const format = JSON.stringify({
    id: "$context.requestId",
    time: "$context.requestTime",
    route: "$context.routeKey",
    status: "$context.status",
    path: "$context.path",
    agent: "$context.identity.userAgent",
    user: "$context.authorizer.claims.sub",
    lambda: "$context.integration.status",
    error: "$context.error.responseType",
    bytes: "$context.responseLength",
  });
  const api = { accessLog: { groupArn: "arn", format } };
  const { url, lines, record } = await gateway(t, echo, [{ key: "GET /orders", functionName: "echo" }], { api });
  const agent = 'a "quoted" agent\\';
  const found = await sent(url, { path: "/orders", headers: { "user-agent": agent } });
  const lost = await sent(url, { path: "/lost" });
  const [first, second] = lines.map((line) => JSON.parse(line));
  assert.deepEqual(first, {
    id: found.headers["apigw-requestid"],
    time: "01/Jan/2026:00:00:00 +0000",
    route: "GET /orders",
    status: "200",
    path: "/orders",
    agent,
    user: "-",
    lambda: "200",
    error: "-",
    bytes: String(found.body.length),
  });
  assert.deepEqual([second.id, second.status, second.route], [lost.headers["apigw-requestid"], "404", "-"]);
  assert.equal(second.error, "RESOURCE_NOT_FOUND");
  const entries = record.entries.filter(({ service }) => service === "apigateway");
  assert.deepEqual(
    entries.map(({ operation, principal, resource, outcome, detail }) => [
      operation,
      principal,
      resource,
      outcome,
      detail?.status,
    ]),
    [
      ["GET /orders", "anonymous", "GET /orders", "ok", 200],
      ["none", "anonymous", "GET /lost", "Not Found", 404],
    ],
  );
});

test("a format with a variable that is not imitated is refused by name", async (t) => {
  for (const name of ["$context.identity.caller", "$context.toString", "$context.authorizer.claims"])
    await assert.rejects(gateway(t, {}, [], { api: { accessLog: { groupArn: "arn", format: `a ${name} b` } } }), {
      message: `${name} is not imitated`,
    });
});

test("the gateway listens on this machine alone", async (t) => {
  const { url } = await gateway(t, {}, []);
  const { hostname, port } = new URL(url);
  assert.equal(hostname, "127.0.0.1");
  const elsewhere = Object.values(networkInterfaces())
    .flatMap((addresses) => addresses ?? [])
    .filter(({ internal, family }) => !internal && family === "IPv4");
  for (const { address } of elsewhere) await assert.rejects(fetch(`http://${address}:${port}/`), address);
});

/** Functions that give what they are called with here. */
const answering = (answers: Readonly<Record<string, unknown>>): Record<string, string> =>
  Object.fromEntries(
    Object.entries(answers).map(([name, answer]) => [
      name,
      `exports.handler = async () => (${JSON.stringify(answer)});`,
    ]),
  );

const routesOf = (functions: object) =>
  Object.keys(functions).map((functionName) => ({ key: `GET /${functionName}`, functionName }));

const allowed = (headers: object) =>
  Object.fromEntries(Object.entries(headers).filter(([name]) => name.startsWith("access-control-")));

interface Sending {
  readonly method?: string;
  readonly path?: string;
  readonly headers?: Readonly<Record<string, string | string[]>>;
  readonly body?: string | Buffer;
}

interface Sent {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: Buffer;
  readonly text: string;
}

/** Not `fetch`, which would put the path and the headers in order first. */
const sent = (url: string, { method = "GET", path = "/", headers = {}, body }: Sending): Promise<Sent> =>
  new Promise((resolve, reject) => {
    const sending = request(url, { method, path, headers: { ...headers }, agent: false }, (answer) => {
      const chunks: Buffer[] = [];
      answer.on("data", (chunk: Buffer) => chunks.push(chunk));
      answer.on("end", () => {
        const whole = Buffer.concat(chunks);
        resolve({ status: answer.statusCode ?? 0, headers: answer.headers, body: whole, text: whole.toString() });
      });
    });
    sending.on("error", reject);
    sending.end(body);
  });
