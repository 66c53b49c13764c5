import assert from "node:assert/strict";
import { test } from "node:test";
import { attemptOf } from "./attempt";

const reasonOf = (cannot: string): string => {
  try {
    attemptOf({ answer: { cannot }, text: "", model: "offline" });
    return "";
  } catch (error) {
    return (error as Error).message;
  }
};

test("the reason of a model that cannot is told whole up to 2,000 characters", () => {
  const reason = "word ".repeat(400).trim();
  assert.equal(reasonOf(reason), `Cannot answer the question: ${reason}`);
});

test("a longer reason is cut behind a word, and within one where there is no other", () => {
  const told = reasonOf("wörter ".repeat(1_000));
  assert.match(told, /^Cannot answer the question: (wörter )+\.\.\.$/);
  assert.ok(told.length > 1_990 && told.length < 2_040, String(told.length));
  assert.equal(reasonOf("😀".repeat(2_001)), `Cannot answer the question: ${"😀".repeat(2_000)} ...`);
});
