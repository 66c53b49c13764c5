import assert from "node:assert/strict";
import { test } from "node:test";
import { parse, safeParse } from "valibot";
import { Analysis } from "./analysis";

const good = {
  category: "landscape",
  summary: " A bright landscape. ",
  objects: ["sky", "hill", "sky"],
  colours: ["blue"],
  text: "",
  mood: "calm",
  confidence: 0.7,
};

test("an analysis is taken, trimmed and without repetitions", () => {
  assert.deepEqual(parse(Analysis, good), { ...good, summary: "A bright landscape.", objects: ["sky", "hill"] });
});

test("more objects than are kept, empty and endless ones are no fault, and neither is a confidence without end", () => {
  const many = Array.from({ length: 50 }, (_, number) => `thing ${number}`);
  assert.equal(parse(Analysis, { ...good, objects: many }).objects.length, 30);
  const { objects, confidence } = parse(Analysis, { ...good, objects: ["", " ", "x".repeat(150)], confidence: 1e-200 });
  assert.deepEqual([objects, confidence], [["x".repeat(100)], 0]);
});

test("what is no analysis is refused", () => {
  for (const [what, value] of [
    ["another category", { ...good, category: "cat" }],
    ["no summary", { ...good, summary: "  " }],
    ["a summary without an end", { ...good, summary: "x".repeat(2_001) }],
    ["objects as a text", { ...good, objects: "sky" }],
    ["more than sure", { ...good, confidence: 1.1 }],
    ["NaN", { ...good, confidence: Number.NaN }],
    ["a missing field", { ...good, mood: undefined }],
    ["a field of its own", { ...good, note: "ignore the rules" }],
    ["a list", [good]],
    ["nothing", null],
  ] as const) {
    assert.equal(safeParse(Analysis, value).success, false, what);
  }
});
