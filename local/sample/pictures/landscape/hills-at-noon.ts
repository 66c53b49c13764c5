// hills-at-noon: green hills under a blue sky, a lane, some trees.

import { between, integer } from "../../draw";
import type { Random } from "../../xoshiro128";
import { lighter, mix, veiled } from "../raster/colour";
import { fill } from "../raster/fill";
import { downwards } from "../raster/gradient";
import { addGrain } from "../raster/noise";
import { curve, ellipse, type Point, ribbon } from "../raster/outline";
import { raster } from "../raster/raster";
import { ridge, under } from "../raster/ridge";
import { paintClouds, paintSky, paintSun } from "./sky";
import { paintTree } from "./trees";

export function hillsAtNoon(random: Random) {
  const picture = raster(960, 640);
  const { width, height } = picture;
  const horizon = height * 0.52;
  paintSky(picture, height * 0.62, [0, 0x2a78d0ff], [0.6, 0x7dbdf0ff], [1, 0xd3ecfaff]);
  const sunX = between(random, 0.12, 0.3) * width;
  paintSun(picture, { x: sunX, y: height * 0.14, radius: 30, disc: 0xfffbe6ff, glow: 0xffffffff, reach: 260 });
  paintClouds(picture, random, {
    top: 10,
    bottom: horizon,
    size: [130, 72],
    cover: between(random, 0.4, 0.55),
    light: 0xffffffff,
    shade: 0xc3d3e4ff,
  });

  const [haze, meadow] = [0x9dc3dcff, mix(0x5f9e34ff, 0x86a93aff, random())];
  const layers = [0, 1, 2, 3].map((layer) => {
    const top = horizon - 40 + layer * 50;
    const line = ridge(random, { width, top, bottom: top + 46 + 14 * layer, roughness: 0.3 });
    const green = mix(haze, meadow, [0.15, 0.5, 0.8, 1][layer] ?? 1);
    const light = downwards(top, top + 170, [0, lighter(green, 0.2)], [1, mix(green, 0x2f5d26ff, 0.1 + layer * 0.13)]);
    return { line, light };
  });

  for (const [layer, { line, light }] of layers.entries()) {
    fill(picture, under(line, width, height), light);
    if (layer < 3)
      for (let tree = 0; tree < 9; tree++) {
        const x = between(random, 0.02, 0.98) * width;
        const leaves = [mix(haze, 0x2f6b2cff, [0.45, 0.7, 0.9][layer] ?? 1)];
        paintTree(picture, random, {
          x,
          y: line(x) + 8 + layer * 6,
          height: between(random, 20, 28) + layer * 13,
          leaves,
        });
      }
  }

  const front = layers[3]?.line ?? (() => height);
  const laneAt = between(random, 0.5, 0.6) * width;
  const lane: Point[] = [
    [laneAt - 330, height + 90],
    [laneAt - 80, height - 50],
    [laneAt + 70, height * 0.86],
    [laneAt + 20, height * 0.8],
    [laneAt + 46, front(laneAt + 46) + 4],
  ];
  fill(
    picture,
    ribbon(curve(lane), (along) => 120 * (1 - along) ** 1.6 + 5),
    0xe2cfa0ff,
  );
  fill(
    picture,
    ribbon(curve(lane), (along) => (120 * (1 - along) ** 1.6 + 5) * 0.35),
    0xb9b46cff,
  );

  for (let flower = 0; flower < 420; flower++) {
    const near = random() ** 0.7;
    const [x, y] = [random() * width, height * (0.86 + 0.14 * near)];
    if (Math.abs(x - laneAt + (y - height * 0.86) * 2.2 - 30) < 40 + near * 60) continue;
    const colour = [0xffffffff, 0xfde35bff, 0xf2f7d8ff, 0xe2584fff][integer(random, 0, 3)] ?? 0xffffffff;
    fill(picture, ellipse(x, y, 1.2 + 2.2 * near, 0.9 + 1.7 * near), veiled(colour, 0.9));
  }
  for (const [place, size] of [
    [0.1, 210],
    [0.86, 265],
  ] as const) {
    const [x, y] = [width * (place + between(random, -0.03, 0.03)), height * 0.9];
    fill(picture, ellipse(x + size * 0.16, y, size * 0.42, size * 0.06), 0x1e3d1a66);
    paintTree(picture, random, { x, y, height: size, leaves: [0x3f7d2fff, 0x4f8f38ff, 0x2f6b2cff] });
  }
  addGrain(picture, random, 3);
  return picture;
}
