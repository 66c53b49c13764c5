// sunset-at-sea: the sun on the horizon, its light on the water, a boat.

import { between } from "../../draw";
import type { Random } from "../../xoshiro128";
import { mix, veiled } from "../raster/colour";
import { fill } from "../raster/fill";
import { across, downwards } from "../raster/gradient";
import { addGrain } from "../raster/noise";
import { ellipse, type Point, rectangle, ribbon } from "../raster/outline";
import { type Raster, raster } from "../raster/raster";
import { ridge, under } from "../raster/ridge";
import { paintClouds, paintSky, paintSun } from "./sky";

export function sunsetAtSea(random: Random) {
  const picture = raster(960, 640);
  const { width, height } = picture;
  const horizon = Math.round(height * 0.58);
  const sunX = between(random, 0.4, 0.62) * width;
  const warm = mix(0xff9a4dff, 0xff7f5fff, random());
  paintSky(picture, horizon, [0, 0x2b3a78ff], [0.35, 0x7a5596ff], [0.62, 0xd9707fff], [0.84, warm], [1, 0xffd98aff]);
  paintSun(picture, { x: sunX, y: horizon - 16, radius: 46, disc: 0xfff3c4ff, glow: 0xffdf91ff, reach: 360 });
  paintClouds(picture, random, {
    top: 10,
    bottom: horizon - 10,
    size: [330, 36],
    cover: between(random, 0.35, 0.5),
    light: 0xffb18cff,
    shade: 0x8a4f7fff,
  });
  const coast = ridge(random, { width: width * 0.34, top: horizon - 34, bottom: horizon + 4, roughness: 0.4 });
  const fallen = (x: number) => coast(x) + 40 * (x / (width * 0.34)) ** 2;
  fill(
    picture,
    under(fallen, width * 0.34, horizon),
    downwards(horizon - 40, horizon, [0, 0x5d3a5dff], [1, 0x7d4a62ff]),
  );

  const sea = downwards(horizon, height, [0, 0xd98572ff], [0.1, 0xa35f78ff], [0.4, 0x5b4479ff], [1, 0x1d2450ff]);
  fill(picture, rectangle(0, horizon, width, height - horizon), sea);
  paintWaves(picture, random, horizon, sunX);
  paintBoat(picture, width * between(random, 0.7, 0.84), horizon + 46, 92);
  addGrain(picture, random, 3);
  return picture;
}

/** Dark ones everywhere, and lights in a path that leads to the sun. */
function paintWaves(picture: Raster, random: Random, horizon: number, sunX: number): void {
  const depth = picture.height - horizon;
  for (let wave = 0; wave < 900; wave++) {
    const near = random() ** 1.6;
    const [x, y] = [random() * picture.width, horizon + 2 + near * depth];
    const colour = mix(0x6d3f69ff, 0x10163aff, near);
    fill(picture, ellipse(x, y, 9 + 60 * near * random(), 0.6 + 2.2 * near), veiled(colour, 0.35));
  }
  for (let light = 0; light < 620; light++) {
    const near = random() ** 1.3;
    const spread = (24 + 120 * near) * (random() + random() - 1);
    const bright = mix(0xfff0b8ff, 0xff9e5cff, Math.abs(spread) / (24 + 120 * near));
    const long = (4 + 22 * near) * between(random, 0.5, 1.4);
    fill(
      picture,
      ellipse(sunX + spread, horizon + 2 + near * depth, long, 0.7 + 1.7 * near),
      veiled(bright, 0.8 - 0.35 * near),
    );
  }
}

/** Two sails against the light; `y` is its waterline. */
function paintBoat(picture: Raster, x: number, y: number, size: number): void {
  const hull: Point[] = [
    [x - size * 0.42, y - size * 0.13],
    [x + size * 0.48, y - size * 0.15],
    [x + size * 0.32, y],
    [x - size * 0.3, y],
  ];
  const sail = across([x - size * 0.4, y], [x + size * 0.4, y], [0, 0x53335aff], [1, 0x2a2145ff]);
  fill(
    picture,
    [
      [x - size * 0.03, y - size * 1.15],
      [x - size * 0.03, y - size * 0.2],
      [x - size * 0.4, y - size * 0.2],
    ],
    sail,
  );
  fill(
    picture,
    [
      [x + size * 0.03, y - size * 1.05],
      [x + size * 0.03, y - size * 0.2],
      [x + size * 0.42, y - size * 0.22],
    ],
    sail,
  );
  fill(
    picture,
    ribbon(
      [
        [x, y - size * 1.22],
        [x, y - size * 0.1],
      ],
      2.4,
    ),
    0x1d1734ff,
  );
  fill(picture, hull, 0x1d1734ff);
  for (let ripple = 0; ripple < 6; ripple++)
    fill(picture, ellipse(x + (ripple % 2) * 9 - 4, y + 4 + ripple * 7, size * (0.36 - 0.045 * ripple), 2), 0x1d1734aa);
}
