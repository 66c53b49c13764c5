// The document of the HTTP API: of a few endpoints made for it, and of those that there are.

import assert from "node:assert/strict";
import { test } from "node:test";
import {
  array,
  check,
  date,
  description,
  integer,
  isoDate,
  maxValue,
  metadata,
  number,
  object,
  optional,
  picklist,
  pipe,
  regex,
  strictObject,
  string,
  transform,
} from "valibot";
import { type Endpoint, endpoint } from "../../schemas/endpoint";
import { endpoints } from "../../schemas/endpoints";
import { dimensions } from "../../schemas/endpoints/summarize-transactions";
import { feedColumns } from "../../schemas/feed";
import { feedTypes } from "../../schemas/feed-types";
import { commonProblems } from "../../schemas/problem";
import { read } from "../transactions/feed/feed-samples";
import { documentOf } from "./openapi/document";

const showThing = endpoint({
  route: "GET /api/things/{id}",
  summary: "Show a thing",
  pipeline: "things",
  path: object({ id: pipe(string(), description("Of the thing")) }),
  query: pipe(
    strictObject({
      day: pipe(string(), isoDate("must be a day")),
      sort: optional(picklist(["day", "name"]), "day"),
      name: optional(pipe(string(), regex(/^\P{Cc}+$/u, "must have no control characters"))),
      code: optional(pipe(string(), regex(/^[a-z]{1,9}$/u, "must be letters"))),
      groups: pipe(optional(pipe(string(), metadata({ type: "array", items: { type: "string" } })), "")),
      limit: optional(
        pipe(string(), metadata({ type: "integer", maximum: 500 }), regex(/^\d+$/), transform(Number), maxValue(500)),
        "100",
      ),
    }),
    check(({ day }) => day < "2030-01-01", "is late"),
  ),
  headers: object({ "if-thing": optional(pipe(string(), description("Only then"))) }),
  answer: { status: 200, description: "The thing", schema: object({ sizes: array(pipe(number(), integer())) }) },
  problems: { Broken: { status: 409, when: "the thing is broken" } },
});

const putThing = endpoint({
  route: "POST /api/things",
  summary: "Put a thing",
  description: "Somewhere.",
  pipeline: "things",
  body: {
    mediaTypes: ["text/csv", "application/json", "application/gzip"],
    maxBytes: 1_000,
    contents: {
      "text/csv": { schema: { type: "string", description: "Lines" }, example: "a\n" },
      "application/json": { schema: { type: "array" }, example: [] },
    },
  },
  answer: { status: 202, description: "Put", schema: object({ id: string() }) },
  problems: {},
});

const askThing = endpoint({
  ...putThing,
  route: "DELETE /api/things",
  body: { schema: object({ question: string(), limit: optional(number(), 5) }) },
});

const things = documentOf({ "show-thing": showThing, "put-thing": putThing, "ask-thing": askThing });
const operationOf = (path: string, method: string) => things.paths[path]?.[method] as Operation;

interface Operation {
  readonly operationId: string;
  readonly description?: string;
  readonly parameters: readonly { name: string; in: string; required: boolean; description?: string; schema: object }[];
  readonly requestBody?: {
    readonly content: Readonly<Record<string, { schema: { type: string }; example?: unknown }>>;
  };
  readonly responses: Readonly<Record<string, { description: string; content: Record<string, { schema: unknown }> }>>;
}

test("a parameter is described as it must be sent, and not as it is read", () => {
  assert.deepEqual(operationOf("/api/things/{id}", "get").parameters, [
    { name: "id", in: "path", required: true, description: "Of the thing", schema: { type: "string" } },
    { name: "day", in: "query", required: true, schema: { type: "string", format: "date" } },
    { name: "sort", in: "query", required: false, schema: { type: "string", enum: ["day", "name"], default: "day" } },
    {
      name: "name",
      in: "query",
      required: false,
      schema: { type: "string" },
      description: "It must have no control characters.",
    },
    { name: "code", in: "query", required: false, schema: { type: "string", pattern: "^[a-z]{1,9}$" } },
    {
      name: "groups",
      in: "query",
      required: false,
      style: "form",
      explode: false,
      schema: { type: "array", items: { type: "string" }, default: [] },
    },
    { name: "limit", in: "query", required: false, schema: { type: "integer", maximum: 500, default: 100 } },
    { name: "If-Thing", in: "header", required: false, description: "Only then", schema: { type: "string" } },
  ]);
});

