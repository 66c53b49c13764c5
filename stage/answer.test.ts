// A route's handler: whole events of API Gateway in, whole answers out.

import assert from "node:assert/strict";
import { mock, test } from "node:test";
import type { APIGatewayProxyEventV2WithJWTAuthorizer, Context } from "aws-lambda";
import {
  array,
  check,
  integer,
  maxLength,
  maxValue,
  number,
  object,
  optional,
  parse,
  picklist,
  pipe,
  regex,
  strictObject,
  string,
  transform,
} from "valibot";
import { type Endpoint, endpoint } from "../schemas/endpoint";
import { Problem } from "../schemas/problem";
import { Seller } from "../schemas/seller";
import { answer, problem, sellerAsked, sellersAsked } from "./answer";
import type { Asked } from "./answer/read-request";
import { sampleRequest } from "./serialization/sample-request";

const listThings = endpoint({
  route: "GET /api/shops/{shop}/things",
  summary: "List things",
  pipeline: "things",
  path: object({ shop: pipe(string(), regex(/^[\w %]+$/, "must be a shop")) }),
  query: pipe(
    strictObject({
      seller: optional(Seller),
      sort: optional(picklist(["day", "name"]), "day"),
      limit: optional(pipe(string(), regex(/^\d+$/), transform(Number), maxValue(500, "must be 500 at most")), "100"),
      from: optional(string()),
      to: optional(string()),
    }),
    check(({ from = "", to = "" }) => from <= to, "must not end before it begins"),
  ),
  answer: { status: 200, description: "Things", schema: object({ things: array(string()) }) },
  problems: { Closed: { status: 409, when: "the shop is closed" } },
});

const askThing = endpoint({
  route: "POST /api/things",
  summary: "Ask for a thing",
  pipeline: "things",
  body: {
    schema: strictObject({
      question: string(),
      sizes: optional(array(strictObject({ "a/b": pipe(number(), integer()) }))),
    }),
  },
  answer: { status: 201, description: "It", schema: object({ thing: string() }) },
  problems: {},
});

const putThing = endpoint({
  route: "POST /api/things/bytes",
  summary: "Put a thing",
  pipeline: "things",
  body: { mediaTypes: ["text/csv", "application/gzip"], maxBytes: 8 },
  answer: { status: 202, description: "Put", schema: object({ bytes: number() }) },
  problems: {},
});

type Event = APIGatewayProxyEventV2WithJWTAuthorizer;
const context = { awsRequestId: "11111111-2222-4333-8444-555555555555" } as Context;
const requestId = context.awsRequestId;

/** A request for the things of shop `a`. */
function asking(query = "", pathParameters: Record<string, string> = { shop: "a" }): Event {
  const queryStringParameters = Object.fromEntries(new URLSearchParams(query));
  return { ...sampleRequest(listThings), rawQueryString: query, queryStringParameters, pathParameters };
}

const posting = (body: string, type = "application/json"): Event => ({
  ...sampleRequest(askThing),
  headers: { "content-type": type },
  body,
});

function ofGroups(event: Event, groups: string | undefined): Event {
  const { requestContext } = event;
  const { sub = "" } = requestContext.authorizer.jwt.claims;
  const claims: typeof requestContext.authorizer.jwt.claims = { sub };
  if (groups !== undefined) claims["cognito:groups"] = groups;
  const authorizer = { ...requestContext.authorizer, jwt: { claims, scopes: [] } };
  return { ...event, requestContext: { ...requestContext, authorizer } };
}

const none = async () => ({ things: [] });

/** The problem that came of a request, held to its schema. */
async function problemOf(answered: ReturnType<ReturnType<typeof answer>>): Promise<Problem> {
  const { statusCode, headers, body } = await answered;
  assert.equal(headers?.["content-type"], "application/problem+json");
  assert.equal(headers?.["cache-control"], "no-store");
  const told = parse(Problem, JSON.parse(String(body)));
  assert.deepEqual([told.status, told.requestId], [statusCode, requestId]);
  assert.equal(told.type, `/openapi.json#/x-problems/${told.code}`);
  return told;
}

/** What a handler wrote into its log meanwhile, as JSON. */
async function logOf(run: () => Promise<unknown>): Promise<Record<string, unknown>[]> {
  const lines: string[] = [];
  const write = mock.method(process.stderr, "write", (line: string) => lines.push(line) > 0);
  await run();
  write.mock.restore();
  return lines.map((line) => JSON.parse(line));
}

