import assert from "node:assert/strict";
import { test } from "node:test";
import { card, columnsFor, fitted, layout, margin, sheetWidth } from "./layout";

test("layout() keeps cards apart from each other, the heading and the margins", () => {
  for (const cards of [1, 2, 3, 4, 10, 16, 50, 64, 100]) {
    const [{ height, boxes }, width] = [layout(cards, 120), sheetWidth(cards)];
    assert.equal(boxes.length, cards);
    for (const [index, { x, y, width: wide, height: high }] of boxes.entries()) {
      assert.deepEqual([wide, high], [card.width, card.height]);
      assert.ok(x >= margin && x + wide <= width - margin && y >= margin + 120 && y + high <= height - margin);
      for (const other of boxes.slice(0, index))
        assert.ok(Math.abs(other.x - x) > wide || Math.abs(other.y - y) > high, `${index} lies on another`);
    }
  }
});

test("layout() of no cards has room for the heading", () => {
  assert.deepEqual(layout(0, 100), { height: 100 + 2 * margin, boxes: [] });
});

test("columnsFor() is about as many as there are rows", () => {
  assert.deepEqual([0, 1, 9, 10, 16, 17, 64, 500].map(columnsFor), [3, 3, 3, 4, 4, 5, 8, 8]);
});

test("fitted() keeps proportions within the box, in its middle", () => {
  const box = { x: 10, y: 20, width: 240, height: 180 };
  for (const [width, height, expected] of [
    [800, 600, { x: 10, y: 20, width: 240, height: 180 }],
    [600, 800, { x: 62, y: 20, width: 135, height: 180 }],
    [800, 400, { x: 10, y: 50, width: 240, height: 120 }],
    [1, 1, { x: 40, y: 20, width: 180, height: 180 }],
    [800, 1, { x: 10, y: 109, width: 240, height: 1 }],
    [1, 800, { x: 129, y: 20, width: 1, height: 180 }],
  ] as const)
    assert.deepEqual(fitted({ width, height }, box), expected, `${width} x ${height}`);
});