test("a pattern that other languages cannot read needs words", () => {
  for (const pattern of [/^\p{L}$/u, /^(?!a)/, /(?<=a)b/, /(?<a>b)/, /(a)\1/, /^a{1,1001}$/]) {
    const query = object({ name: pipe(string(), regex(pattern)) });
    assert.throws(() => documentOf({ a: { ...putThing, query } }), /other languages cannot read .*: give it a message/);
  }
});

test("a body of bytes has its media types, what each holds and its size, one of JSON its schema, and a GET none", () => {
  assert.deepEqual(operationOf("/api/things", "post").requestBody, {
    required: true,
    description: "At most 1,000 bytes.",
    content: {
      "text/csv": { schema: { type: "string", description: "Lines", maxLength: 1_000 }, example: "a\n" },
      "application/json": { schema: { type: "array" }, example: [] },
      "application/gzip": {
        schema: { type: "string", format: "binary", contentMediaType: "application/gzip", maxLength: 1_000 },
      },
    },
  });
  assert.deepEqual(operationOf("/api/things", "delete").requestBody, {
    required: true,
    content: {
      "application/json": {
        schema: {
          type: "object",
          properties: { question: { type: "string" }, limit: { type: "number", default: 5 } },
          required: ["question"],
        },
      },
    },
  });
  assert.equal(operationOf("/api/things/{id}", "get").requestBody, undefined);
});

test("an answer is described, and every problem under its status with its codes", () => {
  const { responses } = operationOf("/api/things/{id}", "get");
  assert.deepEqual(responses["200"], {
    description: "The thing",
    content: {
      "application/json": {
        schema: {
          type: "object",
          properties: { sizes: { type: "array", items: { type: "integer" } } },
          required: ["sizes"],
        },
      },
    },
  });
  assert.deepEqual(Object.keys(responses), ["200", "400", "401", "403", "404", "409", "429", "500", "503"]);
  assert.deepEqual(responses["409"], {
    description: "`Broken`: the thing is broken.",
    content: {
      "application/problem+json": {
        schema: {
          $ref: "#/components/schemas/Problem",
          properties: { status: { const: 409 }, code: { enum: ["Broken"] } },
        },
      },
    },
  });
  assert.match(responses["403"]?.description ?? "", /`NoSeller`.*\n`NotYourSeller`.*\nOf API Gateway: /);
});

test("an endpoint of users asks for no seller", () => {
  const own = documentOf({ "show-thing": { ...showThing, for: "user" } });
  const { get } = own.paths["/api/things/{id}"] ?? {};
  const { responses } = get as Operation;
  assert.doesNotMatch(responses["403"]?.description ?? "", /Seller/);
  assert.deepEqual(Object.keys(responses["403"]?.content ?? {}), ["application/json"]);
});

test("only what has a body can be too large or of a wrong media type", () => {
  const { responses } = operationOf("/api/things", "post");
  assert.ok(responses["413"] && responses["415"]);
});

test("a code has one entry in x-problems, with its status and when it is answered", () => {
  assert.deepEqual(things["x-problems"], { ...commonProblems, Broken: { status: 409, when: "the thing is broken" } });
  const again = documentOf({
    a: showThing,
    b: { ...putThing, problems: { Broken: { status: 409, when: "its lid is off" } } },
  });
  assert.equal(again["x-problems"].Broken?.when, "the thing is broken; or its lid is off");
});

