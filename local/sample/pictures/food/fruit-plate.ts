// fruit-plate: oranges, apples, a lemon cut open and blueberries on a plate, seen from above.

import { between, pick } from "../../draw";
import type { Random } from "../../xoshiro128";
import { darker, lighter, mix, veiled } from "../raster/colour";
import { fill } from "../raster/fill";
import { around } from "../raster/gradient";
import { addGrain, coarse, noise } from "../raster/noise";
import { blob, curve, ellipse, type Point, rectangle, ribbon, sector } from "../raster/outline";
import { type Colour, type Raster, raster } from "../raster/raster";

export function fruitPlate(random: Random): Raster {
  const picture = raster(960, 640);
  paintTable(picture, random);
  const [x, y] = [480, 322];
  paintPlate(picture, x, y, 286);

  // The big ones in a ring, the small ones over what is left free.
  const turn = random() * 2 * Math.PI;
  const ring = [paintOrange, paintApple, paintSlice, paintOrange, paintApple, paintSlice];
  for (const [index, paint] of ring.entries()) {
    const angle = turn + (index / ring.length) * 2 * Math.PI;
    paint(picture, random, x + Math.cos(angle) * 142, y + Math.sin(angle) * 142, between(random, 64, 72));
  }
  for (let berry = 0; berry < 26; berry++) {
    const [angle, out] = [random() * 2 * Math.PI, Math.sqrt(random()) * 68];
    paintBerry(picture, x + Math.cos(angle) * out, y + Math.sin(angle) * out, between(random, 13, 17));
  }
  for (let leaf = 0; leaf < 3; leaf++)
    paintLeaf(picture, x + between(random, -30, 30), y + between(random, -30, 30), 46, random() * 6.3);
  addGrain(picture, random, 3);
  return picture;
}

/** Boards of wood, side by side. */
function paintTable(picture: Raster, random: Random): void {
  const { width, height } = picture;
  const grain = noise(random, 4);
  const lines = coarse((x, y) => grain(x / 240, y / 9), width, height);
  const wood = pick(random, [0x9a6a3fff, 0x7d5233ff, 0xb08254ff]);
  const board = height / 5;
  for (let row = 0; row < 5; row++) {
    const tone = mix(darker(wood, 0.18), lighter(wood, 0.14), random());
    const shift = random() * 900;
    const [dark, light] = [darker(tone, 0.28), lighter(tone, 0.16)];
    fill(picture, rectangle(0, row * board, width, board), (x, y) =>
      mix(dark, light, lines((x + shift) % width, y) * 1.5 - 0.25),
    );
    fill(picture, rectangle(0, row * board, width, 3), darker(wood, 0.6));
  }
}

function paintPlate(picture: Raster, x: number, y: number, radius: number): void {
  const reach = radius * 1.12;
  fill(
    picture,
    ellipse(x + 12, y + 18, reach),
    around([x + 12, y + 18], [reach, reach], [0.8, 0x00000088], [1, 0x00000000]),
  );
  fill(
    picture,
    ellipse(x, y, radius),
    around([x - 60, y - 80], [radius * 1.5, radius * 1.5], [0, 0xffffffff], [0.7, 0xf1f2f4ff], [1, 0xcfd3daff]),
  );
  fill(picture, ellipse(x, y, radius * 0.965), 0x5f86b0ff);
  fill(picture, ellipse(x, y, radius * 0.945), 0xf6f7f9ff);
  fill(
    picture,
    ellipse(x, y, radius * 0.76),
    around([x + 40, y + 50], [radius * 0.95, radius * 0.95], [0, 0xffffffff], [0.7, 0xf3f4f6ff], [1, 0xd9dde3ff]),
  );
}

/** A ball on the plate: its shadow, its own light and shade, a glint. */
function paintBall(picture: Raster, x: number, y: number, radius: number, colour: Colour, glint: number): void {
  const reach = radius * 1.2;
  fill(
    picture,
    ellipse(x + radius * 0.16, y + radius * 0.22, reach),
    around([x + radius * 0.16, y + radius * 0.22], [reach, reach], [0.7, 0x2b2b3a66], [1, 0x2b2b3a00]),
  );
  const light = [x - radius * 0.36, y - radius * 0.4] as const;
  fill(
    picture,
    ellipse(x, y, radius),
    around(
      light,
      [radius * 1.55, radius * 1.55],
      [0, lighter(colour, 0.4)],
      [0.4, colour],
      [0.8, darker(colour, 0.22)],
      [1, darker(colour, 0.45)],
    ),
  );
  fill(picture, ellipse(...light, radius * 0.24, radius * 0.16, -0.7), veiled(0xffffffff, glint));
}

