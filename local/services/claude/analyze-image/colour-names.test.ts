// What people call colours, by those that CSS has names for (https://www.w3.org/TR/css-color-4/#named-colors).

import assert from "node:assert/strict";
import { test } from "node:test";
import { coloursOf, shareOf } from "./colours";
import { bitmapOf } from "./drawn-pictures";
import { reduced } from "./picture";

const named = {
  black: ["#000000", "#101014", "#1a1a1a"],
  grey: ["#808080", "#d3d3d3", "#696969", "#708090"],
  white: ["#ffffff", "#fffafa", "#f8f8ff"],
  red: ["#ff0000", "#dc143c", "#8b0000", "#b22222"],
  pink: ["#ffc0cb", "#ff69b4", "#ffb6c1"],
  orange: ["#ffa500", "#ff8c00", "#ff7f50"],
  brown: ["#8b4513", "#a0522d", "#5c4033", "#654321"],
  beige: ["#f5deb3", "#d2b48c", "#ffe4c4"],
  yellow: ["#ffff00", "#ffd700", "#f0e020"],
  green: ["#008000", "#00ff00", "#228b22", "#2e8b57", "#9acd32"],
  turquoise: ["#40e0d0", "#008080", "#00ffff"],
  blue: ["#0000ff", "#000080", "#87ceeb", "#4169e1", "#add8e6"],
  purple: ["#800080", "#663399", "#9932cc", "#4b0082"],
} as const;

const channels = (hex: string) =>
  [1, 3, 5].map((at) => Number.parseInt(hex.slice(at, at + 2), 16)) as [number, number, number];

test("a colour is called what people call it", () => {
  for (const [name, values] of Object.entries(named)) {
    for (const hex of values) {
      const { shares } = coloursOf(reduced(bitmapOf(() => channels(hex), 2, 2)));
      assert.deepEqual(shares, [[name, 1]], hex);
    }
  }
});

test("colours have their shares, the largest first, and what is transparent is white", () => {
  const flag = bitmapOf((x) => (x < 0.6 ? [0, 0, 255] : [255, 215, 0]), 100, 50);
  flag.data.fill(0, 0, 100 * 4 * 25);
  const colours = coloursOf(reduced(flag));
  assert.deepEqual(
    colours.shares.map(([name, share]) => [name, Math.round(share * 100)]),
    [
      ["white", 50],
      ["blue", 30],
      ["yellow", 20],
    ],
  );
  assert.ok(Math.abs(shareOf(colours, "blue", "yellow") - 0.5) < 0.01);
  assert.equal(colours.tones, 3);
});