test("what cannot be described stops the program by the endpoint's name", () => {
  const answering = (schema: Endpoint["answer"]["schema"]) => ({ ...putThing, answer: { ...putThing.answer, schema } });
  for (const [bad, says] of [
    [answering(object({ at: date() })), /"date" schema cannot be converted/],
    [answering(pipe(string(), transform(Number))), /"transform" action cannot be converted/],
    [{ ...putThing, query: string() }, /its query is no object/],
    [{ ...putThing, headers: string() }, /its header is no object/],
    [{ ...putThing, path: object({ id: string() }) }, /its route has no parameters, its path id/],
    [{ ...showThing, path: object({ name: string() }) }, /its route has id, its path name/],
  ] as const) {
    assert.throws(
      () => documentOf({ "bad-thing": bad }),
      (error: Error) => error.message.startsWith('Cannot describe endpoint "bad-thing": ') && says.test(error.message),
    );
  }
  assert.throws(
    () => documentOf({ a: putThing, b: putThing }),
    /"b": "POST \/api\/things" is another endpoint's route/,
  );
});

test("a code of two statuses stops the program", () => {
  const other = { ...putThing, problems: { Broken: { status: 410, when: "gone" } } };
  const both = () => documentOf({ a: showThing, b: other });
  assert.throws(both, /Cannot describe problem "Broken": it is 409 elsewhere and 410 in endpoint "b"/);
});

// Of the endpoints that there are: what OpenAPI 3.1.1 asks for and what is easily wrong.

const document = documentOf(endpoints);
const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
  Object.entries(methods).map(([method, operation]) => ({ path, method, ...(operation as Operation) })),
);

test("every endpoint is one operation, under its own name", () => {
  assert.deepEqual(
    Object.fromEntries(operations.map((it) => [it.operationId, `${it.method.toUpperCase()} ${it.path}`])),
    Object.fromEntries(Object.entries(endpoints).map(([name, { route }]) => [name, route])),
  );
});

test("every path parameter is declared, and no parameter twice", () => {
  for (const { path, operationId, parameters } of operations) {
    const inPath = parameters.filter((it) => it.in === "path");
    assert.deepEqual(
      inPath.map(({ name }) => `{${name}}`),
      path.match(/\{[^}]*\}/g) ?? [],
      operationId,
    );
    assert.ok(inPath.every(({ required }) => required));
    const names = parameters.map((it) => `${it.in} ${it.name}`);
    assert.deepEqual(names, [...new Set(names)], operationId);
  }
});

test("paths that differ in the names of their parameters only are the same path", () => {
  const paths = Object.keys(document.paths).map((path) => path.replaceAll(/\{[^}]*\}/g, "{}"));
  assert.deepEqual(paths, [...new Set(paths)]);
});

test("every reference leads somewhere", () => {
  const references = values(document, "$ref");
  assert.ok(references.length > 0);
  for (const reference of references) {
    const keys = String(reference).replace("#/", "").split("/");
    const found = keys.reduce<unknown>((value, key) => (value as Record<string, unknown> | undefined)?.[key], document);
    assert.notEqual(found, undefined, String(reference));
  }
});

