// wood-in-autumn: trees in red and gold along a path, leaves on the ground.

import { between, pick } from "../../draw";
import type { Random } from "../../xoshiro128";
import { darker, lighter, mix, veiled } from "../raster/colour";
import { fill } from "../raster/fill";
import { downwards } from "../raster/gradient";
import { addGrain } from "../raster/noise";
import { curve, ellipse, ribbon } from "../raster/outline";
import { raster } from "../raster/raster";
import { ridge, under } from "../raster/ridge";
import { paintClouds, paintSky } from "./sky";
import { paintTree } from "./trees";

const reds = [0xc8452dff, 0xb5342aff, 0xd9622bff];
const golds = [0xe9a928ff, 0xf0bf3fff, 0xd98a25ff];
const browns = [0x9a5a2bff, 0xb0702fff, 0xc98a3aff];

export function woodInAutumn(random: Random) {
  const picture = raster(960, 640);
  const { width, height } = picture;
  const horizon = height * 0.55;
  paintSky(picture, height * 0.66, [0, 0x5f97ccff], [0.5, 0xaccbe2ff], [1, 0xf4e6ccff]);
  const cover = between(random, 0.35, 0.55);
  paintClouds(picture, random, {
    top: 0,
    bottom: horizon * 0.8,
    size: [170, 50],
    cover,
    light: 0xffffffff,
    shade: 0xcdd6e0ff,
  });

  for (const [layer, colour] of [0xb9a9a8ff, 0xb78363ff, 0xa9702fff].entries()) {
    const top = horizon - 70 + layer * 45;
    const line = ridge(random, { width, top, bottom: top + 40, roughness: 0.4 });
    fill(
      picture,
      under(line, width, height),
      downwards(top, top + 130, [0, lighter(colour, 0.15)], [1, darker(colour, 0.1)]),
    );
    for (let x = between(random, 0, 20); x < width; x += between(random, 14, 30)) {
      const leaves = [mix(colour, pick(random, [...reds, ...golds, ...browns]), 0.25 + 0.3 * layer)];
      paintTree(picture, random, { x, y: line(x) + 12, height: 24 + layer * 18 + between(random, 0, 16), leaves });
    }
  }
  const ground = downwards(height * 0.66, height, [0, 0xb9853fff], [1, 0x7a4f24ff]);
  const floor = ridge(random, { width, top: height * 0.66, bottom: height * 0.7, roughness: 0.4 });
  fill(picture, under(floor, width, height), ground);
  const middle = width * between(random, 0.46, 0.56);
  const path = curve([
    [middle - 60, height + 60],
    [middle + 30, height * 0.87],
    [middle - 14, height * 0.75],
    [middle + 16, floor(middle + 16) + 2],
  ]);
  fill(
    picture,
    ribbon(path, (along) => 260 * (1 - along) ** 1.5 + 8),
    0xd8bd8eff,
  );

  for (let leaf = 0; leaf < 1_100; leaf++) {
    const near = random() ** 0.8;
    const colour = veiled(pick(random, [...reds, ...golds, ...browns]), 0.9);
    const [x, y] = [random() * width, height * (0.69 + 0.32 * near)];
    fill(picture, ellipse(x, y, 1.5 + 3.6 * near, 0.8 + 1.8 * near, random() * 3), colour);
  }
  const trees = [0.3, 0.72, 0.2, 0.82, 0.07, 0.94].map((at, index) => ({ at, size: 200 + 62 * Math.floor(index / 2) }));
  for (const [index, { at, size }] of trees.entries()) {
    const [x, y] = [width * (at + between(random, -0.02, 0.02)), height * (0.74 + 0.075 * Math.floor(index / 2))];
    fill(picture, ellipse(x + size * 0.12, y, size * 0.36, size * 0.045), 0x4a2c1466);
    paintTree(picture, random, { x, y, height: size, leaves: pick(random, [reds, golds, golds, reds, browns]) });
  }
  addGrain(picture, random, 3);
  return picture;
}
