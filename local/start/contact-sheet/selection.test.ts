import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { selection } from "./selection";

const of = (categories: string) => [...categories].map((category, index) => ({ category, index }));
const shownOf = (categories: string, most: number) =>
  selection(of(categories), most)
    .shown.map(({ category, index }) => `${category}${index}`)
    .join(" ");

test("selection() sorts by category, and leaves the order within one", () => {
  assert.equal(shownOf("bab", 9), "a1 b0 b2");
  assert.deepEqual(selection(of("bab"), 9).counts, [
    ["a", 1],
    ["b", 2],
  ]);
});

test("selection() of too many takes some of each category", () => {
  assert.equal(shownOf("aaaaabbc", 5), "a0 a1 b5 b6 c7");
  assert.equal(shownOf("aaaaabbc", 2), "a0 b5");
  assert.equal(shownOf("abc", 0), "");
  const { counts, more } = selection(of("aaaaabbc"), 5);
  assert.equal(more, 3);
  assert.deepEqual(counts, [
    ["a", 5],
    ["b", 2],
    ["c", 1],
  ]);
});

test("selection() counts everything and shows as many as there may be", () => {
  fc.assert(
    fc.property(fc.array(fc.constantFrom("a", "b", "c", "d")), fc.integer({ min: 0, max: 12 }), (list, most) => {
      const { shown, counts, more } = selection(of(list.join("")), most);
      assert.equal(shown.length, Math.min(most, list.length));
      assert.equal(shown.length + more, list.length);
      assert.equal(
        counts.reduce((sum, [, count]) => sum + count, 0),
        list.length,
      );
      assert.equal(new Set(shown.map(({ index }) => index)).size, shown.length);
    }),
  );
});
