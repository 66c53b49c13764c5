import assert from "node:assert/strict";
import { test } from "node:test";
import { is } from "valibot";
import { FileName } from "./file-name";

test("FileName takes what people call their files", () => {
  for (const good of [
    "feed",
    "sales.csv",
    "Umsätze März (2).csv",
    "_a-b.json.gz",
    "売上.csv",
    "1",
    "a.b.c",
    "a".repeat(120),
  ])
    assert.ok(is(FileName, good), good);
});

test("FileName refuses what leads elsewhere in a key, a shell or a form", () => {
  for (const bad of [
    "",
    ".",
    "..",
    "../a.csv",
    "a..b",
    "a/b.csv",
    "a\\b.csv",
    "/etc/passwd",
    ".hidden",
    "-rf",
    " a",
    "a\0.csv",
    "a\n.csv",
    "a\u202egnp.csv",
    "a;b",
    "a'b",
    'a"b',
    "$(id)",
    "a`id`",
    "a%2fb",
    "\u0024{filename}",
    "a?b",
    "a#b",
    "a+b",
    "a".repeat(121),
  ])
    assert.ok(!is(FileName, bad), bad);
});