test("a request is read, checked and answered", async () => {
  let asked: Asked<typeof listThings> | undefined;
  const handler = answer(listThings, async (it) => {
    asked = it;
    return { things: ["x", "ü"] };
  });
  const event = asking("limit=5&seller=acme", { shop: "100%41 x" });
  assert.deepEqual(await handler(event, context), {
    statusCode: 200,
    headers: { "content-type": "application/json", "cache-control": "no-store" },
    body: '{"things":["x","ü"]}',
  });
  assert.deepEqual(asked, {
    sellers: ["acme"],
    user: "11111111-1111-4111-8111-111111111111",
    query: { seller: "acme", sort: "day", limit: 5 },
    // API Gateway has decoded it, and once is enough (aws/aws-lambda-dotnet#1901).
    path: { shop: "100%41 x" },
    body: undefined,
    headers: event.headers,
    requestId,
  });
});

test("a body of JSON is read, whatever its case, charset and encoding", async () => {
  const handler = answer(askThing, async ({ body }) => ({ thing: body.question }));
  const text = '{"question":"wie viele Schlüssel?"}';
  for (const event of [
    posting(text),
    posting(text, "Application/JSON; charset=utf-8"),
    { ...posting(Buffer.from(text).toString("base64")), isBase64Encoded: true },
  ]) {
    const { statusCode, body } = await handler(event, context);
    assert.deepEqual([statusCode, body], [201, '{"thing":"wie viele Schlüssel?"}']);
  }
});

test("a body of bytes comes as it is", async () => {
  const bytes = Buffer.from([0, 255, 10, 13, 128]);
  let body: Uint8Array | undefined;
  const handler = answer(putThing, async (asked) => {
    body = asked.body;
    return { bytes: asked.body.length };
  });
  const event = { ...posting(bytes.toString("base64"), "application/gzip"), isBase64Encoded: true };
  assert.equal((await handler(event, context)).body, '{"bytes":5}');
  assert.deepEqual(Buffer.from(body ?? []), bytes);
});

test("everything that is wrong with a query is told, each with its name", async () => {
  const event = asking("seller=A%20B&sort=size&limit=501&colour=red&colour=blue");
  const { status, code, title, errors, detail } = await problemOf(answer(listThings, none)(event, context));
  assert.deepEqual([status, code, title], [400, "BadRequest", "Bad request"]);
  assert.deepEqual(errors, [
    { in: "query", field: "colour", reason: "is given more than once" },
    { in: "query", field: "seller", reason: "must be lower-case letters, digits and hyphens, 63 at most" },
    { in: "query", field: "sort", reason: 'must be "day" or "name", and is "size"' },
    { in: "query", field: "limit", reason: "must be 500 at most" },
    { in: "query", field: "colour", reason: "is unknown" },
  ]);
  assert.match(detail, /^Cannot take the request: query "colour" is given more than once; query "seller" must be /);
});

test("a query that is wrong as a whole is told without a name", async () => {
  const { detail, errors } = await problemOf(answer(listThings, none)(asking("from=2&to=1"), context));
  assert.equal(detail, "Cannot take the request: query must not end before it begins");
  assert.deepEqual(errors, [{ in: "query", field: "", reason: "must not end before it begins" }]);
});

test("a path that is wrong is told", async () => {
  const { errors } = await problemOf(answer(listThings, none)(asking("", { shop: "../etc" }), context));
  assert.deepEqual(errors, [{ in: "path", field: "shop", reason: "must be a shop" }]);
});

test("headers are checked as the endpoint says, and the others come as they are", async () => {
  const headers = object({
    "thing-key": optional(pipe(string(), maxLength(3, "must have 3 characters at most"))),
    "thing-size": optional(string(), "5"),
  });
  let asked: Asked<Endpoint & { headers: typeof headers }> | undefined;
  const handler = answer({ ...askThing, headers }, async (it) => {
    asked = it;
    return { thing: "" };
  });
  const event = posting('{"question":"?"}');
  const given = { ...event.headers, "thing-key": "abc", etag: "x" };
  assert.equal((await handler({ ...event, headers: given }, context)).statusCode, 201);
  assert.deepEqual(asked?.headers, { ...given, "thing-size": "5" });

  const { code, errors } = await problemOf(handler({ ...event, headers: { ...given, "thing-key": "abcd" } }, context));
  assert.equal(code, "BadRequest");
  assert.deepEqual(errors, [{ in: "header", field: "thing-key", reason: "must have 3 characters at most" }]);
});

