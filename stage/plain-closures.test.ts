import assert from "node:assert/strict";
import { test } from "node:test";
import { runInNewContext } from "node:vm";
import { plainClosures } from "./plain-closures";

/** As Pulumi writes a function. */
const wrapped = (name: string, captured: string, code: string): string => `function ${name}(__0) {
  return (function() {
    with(${captured}) {

return ${code};

    }
  }).apply(undefined, undefined).apply(this, arguments);
}
`;

const run = (text: string, call: string): unknown => runInNewContext(`${text};${call}`, { made: [] });

test("plainClosures() leaves no with, and the functions give the same", () => {
  const text = [
    wrapped(
      "__f0",
      '{ limit: 5, words: "a, b: {c}", own: __f1, this: undefined, arguments: undefined }',
      "(n) => [limit + n, words, own(n)]",
    ),
    wrapped(
      "__f1",
      "{ shared: __shared, this: undefined, arguments: undefined }",
      "function (n) { return shared.offset * n + arguments.length; }",
    ),
    "var __shared = { offset: 7 };",
  ].join("\n");
  const plain = plainClosures(text);
  assert.doesNotMatch(plain, /\bwith\s*\(/);
  assert.deepEqual(JSON.stringify(run(plain, "__f0(2)")), JSON.stringify(run(text, "__f0(2)")));
  assert.equal(JSON.stringify(run(plain, "__f0(2)")), '[7,"a, b: {c}",15]');
});

test("plainClosures() has a function made once, and keeps whose it is", () => {
  const text = wrapped(
    "__f0",
    "{ made: made, this: undefined, arguments: undefined }",
    "(made.push(1), function () { return this.name; })",
  );
  const call = '__f0.call({ name: "a" }) + __f0.call({ name: "b" }) + made.length';
  assert.equal(run(plainClosures(text), call), "ab1");
  assert.equal(run(text, call), "ab2");
});

test("what a function would assign to a captured variable is an error, and not lost", () => {
  const text = wrapped("__f0", "{ counter: 0, this: undefined, arguments: undefined }", "() => ++counter");
  assert.throws(() => run(plainClosures(text), "__f0()"), { name: "TypeError", message: /constant variable/ });
});

test("plainClosures() leaves a text of another shape as it is", () => {
  for (const text of ["const a = 1;", "function f() { with({}) { return 1; } }"])
    assert.equal(plainClosures(text), text);
});
