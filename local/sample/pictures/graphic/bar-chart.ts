// bar-chart: two rows of numbers side by side, in few flat colours.

import { integer, pick } from "../../draw";
import type { Random } from "../../xoshiro128";
import { fill } from "../raster/fill";
import { rectangle, roundedRectangle } from "../raster/outline";
import { raster } from "../raster/raster";
import { typeface } from "../raster/typeface";

const palettes = [
  [0x2a6fdbff, 0xf2a541ff],
  [0x1b998bff, 0xe84855ff],
  [0x6a4c93ff, 0x8ac926ff],
] as const;

export async function barChart(random: Random) {
  const picture = raster(1_000, 700, 0xffffffff);
  const [heading, label] = [await typeface(36), await typeface(20)];
  const colours = pick(random, palettes);
  heading.write(picture, "Visitors per month", 80, 84, 0x222831ff, "bold");
  for (const [index, name] of ["2025", "2026"].entries()) {
    const x = 720 + index * 110;
    fill(picture, roundedRectangle(x, 62, 24, 24, 5), colours[index] ?? 0);
    label.write(picture, name, x + 34, 81, 0x4b5563ff);
  }

  const [left, right, top, floor] = [130, 940, 140, 600];
  for (let line = 0; line <= 5; line++) {
    const y = floor - (line / 5) * (floor - top);
    fill(picture, rectangle(left, y - 1, right - left, 2), line === 0 ? 0x6b7280ff : 0xe5e7ebff);
    const value = String(line * 20);
    label.write(picture, value, left - 16 - label.widthOf(value), y + 7, 0x6b7280ff);
  }
  const months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul"];
  const wide = (right - left) / months.length;
  for (const [index, month] of months.entries()) {
    const x = left + index * wide;
    for (const [row, colour] of colours.entries()) {
      const high = (integer(random, 18 + index * 4, 50 + index * 7 + row * 6) / 100) * (floor - top);
      fill(picture, rectangle(x + wide * (0.16 + 0.35 * row), floor - high, wide * 0.32, high), colour);
    }
    label.write(picture, month, x + (wide - label.widthOf(month)) / 2, floor + 34, 0x4b5563ff);
  }
  return picture;
}
