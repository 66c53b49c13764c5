import assert from "node:assert/strict";
import { test } from "node:test";
import { element, points, words } from "./svg";

test("element() escapes its attributes and leaves its children as they are", () => {
  assert.equal(element("a", { b: '<"&>', c: 1.005, d: undefined }), '<a b="&lt;&quot;&amp;&gt;" c="1"/>');
  assert.equal(element("a", {}, element("b", {}), words("<b/>")), "<a><b/>&lt;b/&gt;</a>");
});

test("points() are pairs of numbers of at most two decimals, and none is -0", () => {
  const of = [
    { x: 1, y: 2.345678 },
    { x: -0.001, y: 1e-9 },
  ];
  assert.equal(points(of), "1,2.35 0,0");
});
