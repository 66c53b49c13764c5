import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { fill } from "./fill";
import { blob, ellipse, type Outline, type Point, rectangle, ribbon, roundedRectangle, sector, star } from "./outline";
import { colourAt, raster } from "./raster";

/** How much of each pixel is covered, from 0 to 1. */
function coverage(outline: Outline, width = 40, height = 40): number[] {
  const picture = raster(width, height);
  fill(picture, outline, 0xffffffff);
  return Array.from({ length: width * height }, (_, at) => (picture.data[at * 4 + 3] ?? 0) / 255);
}

const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);

test("fill() covers as much as the outline's area", () => {
  for (const [name, outline, area] of [
    ["rectangle", rectangle(3, 4, 10, 7), 70],
    ["rectangle between pixels", rectangle(3.3, 4.25, 10.5, 7.1), 10.5 * 7.1],
    ["a thin one", rectangle(3.4, 2, 0.3, 20), 6],
    [
      "triangle",
      [
        [2, 2],
        [32, 8],
        [9, 35],
      ] as const,
      474,
    ],
    ["circle", ellipse(20, 20, 12), Math.PI * 144],
    ["turned ellipse", ellipse(20, 20, 14, 6, 0.7), Math.PI * 84],
    ["quarter of a circle", sector(5, 5, 20, 0, Math.PI / 2), Math.PI * 100],
    ["rounded rectangle", roundedRectangle(4, 4, 30, 20, 6), 600 - (4 - Math.PI) * 36],
    ["star", star(20, 20, 15, 6, 5), 5 * 15 * 6 * Math.sin(Math.PI / 5)],
    [
      "ribbon",
      ribbon(
        [
          [5, 5],
          [35, 30],
        ],
        4,
      ),
      4 * Math.hypot(30, 25),
    ],
  ] as const) {
    const covered = sum(coverage(outline));
    assert.ok(Math.abs(covered - area) < 0.012 * area + 0.3, `${name}: ${covered}, not ${area}`);
  }
});

test("fill() covers a pixel by the share of it that lies within", () => {
  const covered = coverage(rectangle(1.5, 1.75, 1, 1), 4, 4);
  const expected = [0, 0, 0, 0, 0, 0.125, 0.125, 0, 0, 0.375, 0.375, 0, 0, 0, 0, 0];
  for (const [at, share] of expected.entries()) assert.ok(Math.abs((covered[at] ?? 0) - share) < 0.003, `pixel ${at}`);
});

test("fill() leaves out what is outside of the raster", () => {
  assert.deepEqual(coverage(rectangle(-5, -5, 50, 50), 4, 4), Array(16).fill(1));
  assert.equal(sum(coverage(rectangle(-5, -5, 7, 7), 4, 4)), 4);
  for (const away of [rectangle(9, 0, 2, 2), rectangle(-9, 0, 2, 2), rectangle(0, 9, 2, 2), rectangle(0, -9, 2, 2), []])
    assert.equal(sum(coverage(away, 4, 4)), 0);
});

test("fill() never draws beyond an outline's bounds", () => {
  const place = fc.double({ min: -10, max: 50, noNaN: true });
  fc.assert(
    fc.property(fc.array(fc.tuple(place, place), { minLength: 3, maxLength: 8 }), (points: Point[]) => {
      const [xs, ys] = [points.map(([x]) => x), points.map(([, y]) => y)];
      for (const [at, covered] of coverage(points).entries()) {
        const [x, y] = [at % 40, Math.floor(at / 40)];
        const within = x > Math.min(...xs) - 1 && x < Math.max(...xs) && y > Math.min(...ys) - 1 && y < Math.max(...ys);
        assert.ok(covered === 0 || within, `${x}, ${y} is ${covered}`);
      }
    }),
  );
});

test("fill() lays a colour with alpha over what is there", () => {
  const picture = raster(2, 1, 0x000000ff);
  fill(picture, rectangle(0, 0, 1, 1), 0xff000080);
  assert.equal(colourAt(picture, 0, 0), 0x800000ff);
  assert.equal(colourAt(picture, 1, 0), 0x000000ff);
  const empty = raster(1, 1);
  fill(empty, rectangle(0, 0, 1, 0.5), (x, y) => 0x20406000 + 0xff + x + y);
  assert.equal(colourAt(empty, 0, 0), 0x20406080);
});

test("blob() goes through its points", () => {
  const points: Point[] = [
    [10, 5],
    [30, 8],
    [33, 30],
    [6, 28],
  ];
  const line = blob(points);
  for (const [x, y] of points) assert.ok(line.some(([u, v]) => Math.hypot(u - x, v - y) < 1e-9));
});
