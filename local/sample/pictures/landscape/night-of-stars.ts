// night-of-stars: a moon, the Milky Way, and a cabin with a light in its window.

import { between, pick } from "../../draw";
import type { Random } from "../../xoshiro128";
import { veiled } from "../raster/colour";
import { fill } from "../raster/fill";
import { around, downwards } from "../raster/gradient";
import { coarse, noise, step } from "../raster/noise";
import { ellipse, rectangle, ribbon } from "../raster/outline";
import { type Raster, raster } from "../raster/raster";
import { ridge, under } from "../raster/ridge";
import { paintSky } from "./sky";
import { paintFir } from "./trees";

export function nightOfStars(random: Random) {
  const picture = raster(960, 640);
  const { width, height } = picture;
  paintSky(picture, height, [0, 0x081230ff], [0.5, 0x152a58ff], [0.8, 0x2f4f80ff], [1, 0x4a6c96ff]);
  paintMilkyWay(picture, random);
  for (let star = 0; star < 520; star++) {
    const [x, y] = [random() * width, random() ** 1.25 * height * 0.8];
    const bright = random() ** 3;
    const colour = pick(random, [0xffffffff, 0xdce8ffff, 0xfff1d6ff]);
    fill(picture, ellipse(x, y, 0.6 + bright * 1.3), veiled(colour, 0.4 + 0.6 * bright));
    if (bright > 0.85)
      fill(picture, ellipse(x, y, 7), around([x, y], [7, 7], [0, veiled(colour, 0.5)], [1, veiled(colour, 0)]));
  }
  paintMoon(picture, random, between(random, 0.68, 0.82) * width, height * 0.22, 44);

  const layers = [0x22406aff, 0x173054ff, 0x0d1f3dff];
  for (const [layer, colour] of layers.entries()) {
    const top = height * (0.62 + 0.1 * layer);
    const line = ridge(random, { width, top, bottom: top + 80, roughness: 0.45 - 0.08 * layer });
    const lit = veiled(colour, 1);
    fill(picture, under(line, width, height), downwards(top, top + 170, [0, lit], [1, veiled(colour - 0x06081000, 1)]));
    if (layer !== 2) continue;
    const cabin = between(random, 0.3, 0.45) * width;
    for (let x = -10; x < width; x += between(random, 14, 40))
      if (Math.abs(x - cabin) > 70)
        paintFir(picture, random, { x, y: line(x) + 8, height: between(random, 40, 120), colour: 0x0a1830ff });
    paintCabin(picture, cabin, line(cabin) + 12, 74);
  }
  return picture;
}

function paintMilkyWay(picture: Raster, random: Random): void {
  const { width, height } = picture;
  const dust = noise(random, 4);
  const soft = coarse((x, y) => dust(x / 80, y / 80), width, height);
  const slope = between(random, 0.35, 0.6);
  fill(picture, rectangle(0, 0, width, height * 0.8), (x, y) => {
    const off = (y - height * 0.62 + x * slope) / (height * 0.3);
    return veiled(0xc2cdf5ff, Math.exp(-off * off * 2.2) * step(0.25, 0.85, soft(x, y)) * 0.42);
  });
}

function paintMoon(picture: Raster, random: Random, x: number, y: number, radius: number): void {
  const reach = radius * 4.5;
  fill(
    picture,
    ellipse(x, y, reach),
    around([x, y], [reach, reach], [0.15, 0xdfe8ff88], [0.4, 0xbfd0ff2a], [1, 0xbfd0ff00]),
  );
  const shade = around(
    [x - radius * 0.3, y - radius * 0.3],
    [radius * 1.5, radius * 1.5],
    [0, 0xfffdf0ff],
    [0.7, 0xf0ead2ff],
    [1, 0xcfc9b6ff],
  );
  fill(picture, ellipse(x, y, radius), shade);
  for (let crater = 0; crater < 9; crater++) {
    const [angle, out] = [random() * 2 * Math.PI, Math.sqrt(random()) * radius * 0.7];
    const size = radius * between(random, 0.06, 0.2);
    fill(picture, ellipse(x + Math.cos(angle) * out, y + Math.sin(angle) * out, size, size * 0.9), 0xb9b4a455);
  }
}

function paintCabin(picture: Raster, x: number, y: number, size: number): void {
  const glow = around([x, y - size * 0.25], [size * 1.3, size * 0.8], [0, 0xffc86a77], [1, 0xffc86a00]);
  fill(picture, ellipse(x, y - size * 0.25, size * 1.3, size * 0.8), glow);
  fill(picture, rectangle(x + size * 0.24, y - size * 0.98, size * 0.12, size * 0.4), 0x1b1a28ff);
  fill(picture, rectangle(x - size * 0.5, y - size * 0.5, size, size * 0.5), 0x2b2230ff);
  fill(
    picture,
    [
      [x - size * 0.62, y - size * 0.46],
      [x, y - size * 0.92],
      [x + size * 0.62, y - size * 0.46],
    ],
    0x14141fff,
  );
  fill(picture, rectangle(x - size * 0.3, y - size * 0.36, size * 0.24, size * 0.22), 0xffd27aff);
  fill(
    picture,
    ribbon(
      [
        [x - size * 0.18, y - size * 0.36],
        [x - size * 0.18, y - size * 0.14],
      ],
      2,
    ),
    0x2b2230ff,
  );
  fill(picture, rectangle(x + size * 0.1, y - size * 0.38, size * 0.2, size * 0.38), 0x4a3427ff);
}
