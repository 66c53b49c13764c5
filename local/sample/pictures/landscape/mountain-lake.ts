// mountain-lake: mountains with snow, and the same upside down in the water before them.

import { between } from "../../draw";
import type { Random } from "../../xoshiro128";
import { darker, mix, veiled } from "../raster/colour";
import { fill } from "../raster/fill";
import { coarse, noise, step } from "../raster/noise";
import { ellipse } from "../raster/outline";
import { colourAt, lay, type Raster, raster } from "../raster/raster";
import { ridge, under } from "../raster/ridge";
import { paintClouds, paintSky } from "./sky";
import { paintFir } from "./trees";

export function mountainLake(random: Random) {
  const picture = raster(960, 640);
  const { width, height } = picture;
  const shore = Math.round(height * 0.6);
  paintSky(picture, shore, [0, 0x3f86cfff], [0.55, 0x9ccbeeff], [1, 0xe6f1f5ff]);
  paintClouds(picture, random, {
    top: 0,
    bottom: shore * 0.7,
    size: [190, 60],
    cover: between(random, 0.3, 0.5),
    light: 0xffffffff,
    shade: 0xc9d6e6ff,
  });
  paintMountains(picture, random, { top: shore * 0.3, bottom: shore * 0.82, floor: shore, snow: 0.35, haze: 0.55 });
  paintMountains(picture, random, { top: shore * 0.16, bottom: shore * 1.02, floor: shore, snow: 0.5, haze: 0.12 });

  const wood = ridge(random, { width, top: shore - 26, bottom: shore - 6, roughness: 0.7 });
  for (let x = -10; x < width + 10; x += between(random, 5, 10)) {
    const colour = mix(0x1f4a3aff, 0x3c6b46ff, random());
    paintFir(picture, random, { x, y: shore + 1, height: shore + 14 - wood(x) + between(random, 0, 14), colour });
  }
  mirror(picture, random, shore);
  for (const side of [0, 1])
    for (let fir = 0; fir < 4; fir++) {
      const x = width * (side === 0 ? 0.03 + 0.05 * fir : 0.97 - 0.045 * fir);
      const [y, tall] = [height * 1.02 - fir * 6, height * (0.5 - 0.09 * fir) * between(random, 0.85, 1.1)];
      paintFir(picture, random, { x: x + between(random, -8, 8), y, height: tall, colour: 0x17392dff });
    }
  for (let stone = 0; stone < 26; stone++) {
    const [x, size] = [random() * width, between(random, 5, 18)];
    const colour = mix(0x6d7478ff, 0x3c4347ff, random());
    fill(picture, ellipse(x, height - between(random, -4, 16), size * 1.5, size * 0.75), colour);
  }
  return picture;
}

/** `snow` is how far down from the top it lies, `haze` how much of the sky's colour is before them. */
function paintMountains(
  picture: Raster,
  random: Random,
  { top, bottom, floor, snow, haze }: { top: number; bottom: number; floor: number; snow: number; haze: number },
): void {
  const { width } = picture;
  const line = ridge(random, { width, top, bottom, roughness: 0.52 });
  const rough = noise(random, 4);
  // Folds that run down to both sides: rock is lit where the height grows to the right.
  const folds = coarse((x, y) => rough(x / 110 + y / 300, y / 170), width + 8, floor);
  fill(picture, under(line, width, floor), (x, y) => {
    const lit = step(-0.025, 0.03, folds(x, y) - folds(x + 6, y) + (line(x) - line(x + 10)) / 900);
    const down = (y - top) / (bottom - top) + (folds(x, y) - 0.5) * 0.9 + (lit - 0.5) * 0.12;
    const rock = mix(0x4a5568ff, 0x8c919bff, lit);
    const grass = mix(rock, 0x5d7350ff, step(0.75, 1.05, down));
    const white = mix(0xa9bcd6ff, 0xfdfeffff, lit);
    return mix(
      mix(grass, white, 1 - step(snow - 0.04, snow + 0.04, down)),
      0xb9d3e8ff,
      haze + 0.2 * step(bottom, floor, y),
    );
  });
}

/** What is above the shore, in the water below it: darker, and broken by ripples that grow towards the eye. */
function mirror(picture: Raster, random: Random, shore: number): void {
  const { width, height } = picture;
  const swell = noise(random, 2);
  for (let y = shore; y < height; y++) {
    const near = (y - shore) / (height - shore);
    for (let x = 0; x < width; x++) {
      const wave = swell(x / (30 + 90 * near), y / (2 + 7 * near)) - 0.5;
      const above = Math.min(shore - 1, Math.max(0, Math.round(2 * shore - y - 1 + wave * 26 * near)));
      const seen = colourAt(picture, x, above);
      const water = mix(darker(seen, 0.12), 0x1d5a78ff, 0.22 + 0.4 * near);
      lay(picture, x, y, wave > 0.22 ? mix(water, 0xdcecf5ff, (wave - 0.22) * 0.9) : water, 1);
    }
  }
  for (let glint = 0; glint < 40; glint++) {
    const [x, y] = [random() * width, shore + 4 + random() ** 2 * 60];
    fill(picture, ellipse(x, y, between(random, 20, 90), 0.8), veiled(0xffffffff, 0.22));
  }
}
