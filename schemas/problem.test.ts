import assert from "node:assert/strict";
import { test } from "node:test";
import { is } from "valibot";
import { commonProblems, Problem } from "./problem";

const problem = {
  type: "/openapi.json#/x-problems/NotFound",
  title: "Not found",
  status: 404,
  detail: 'Cannot show error "e": there is none',
  code: "NotFound",
  requestId: "11111111-2222-4333-8444-555555555555",
};

test("a problem has what RFC 9457 names, and its code, request and faults", () => {
  assert.ok(is(Problem, problem));
  assert.ok(is(Problem, { ...problem, errors: [{ in: "query", field: "from", reason: "is missing" }] }));
  for (const bad of [{ status: "404" }, { status: 404.5 }, { code: undefined }, { errors: [{ in: "query" }] }]) {
    assert.ok(!is(Problem, { ...problem, ...bad }), JSON.stringify(bad));
  }
});

test("every common problem is one of its caller or of ours, with a clause that says when", () => {
  for (const [code, { status, when }] of Object.entries(commonProblems)) {
    assert.match(code, /^([A-Z][a-z]+)+$/);
    assert.ok((status >= 400 && status <= 415) || status === 500 || status === 503, code);
    assert.match(when, /^[a-z].*[^.]$/, code);
  }
});
