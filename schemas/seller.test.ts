import assert from "node:assert/strict";
import { test } from "node:test";
import { is } from "valibot";
import { groupOf, Seller, sellersOf } from "./seller";

test("a seller is named by what is safe in a key, a list and a shell", () => {
  for (const good of ["a", "acme", "acme-2", "7", "a".repeat(63)]) assert.ok(is(Seller, good), good);
  for (const bad of ["", "-a", "a-", "Acme", "a b", "a,b", "a/b", "a_b", "ä", "a\n", "a'b", "a".repeat(64)]) {
    assert.ok(!is(Seller, bad), bad);
  }
});

test("sellersOf() finds the sellers in the claim of every shape, and no other groups", () => {
  for (const [claim, sellers] of [
    ["[seller:acme seller:berg]", ["acme", "berg"]],
    ["[seller:acme]", ["acme"]],
    ["seller:acme", ["acme"]],
    // One group, whose name has a comma in it.
    ["[seller:acme,seller:berg]", []],
    ["[admins seller:acme buyer:berg]", ["acme"]],
    ["[myseller:acme]", []],
    ["[]", []],
    ["", []],
    [undefined, []],
  ] as const) {
    assert.deepEqual(sellersOf(claim), sellers, claim);
  }
});

test("sellersOf() takes no group for a seller whose name is none", () => {
  assert.deepEqual(sellersOf("[seller: seller:ACME seller:a'b seller:a_b seller:berg]"), ["berg"]);
});

test("a seller is found again in the group that it is", () => {
  assert.deepEqual(sellersOf(`[${groupOf("acme")}]`), ["acme"]);
});