test("everything that is wrong with a body is told, each with its JSON pointer", async () => {
  const event = posting('{"sizes":[{"a/b":1},{"a/b":1.5},{"a~b":2}],"__proto__":{"question":"?"}}');
  const { code, errors } = await problemOf(answer(askThing, async () => ({ thing: "" }))(event, context));
  assert.equal(code, "BadRequest");
  assert.deepEqual(errors, [
    { in: "body", field: "/question", reason: "is missing" },
    { in: "body", field: "/sizes/1/a~1b", reason: "must be a whole number, and is 1.5" },
    { in: "body", field: "/sizes/2/a~1b", reason: "is missing" },
    { in: "body", field: "/sizes/2/a~0b", reason: "is unknown" },
    { in: "body", field: "/__proto__", reason: "is unknown" },
  ]);
});

test("a body with a thousand faults, each with a long text, is answered in a few lines", async () => {
  const sizes = Array.from({ length: 1_000 }, () => ({ "a/b": "x".repeat(1_000) }));
  const event = posting(JSON.stringify({ question: "?", sizes }));
  const { errors, detail } = await problemOf(answer(askThing, async () => ({ thing: "" }))(event, context));
  assert.equal(errors?.length, 20);
  assert.ok(detail.length < 5_000, `${detail.length}`);
  assert.match(detail, /; and 980 more$/);
});

test("a body that is no JSON, none, or of another type is refused", async () => {
  const handler = answer(askThing, async () => ({ thing: "" }));
  const { body: _, ...without } = posting("");
  for (const [event, code, status] of [
    [posting("{"), "BadRequest", 400],
    [posting(""), "BadRequest", 400],
    [posting("null"), "BadRequest", 400],
    [without, "BadRequest", 400],
    [posting("{}", "text/plain"), "WrongMediaType", 415],
    [posting("{}", ""), "WrongMediaType", 415],
    [{ ...posting("{}"), headers: {} }, "WrongMediaType", 415],
  ] as const) {
    const told = await problemOf(handler(event, context));
    assert.deepEqual([told.code, told.status], [code, status]);
  }
});

test("a body of bytes that is too large or of another type is refused, and one of just the size is not", async () => {
  const handler = answer(putThing, async ({ body }) => ({ bytes: body.length }));
  assert.equal((await handler(posting("12345678", "text/csv"), context)).statusCode, 202);
  assert.equal((await problemOf(handler(posting("123456789", "text/csv"), context))).code, "TooLarge");
  const { code, detail } = await problemOf(handler(posting("1"), context));
  assert.equal(code, "WrongMediaType");
  assert.match(detail, /of type "application\/json": "text\/csv", "application\/gzip" are taken$/);
});

test("an optional body is undefined where there is none, and is checked where there is one", async () => {
  const body = { ...putThing.body, optional: true } as const;
  const handler = answer({ ...putThing, body }, async (asked) => ({ bytes: asked.body?.length ?? -1 }));
  const { body: _, ...without } = posting("");
  assert.equal((await handler(without, context)).body, '{"bytes":-1}');
  assert.equal((await handler(posting("12", "text/csv"), context)).body, '{"bytes":2}');
  assert.equal((await problemOf(handler(posting("12"), context))).code, "WrongMediaType");
});

test("whoever is of no seller is refused before their request is looked at", async () => {
  const handler = answer(listThings, none);
  for (const groups of [undefined, "", "[]", "[admins buyers]", "[seller:]"]) {
    assert.equal((await problemOf(handler(ofGroups(asking("sort=size"), groups), context))).code, "NoSeller", groups);
  }
});

test("an endpoint of users takes anybody with a token, and acts for nobody else", async () => {
  const handler = answer({ ...listThings, for: "user" }, async ({ user, sellers }) => ({
    things: [user, String(sellers)],
  }));
  for (const groups of [undefined, "[]", "[seller:acme]"]) {
    const { statusCode, body } = await handler(ofGroups(asking(), groups), context);
    assert.deepEqual([statusCode, body], [200, '{"things":["11111111-1111-4111-8111-111111111111","undefined"]}']);
  }
});