test("every pattern is read alike by JavaScript without a flag, by Python and by RE2", () => {
  const patterns = values(document, "pattern").map(String);
  assert.ok(patterns.length > 0);
  for (const pattern of patterns) {
    for (const flag of ["", "u"]) assert.doesNotThrow(() => new RegExp(pattern, flag), pattern);
    assert.doesNotMatch(pattern, /\\p/i, `${pattern} has a property of Unicode`);
    assert.doesNotMatch(pattern, /\(\?(?!:)/, `${pattern} looks around, or names a group`);
    assert.doesNotMatch(pattern, /\\[1-9k]/, `${pattern} refers to a group`);
    assert.doesNotMatch(pattern, /\\u\{|[^\x20-\x7e]/, `${pattern} has characters that need the flag`);
    for (const [, most] of pattern.matchAll(/\{(?:\d+,)?(\d+)\}/g)) assert.ok(Number(most) <= 1_000, pattern);
  }
});

test("every type and format is one that readers know", () => {
  const formats = values(document, "format").filter((it) => typeof it === "string");
  assert.deepEqual([...new Set(formats)].sort(), ["binary", "date", "date-time", "uri"]);
  const types = ["array", "boolean", "integer", "null", "number", "object", "string", "http"];
  for (const type of values(document, "type").filter((it) => typeof it === "string")) {
    assert.ok(types.includes(type), type);
  }
});

test("every endpoint has a summary, a status for its problems and no code with two", () => {
  for (const [name, { summary, problems }] of Object.entries(endpoints)) {
    assert.match(summary, /^[A-Z].*[^.]$/, name);
    for (const [code, { status, when }] of Object.entries(problems)) {
      assert.match(code, /^([A-Z][a-z0-9]+)+$/, name);
      assert.ok(status >= 400 && status < 600 && when !== "", `${name} ${code}`);
    }
  }
});

test("every tag, parameter and number of an answer says what it is", () => {
  for (const { name, description } of document.tags) assert.ok(description, `tags.ts says what "${name}" is for`);
  for (const { operationId, parameters } of operations) {
    for (const { name, description } of parameters) assert.ok(description, `${operationId} describes "${name}"`);
  }
  for (const key of ["amount", "revenue", "quantity", "cursor", "inventoryLevel", "truncated"]) {
    const described = schemasOf(document, key);
    assert.ok(described.length > 0 && described.every(({ description }) => description), key);
  }
});

test("a list with commas is one, and a number is no text", () => {
  const others = operations.filter(({ operationId }) => !operationId.endsWith("-items"));
  const query = Object.fromEntries(others.flatMap(({ parameters }) => parameters.map((it) => [it.name, it])));
  assert.deepEqual(query.limit?.schema, { type: "integer", minimum: 1, maximum: 500, default: 100 });
  assert.deepEqual(query.group_by, {
    ...query.group_by,
    style: "form",
    explode: false,
    schema: { type: "array", items: { type: "string", enum: dimensions }, maxItems: 3, uniqueItems: true, default: [] },
  });
  assert.deepEqual(
    [query["Content-Encoding"]?.in, query["Idempotency-Key"]?.schema],
    ["header", { type: "string", minLength: 1, maxLength: 100 }],
  );
});

test("a feed's media types name all of its columns, and their examples are feeds that are taken", async () => {
  for (const path of ["/api/transactions/upload", "/api/errors/{id}/reprocess"]) {
    const upload = operations.find((it) => it.path === path && it.method === "post");
    const content = upload?.requestBody?.content ?? {};
    assert.deepEqual(Object.keys(content), [...feedTypes]);
    for (const [type, { schema, example }] of Object.entries(content)) {
      assert.equal(schema.type, type === "application/json" ? "array" : "string", type);
      if (type === "application/gzip") continue;
      for (const column of Object.keys(feedColumns))
        assert.ok(JSON.stringify(schema).includes(column), `${type} ${column}`);
      const feed = typeof example === "string" ? example : JSON.stringify(example);
      const { accepted, rejected } = await read(feed);
      assert.deepEqual([accepted.length, rejected], [1, []], type);
    }
  }
});

test("the document says its licence, where it is served and how to get a token, which it takes one to read", () => {
  assert.equal(document.info.license.identifier, "MIT");
  assert.ok(document.servers.every(({ description }) => description.includes("apiUrl")));
  assert.match(
    document.components.securitySchemes.accessToken.description,
    /initiate-auth --auth-flow USER_PASSWORD_AUTH/,
  );
  assert.match(operations.find(({ path }) => path === "/openapi.json")?.description ?? "", /takes a token/);
});

test("the document fits into an answer of Lambda", () => {
  assert.ok(JSON.stringify(document).length < 1_000_000);
});

/** Every schema of a property `key`, anywhere below `value`. */
function schemasOf(value: unknown, key: string): { readonly description?: string }[] {
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([name, each]) => [
    ...(name === "properties" && key in each ? [each[key]] : []),
    ...schemasOf(each, key),
  ]);
}

/** Every value under `key`, anywhere below `value`. */
function values(value: unknown, key: string): unknown[] {
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([name, each]) => [
    ...(name === key && typeof each !== "object" ? [each] : []),
    ...values(each, key),
  ]);
}
