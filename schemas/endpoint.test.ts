import assert from "node:assert/strict";
import { test } from "node:test";
import { object, optional, parse, pipe, string, transform } from "valibot";
import { type AnswerOf, type BodyOf, endpoint, type PathOf, type QueryOf } from "./endpoint";

const showThing = endpoint({
  route: "GET /api/things/{id}",
  summary: "Show a thing",
  pipeline: "things",
  path: object({ id: string() }),
  query: object({ limit: optional(pipe(string(), transform(Number)), "100") }),
  answer: { status: 200, description: "It", schema: object({ name: string() }) },
  problems: { Broken: { status: 409, when: "the thing is broken" } },
});

const putThing = endpoint({
  ...showThing,
  body: { mediaTypes: ["text/csv"], maxBytes: 10 },
});

// A wrong type here stops `npm run types`.
const path: PathOf<typeof showThing> = { id: "a" };
const query: QueryOf<typeof showThing> = { limit: 100 };
const none: BodyOf<typeof showThing> = undefined;
const bytes: BodyOf<typeof putThing> = Uint8Array.of(1);
const answer: AnswerOf<typeof showThing> = { name: "a" };

test("an endpoint keeps what it was given, and its types are what handlers read and answer", () => {
  assert.equal(showThing.route, "GET /api/things/{id}");
  assert.deepEqual(parse(showThing.path, path), path);
  assert.deepEqual(parse(showThing.query, {}), query);
  assert.deepEqual(parse(showThing.answer.schema, answer), answer);
  assert.deepEqual([none, bytes.length, putThing.body.maxBytes], [undefined, 1, 10]);
});
