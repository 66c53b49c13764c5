import assert from "node:assert/strict";
import { test } from "node:test";
import { covers, meet } from "./wildcards";

test("patterns meet where a text matches both", () => {
  const yes = [
    ["a", "a"],
    ["*", ""],
    ["*", "*"],
    ["a/*", "*/b"],
    ["*/thumbnails/*", "*.JPG"],
    ["*/thumbnails/*", "orders/*"],
    ["a*c", "ab*"],
    ["*a*", "*b*"],
    ["images/*", "*"],
    ["*.JPG", "*.jpg"],
  ] as const;
  const no = [
    ["a", "b"],
    ["a", ""],
    ["a/*", "b/*"],
    ["*.jpg", "*.png"],
    ["a*b", "a"],
    ["ab*", "ac*d"],
  ] as const;
  for (const [one, other] of yes) assert.ok(meet(one, other) && meet(other, one), `${one} meets ${other}`);
  for (const [one, other] of no) assert.ok(!meet(one, other) && !meet(other, one), `${one} does not meet ${other}`);
});

test("a pattern covers another where everything that matches the other matches it", () => {
  const yes = [
    ["*", "*"],
    ["*/thumbnails/*", "*/thumbnails/*"],
    ["*/thumbnails/*", "u1/*/thumbnails/a*.jpg"],
    ["a*", "a"],
  ] as const;
  const no = [
    ["*/thumbnails/*", "*"],
    ["*/thumbnails/*", "*/thumbnails*"],
    ["*/thumbnails/*", "*/Thumbnails/*"],
    ["a", "a*"],
    ["a.b", "axb"],
  ] as const;
  for (const [outer, inner] of yes) assert.ok(covers(outer, inner), `${outer} covers ${inner}`);
  for (const [outer, inner] of no) assert.ok(!covers(outer, inner), `${outer} does not cover ${inner}`);
});
