// portrait: head and shoulders of somebody who never was, looking at the camera.

import { between } from "../../draw";
import type { Random } from "../../xoshiro128";
import { lighter, mix, veiled } from "../raster/colour";
import { fill } from "../raster/fill";
import { around, downwards } from "../raster/gradient";
import { addGrain } from "../raster/noise";
import { ellipse, rectangle } from "../raster/outline";
import { type Raster, raster } from "../raster/raster";
import { paintShoulders } from "./clothes";
import { paintFace } from "./face";
import { paintHairBefore, paintHairBehind } from "./hair";
import type { Head, Look } from "./head";

export function portrait(random: Random, width: number, height: number, look: Look): Raster {
  const picture = raster(width, height);
  const radius = width * between(random, 0.195, 0.21);
  const [x, y] = [width * between(random, 0.48, 0.52), height * 0.43];
  const head: Head = { picture, look, radius, place: (u, v) => [x + u * radius, y + v * radius] };
  paintBackground(head, random);
  paintHairBehind(head, random);
  paintShoulders(head);
  paintFace(head, random);
  paintHairBefore(head, random);
  addGrain(picture, random, 3);
  return picture;
}

/** A wall with lights out of focus. */
function paintBackground({ picture, look }: Head, random: Random): void {
  const { width, height } = picture;
  const [top, bottom] = look.background;
  fill(picture, rectangle(0, 0, width, height), downwards(0, height, [0, top], [1, bottom]));
  for (let light = 0; light < 16; light++) {
    const [x, y, size] = [random() * width, random() * height * 0.8, between(random, 0.04, 0.12) * width];
    const colour = mix(lighter(top, 0.6), lighter(bottom, 0.35), random());
    const faint = veiled(colour, between(random, 0.12, 0.3));
    fill(picture, ellipse(x, y, size), around([x, y], [size, size], [0, faint], [0.85, faint], [1, veiled(colour, 0)]));
  }
}
