// house-front: a town house seen from across the street: rows of windows, a roof, a door.

import { between, chance, pick } from "../../draw";
import type { Random } from "../../xoshiro128";
import { paintClouds, paintSky } from "../landscape/sky";
import { darker, lighter, mix } from "../raster/colour";
import { fill } from "../raster/fill";
import { across, downwards } from "../raster/gradient";
import { addGrain } from "../raster/noise";
import { ellipse, rectangle, roundedRectangle, sector } from "../raster/outline";
import { type Colour, type Raster, raster } from "../raster/raster";

export function houseFront(random: Random): Raster {
  const picture = raster(720, 900);
  const { width, height } = picture;
  const street = height * 0.9;
  paintSky(picture, street, [0, 0x4f93d6ff], [1, 0xe3f0f8ff]);
  paintClouds(picture, random, {
    top: 0,
    bottom: 300,
    size: [130, 50],
    cover: 0.4,
    light: 0xffffffff,
    shade: 0xd5dfeaff,
  });

  const wall = pick(random, [0xe9c9a0ff, 0xd98f73ff, 0xc9d3b8ff, 0xe8dcc4ff]);
  for (const [x, wide, colour, top] of [
    [-60, 170, mix(wall, 0x9a8f86ff, 0.6), 250],
    [610, 170, mix(wall, 0xb07a62ff, 0.6), 215],
  ] as const) {
    fill(picture, rectangle(x, top, wide, street - top), colour);
    fill(picture, rectangle(x, top - 26, wide, 30), 0x6b4a3fff);
    for (let row = 0; row < 5; row++)
      paintWindow(picture, random, x < 0 ? 22 : 645, top + 50 + row * 118, 48, 74, colour);
  }

  const [left, right, eaves] = [110, 610, 190];
  paintRoof(picture, random, left, right, eaves);
  fill(
    picture,
    rectangle(left, eaves, right - left, street - eaves),
    across([left, 0], [right, 0], [0, lighter(wall, 0.12)], [0.7, wall], [1, darker(wall, 0.14)]),
  );
  fill(picture, rectangle(left - 12, eaves - 6, right - left + 24, 20), lighter(wall, 0.45));
  fill(picture, rectangle(left, eaves + 14, right - left, 10), 0x00000022);

  const columns = 4;
  const wide = (right - left) / columns;
  for (let row = 0; row < 3; row++) {
    const y = eaves + 52 + row * 140;
    for (let column = 0; column < columns; column++)
      paintWindow(picture, random, left + wide * (column + 0.5) - 35, y, 70, 88, wall);
    if (row < 2) fill(picture, rectangle(left, y + 116, right - left, 5), lighter(wall, 0.3));
  }
  paintGroundFloor(picture, random, { left, right, top: eaves + 466, street, wall });
  fill(
    picture,
    rectangle(0, street, width, height - street),
    downwards(street, height, [0, 0xb9b4adff], [0.22, 0x9c9893ff], [0.23, 0x6c6d70ff], [1, 0x55575bff]),
  );
  fill(picture, rectangle(0, street + 20, width, 3), 0xd4d0c9ff);
  addGrain(picture, random, 4);
  return picture;
}

function paintRoof(picture: Raster, random: Random, left: number, right: number, eaves: number): void {
  const tile = pick(random, [0x8a3f2fff, 0x5a5f6bff, 0x9c5236ff]);
  fill(
    picture,
    [
      [left - 22, eaves],
      [left + 60, eaves - 120],
      [right - 60, eaves - 120],
      [right + 22, eaves],
    ],
    downwards(eaves - 120, eaves, [0, lighter(tile, 0.12)], [1, darker(tile, 0.15)]),
  );
  for (let row = 1; row < 8; row++) {
    const y = eaves - 120 + row * 15;
    const inset = 60 - (row * 15 * 82) / 120;
    fill(picture, rectangle(left + inset, y, right - left - 2 * inset, 2), darker(tile, 0.3));
  }
  const chimney = between(random, left + 110, right - 150);
  fill(picture, rectangle(chimney, eaves - 172, 42, 80), 0x9a5a46ff);
  fill(picture, rectangle(chimney - 5, eaves - 180, 52, 12), 0x6e4034ff);
  for (const x of [left + 130, right - 190]) {
    fill(
      picture,
      [
        [x - 10, eaves - 62],
        [x + 30, eaves - 100],
        [x + 70, eaves - 62],
      ],
      darker(tile, 0.35),
    );
    fill(picture, rectangle(x, eaves - 62, 60, 46), 0xe7dfd2ff);
    paintPanes(picture, random, x + 12, eaves - 56, 36, 36);
  }
}