function paintOrange(picture: Raster, random: Random, x: number, y: number, radius: number): void {
  const colour = mix(0xf28c1eff, 0xf7a531ff, random());
  paintBall(picture, x, y, radius, colour, 0.35);
  for (let pore = 0; pore < 130; pore++) {
    const [angle, out] = [random() * 2 * Math.PI, Math.sqrt(random()) * 0.95];
    fill(
      picture,
      ellipse(x + Math.cos(angle) * out * radius, y + Math.sin(angle) * out * radius, 1.3),
      veiled(darker(colour, 0.35), 0.3),
    );
  }
  fill(picture, ellipse(x + radius * 0.12, y + radius * 0.08, 5, 4), 0x6b7a2eff);
}

function paintApple(picture: Raster, random: Random, x: number, y: number, radius: number): void {
  const colour = pick(random, [0xc22a2cff, 0xb3202aff, 0x7fae35ff]);
  paintBall(picture, x, y, radius, colour, 0.6);
  for (let streak = 0; streak < 34; streak++) {
    const angle = (streak / 34) * 2 * Math.PI + random() * 0.2;
    const place = (out: number): Point => [x + Math.cos(angle) * radius * out, y + Math.sin(angle) * radius * out];
    fill(
      picture,
      ribbon([place(0.14), place(between(random, 0.45, 0.85))], (along) => 4.5 * (1 - along)),
      veiled(mix(colour, 0xf4d35eff, 0.65), 0.32),
    );
  }
  fill(
    picture,
    ellipse(x, y, radius * 0.17),
    around([x, y], [radius * 0.17, radius * 0.17], [0, 0x3f2a16cc], [1, 0x3f2a1600]),
  );
  fill(
    picture,
    ribbon(
      curve([
        [x, y],
        [x + 5, y - 14],
        [x + 15, y - 25],
      ]),
      (along) => 5 + 3 * along,
    ),
    0x5a3d23ff,
  );
}

/** Half a lemon or an orange, its cut upwards. */
function paintSlice(picture: Raster, random: Random, x: number, y: number, radius: number): void {
  const [peel, flesh] = pick(random, [
    [0xf2c230ff, 0xf9e27aff],
    [0xf08a1fff, 0xfbb24dff],
    [0x7fb23cff, 0xcfe38aff],
  ] as const);
  const reach = radius * 1.18;
  fill(
    picture,
    ellipse(x + 10, y + 14, reach),
    around([x + 10, y + 14], [reach, reach], [0.7, 0x2b2b3a55], [1, 0x2b2b3a00]),
  );
  fill(picture, ellipse(x, y, radius), peel);
  fill(picture, ellipse(x, y, radius * 0.92), 0xfdf8e4ff);
  const [turn, pieces] = [random() * 6.3, 9];
  for (let piece = 0; piece < pieces; piece++) {
    const from = turn + (piece / pieces) * 2 * Math.PI;
    const middle = from + Math.PI / pieces;
    const wedge = sector(
      x + Math.cos(middle) * radius * 0.1,
      y + Math.sin(middle) * radius * 0.1,
      radius * 0.74,
      from + 0.06,
      from + (2 * Math.PI) / pieces - 0.06,
    );
    fill(
      picture,
      wedge,
      around([x, y], [radius * 0.9, radius * 0.9], [0, lighter(flesh, 0.25)], [1, darker(flesh, 0.06)]),
    );
  }
  fill(picture, ellipse(x, y, radius * 0.08), 0xfdf8e4ff);
}

function paintBerry(picture: Raster, x: number, y: number, radius: number): void {
  paintBall(picture, x, y, radius, 0x3d4a86ff, 0.35);
  fill(picture, ellipse(x + 2, y + 1, radius * 0.3), 0x20264fff);
}

function paintLeaf(picture: Raster, x: number, y: number, size: number, turn: number): void {
  const at = (along: number, aside: number): Point => [
    x + size * (Math.cos(turn) * along - Math.sin(turn) * aside),
    y + size * (Math.sin(turn) * along + Math.cos(turn) * aside),
  ];
  fill(picture, blob([at(-1, 0), at(-0.4, 0.34), at(0.3, 0.3), at(1, 0), at(0.3, -0.3), at(-0.4, -0.34)]), 0x4f9a4aff);
  fill(picture, ribbon([at(-1, 0), at(0.9, 0)], 2.5), 0xa9d39aff);
}
