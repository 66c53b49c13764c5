// badge: a round sign of mountains and a sun; there is nothing round it, not even white.

import { between, pick } from "../../draw";
import type { Random } from "../../xoshiro128";
import { fill } from "../raster/fill";
import { arc, ellipse, type Outline, ribbon, star } from "../raster/outline";
import { type Raster, raster } from "../raster/raster";

const palettes = [
  { ring: 0x173f5fff, sky: 0xf6d55cff, sun: 0xed553bff, far: 0x3caea3ff, near: 0x20639bff },
  { ring: 0x3d1e6dff, sky: 0xffb997ff, sun: 0xf67e7dff, far: 0x843b62ff, near: 0x621940ff },
  { ring: 0x14342bff, sky: 0xbbdfc5ff, sun: 0xff5964ff, far: 0x60935dff, near: 0x2f5233ff },
];

export function badge(random: Random): Raster {
  const picture = raster(840, 840);
  const { ring, sky, sun, far, near } = pick(random, palettes);
  const middle = 420;
  fill(picture, star(middle, middle, 400, 368, 36), ring);
  fill(picture, ellipse(middle, middle, 338), 0xffffffff);
  fill(picture, ellipse(middle, middle, 318), sky);
  fill(picture, ellipse(middle + between(random, -90, 90), middle - 70, 92), sun);

  const peak = between(random, -60, 60);
  fill(
    picture,
    within(middle, 318, (x) => 430 + Math.abs(x - middle - 130 - peak / 2) * 0.72),
    far,
  );
  fill(
    picture,
    within(middle, 318, (x) => 390 + Math.abs(x - middle + 110 - peak) * 0.95),
    near,
  );
  const [topX, topY] = [middle - 110 + peak, 390];
  const snow: Outline = [
    [topX, topY],
    [topX + 62, topY + 59],
    [topX + 28, topY + 46],
    [topX + 4, topY + 76],
    [topX - 24, topY + 48],
    [topX - 62, topY + 59],
  ];
  fill(picture, snow, 0xffffffff);
  for (let wave = 0; wave < 3; wave++) {
    const y = 600 + wave * 46;
    const surface = (x: number) => y + Math.sin((x + wave * 50) / 34) * 10;
    fill(picture, within(middle, 318, surface), wave % 2 === 0 ? 0xffffffff : ring);
  }
  const border = arc(middle, middle, 328, 0, 2 * Math.PI);
  fill(picture, ribbon(border, 22), 0xffffffff);
  for (const side of [-1, 1]) fill(picture, star(middle + side * 353, middle, 15, 6.5, 5), 0xffffffff);
  return picture;
}

/** What of a disc round the middle lies below a line. */
function within(middle: number, radius: number, line: (x: number) => number): Outline {
  const steps = 240;
  const upper = Array.from({ length: steps + 1 }, (_, step) => {
    const x = middle - radius + (step / steps) * 2 * radius;
    const half = Math.sqrt(Math.max(0, radius * radius - (x - middle) ** 2));
    return [x, Math.min(middle + half, Math.max(middle - half, line(x)))] as const;
  });
  return [...upper, ...arc(middle, middle, radius, 0, Math.PI)];
}