function paintWindow(
  picture: Raster,
  random: Random,
  x: number,
  y: number,
  wide: number,
  high: number,
  wall: Colour,
): void {
  fill(picture, rectangle(x - 8, y - 9, wide + 16, high + 12), lighter(wall, 0.5));
  paintPanes(picture, random, x, y, wide, high);
  fill(picture, rectangle(x - 12, y + high + 2, wide + 24, 8), lighter(wall, 0.65));
  fill(picture, rectangle(x - 12, y + high + 10, wide + 24, 4), 0x00000030);
  if (!chance(random, 0.3)) return;
  fill(picture, rectangle(x - 4, y + high - 8, wide + 8, 12), 0x7a4a2fff);
  for (let flower = 0; flower < 12; flower++) {
    const colour = pick(random, [0xd8344cff, 0xf0657bff, 0x3f7d3aff, 0x4f9447ff]);
    fill(picture, ellipse(x + random() * wide, y + high - 10 - random() * 9, 5), colour);
  }
}

/** Glass that mirrors the sky, or a curtain behind it. */
function paintPanes(picture: Raster, random: Random, x: number, y: number, wide: number, high: number): void {
  const glass = mix(0x3b5573ff, 0x52708fff, random());
  fill(
    picture,
    rectangle(x, y, wide, high),
    across([x, y], [x + wide, y + high], [0, lighter(glass, 0.35)], [0.45, glass], [1, darker(glass, 0.35)]),
  );
  if (chance(random, 0.4)) {
    const cloth = pick(random, [0xf2eadcd9, 0xe9d9c4d9, 0xdfe6ead9]);
    const half = wide * between(random, 0.2, 0.32);
    fill(
      picture,
      [
        [x, y],
        [x + half, y],
        [x + half * 0.5, y + high],
        [x, y + high],
      ],
      cloth,
    );
    fill(
      picture,
      [
        [x + wide, y],
        [x + wide - half, y],
        [x + wide - half * 0.5, y + high],
        [x + wide, y + high],
      ],
      cloth,
    );
  }
  fill(picture, rectangle(x + wide / 2 - 2, y, 4, high), 0xf7f4eeff);
  fill(picture, rectangle(x, y + high * 0.36, wide, 3.5), 0xf7f4eeff);
}

function paintGroundFloor(
  picture: Raster,
  random: Random,
  { left, right, top, street, wall }: { left: number; right: number; top: number; street: number; wall: Colour },
): void {
  const stone = darker(mix(wall, 0x9a948cff, 0.5), 0.1);
  fill(picture, rectangle(left, top, right - left, street - top), stone);
  fill(picture, rectangle(left - 6, top - 6, right - left + 12, 9), lighter(wall, 0.4));
  const door = pick(random, [0x2f5d50ff, 0x7a2f2fff, 0x27476bff]);
  const middle = left + (right - left) * (chance(random, 0.5) ? 0.25 : 0.75);
  const lintel = top + 62;
  fill(picture, roundedRectangle(middle - 42, top + 22, 84, street - top, 40), lighter(wall, 0.55));
  fill(picture, sector(middle, lintel, 32, Math.PI, 2 * Math.PI), 0x6f8fb0ff);
  fill(picture, rectangle(middle - 32, lintel + 2, 64, street - lintel - 2), door);
  for (const side of [-1, 1])
    fill(picture, rectangle(middle + side * 15 - 10, lintel + 12, 20, street - lintel - 30), darker(door, 0.25));
  fill(picture, ellipse(middle + 27, (lintel + street) / 2, 3), 0xe9c46aff);
  fill(picture, rectangle(middle - 54, street - 8, 108, 8), 0xcfc9c0ff);
  const shop = middle < (left + right) / 2 ? middle + 110 : middle - 294;
  paintPanes(picture, random, shop, top + 56, 184, street - top - 78);
  for (let stripe = 0; stripe < 10; stripe++) {
    const [from, to] = [shop - 10 + stripe * 20.4, shop - 10 + (stripe + 1) * 20.4];
    const awning = [
      [from, top + 22],
      [to, top + 22],
      [to, top + 66],
      [from, top + 66],
    ] as const;
    fill(picture, awning, stripe % 2 === 0 ? door : 0xf4efe6ff);
    fill(
      picture,
      sector((from + to) / 2, top + 66, 10.2, 0, Math.PI),
      stripe % 2 === 0 ? darker(door, 0.1) : 0xe6dfd2ff,
    );
  }
}