test("a request is for the sellers of its token, or for the one of them that it names", async () => {
  const handler = answer(listThings, async ({ sellers, query }) => ({
    things: [...sellersAsked(sellers, query.seller)],
  }));
  const both = "[seller:acme seller:berg]";
  assert.equal((await handler(ofGroups(asking(), both), context)).body, '{"things":["acme","berg"]}');
  assert.equal((await handler(ofGroups(asking("seller=berg"), both), context)).body, '{"things":["berg"]}');
  const refused = await problemOf(handler(asking("seller=berg"), context));
  assert.deepEqual([refused.code, refused.status], ["NotYourSeller", 403]);
  assert.equal(refused.detail, 'Cannot act for seller "berg": the token is of "acme"');
});

test("what is done for one seller asks which, where there are two", async () => {
  const handler = answer(listThings, async ({ sellers, query }) => ({ things: [sellerAsked(sellers, query.seller)] }));
  const both = "[seller:acme seller:berg]";
  assert.equal((await handler(asking(), context)).body, '{"things":["acme"]}');
  assert.equal((await handler(ofGroups(asking("seller=berg"), both), context)).body, '{"things":["berg"]}');
  const { code, errors } = await problemOf(handler(ofGroups(asking(), both), context));
  assert.equal(code, "BadRequest");
  assert.deepEqual(errors, [{ in: "query", field: "seller", reason: 'is needed: the token is of "acme", "berg"' }]);
  assert.equal((await problemOf(handler(asking("seller=berg"), context))).code, "NotYourSeller");
});

test("a problem of the endpoint is answered as itself and not logged", async () => {
  const handler = answer(listThings, async () => {
    throw problem("Closed", "Cannot list things: the shop is closed");
  });
  const logged = await logOf(async () => {
    const { status, code, title, detail } = await problemOf(handler(asking(), context));
    assert.deepEqual([status, code, title], [409, "Closed", "Closed"]);
    assert.equal(detail, "Cannot list things: the shop is closed");
  });
  assert.deepEqual(logged, []);
});

test("a service that is away is told with the time to wait, and logged with its cause", async () => {
  const cause = Object.assign(new Error("connect ECONNREFUSED"), { code: "ECONNREFUSED" });
  const handler = answer(listThings, async () => {
    throw problem("Unavailable", "Cannot list things: the database is away", { retryAfter: 5, cause });
  });
  const [line] = await logOf(async () => {
    const answered = handler(asking(), context);
    assert.equal((await problemOf(answered)).status, 503);
    assert.equal((await answered).headers?.["retry-after"], "5");
  });
  assert.equal(line?.message, "Cannot answer GET /api/shops/{shop}/things");
  assert.equal(line?.requestId, requestId);
  assert.match(JSON.stringify(line?.error), /"cause":\{"name":"Error".*"message":"connect ECONNREFUSED"/);
});

test("what could not be reached is told as that, without its address", async () => {
  const away = Object.assign(new Error("connect ECONNREFUSED 10.64.0.7:5432"), { code: "ECONNREFUSED" });
  const lines = await logOf(async () => {
    const told = await problemOf(
      answer(listThings, async () => {
        throw away;
      })(asking(), context),
    );
    assert.equal(told.code, "Unavailable");
    assert.doesNotMatch(JSON.stringify(told), /10\.64/);
  });
  assert.match(JSON.stringify(lines), /ECONNREFUSED/);
});

test("of a fault of ours nothing is told but that it happened, and everything is logged", async () => {
  const secret = "password authentication failed for user transactions_api";
  for (const thrown of [
    new Error(secret),
    Object.assign(new Error(secret), { code: "28P01" }),
    Object.assign(new Error(secret), { code: "NotFound" }),
    problem("Unheard", secret),
    problem("constructor", secret),
    { code: "Closed", message: secret },
    secret,
    undefined,
  ]) {
    const handler = answer(listThings, async () => {
      throw thrown;
    });
    const logged = await logOf(async () => {
      const answered = handler(asking(), context);
      const { status, code } = await problemOf(answered);
      assert.deepEqual([status, code], [500, "Internal"]);
      assert.ok(!String((await answered).body).includes("password"));
    });
    assert.equal(logged.length, 1);
    if (thrown instanceof Error) assert.ok(JSON.stringify(logged).includes(secret));
  }
});

test("an event that is no request is answered as a fault of ours", async () => {
  const handler = answer(listThings, none);
  const logged = await logOf(async () => {
    assert.equal((await problemOf(handler({} as Event, context))).code, "Internal");
  });
  assert.equal(logged.length, 1);
});
