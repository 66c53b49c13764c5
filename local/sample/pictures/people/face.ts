// face: skin, eyes, nose and mouth, with light from the upper left.

import { between } from "../../draw";
import type { Random } from "../../xoshiro128";
import { darker, lighter, mix, veiled } from "../raster/colour";
import { fill } from "../raster/fill";
import { around } from "../raster/gradient";
import { blob, curve, ellipse, type Point, ribbon } from "../raster/outline";
import type { Colour } from "../raster/raster";
import { bothSides, type Head } from "./head";

export function paintFace(head: Head, random: Random): void {
  const { picture, look, place, radius } = head;
  const { skin } = look;
  for (const side of [-1, 1]) {
    const [x, y] = place(side * 1.01, 0.12);
    fill(picture, ellipse(x, y, radius * 0.15, radius * 0.26, side * 0.12), darker(skin, side < 0 ? 0.06 : 0.18));
    fill(picture, ellipse(x, y, radius * 0.08, radius * 0.16, side * 0.12), veiled(darker(skin, 0.4), 0.35));
  }
  const chin = between(random, 1.28, 1.36);
  const shape = bothSides(
    place,
    [0, -1.3],
    [0.55, -1.2],
    [0.92, -0.75],
    [1, -0.1],
    [0.93, 0.5],
    [0.68, chin - 0.34],
    [0.3, chin - 0.04],
    [0, chin],
  );
  const [lit, shaded] = [lighter(skin, 0.16), mix(darker(skin, 0.3), 0x8a3a2aff, 0.15)];
  fill(
    picture,
    shape,
    around(
      place(-0.28, -0.3),
      [radius * 1.75, radius * 1.95],
      [0, lit],
      [0.5, skin],
      [0.8, darker(skin, 0.1)],
      [1, shaded],
    ),
  );
  for (const side of [-1, 1]) {
    const cheek = place(side * 0.56, 0.42);
    const blush = mix(skin, 0xd8442fff, 0.55);
    fill(
      picture,
      ellipse(...cheek, radius * 0.34),
      around(cheek, [radius * 0.34, radius * 0.34], [0, veiled(blush, 0.34)], [1, veiled(blush, 0)]),
    );
  }
  if (look.beard) paintBeard(head, chin);
  paintNose(head);
  paintMouth(head);
  for (const side of [-1, 1]) paintEye(head, side);
  if (look.glasses) paintGlasses(head);
}

function paintEye({ picture, look, place, radius }: Head, side: number): void {
  const at = (x: number, y: number) => place(side * (0.41 + x), y - 0.06);
  const white = [at(-0.2, 0.03), at(-0.09, -0.09), at(0.06, -0.105), at(0.2, -0.01), at(0.08, 0.085), at(-0.08, 0.095)];
  fill(picture, ellipse(...at(0, -0.02), radius * 0.27, radius * 0.19), veiled(darker(look.skin, 0.4), 0.16));
  fill(picture, blob(white), 0xfafaf8ff);
  fill(picture, ellipse(...at(0, 0), radius * 0.098), darker(look.eyes, 0.25));
  fill(picture, ellipse(...at(0, 0.006), radius * 0.078), look.eyes);
  fill(picture, ellipse(...at(0, 0), radius * 0.045), 0x17120fff);
  const [x, y] = at(0, 0);
  fill(picture, ellipse(x - radius * 0.035, y - radius * 0.04, radius * 0.026), 0xffffffff);
  const lash = darker(mix(look.hair, 0x2a1c16ff, 0.6), 0.3);
  fill(
    picture,
    ribbon(
      curve([at(-0.21, 0.03), at(-0.09, -0.095), at(0.06, -0.115), at(0.23, -0.02)]),
      (along) => radius * (0.025 + 0.03 * along),
    ),
    lash,
  );
  fill(
    picture,
    ribbon(curve([at(-0.17, 0.06), at(0, 0.105), at(0.17, 0.03)]), radius * 0.018),
    veiled(darker(look.skin, 0.5), 0.6),
  );
  const brow = darker(mix(look.hair, look.skin, 0.1), 0.25);
  const thick = look.style === "long" ? 0.07 : 0.1;
  fill(
    picture,
    ribbon(
      curve([at(-0.24, -0.25), at(-0.02, -0.33), at(0.28, -0.22)]),
      (along) => radius * thick * Math.min(1, 0.35 + along * 4) * (1.15 - 0.85 * along),
    ),
    brow,
  );
}

function paintNose({ picture, look: { skin }, place, radius }: Head): void {
  const shade = veiled(darker(skin, 0.4), 0.4);
  fill(
    picture,
    ribbon(curve([place(0.1, -0.12), place(0.1, 0.16), place(0.17, 0.42)]), (along) => radius * (0.03 + 0.05 * along)),
    veiled(darker(skin, 0.3), 0.35),
  );
  fill(
    picture,
    ribbon(
      curve([place(-0.19, 0.43), place(-0.1, 0.52), place(0, 0.54), place(0.1, 0.52), place(0.19, 0.43)]),
      (along) => radius * 0.06 * Math.sin(Math.PI * along) + 1,
    ),
    shade,
  );
  for (const side of [-1, 1])
    fill(
      picture,
      ellipse(...place(side * 0.095, 0.485), radius * 0.045, radius * 0.025),
      veiled(darker(skin, 0.65), 0.6),
    );
  const tip = place(-0.03, 0.36);
  fill(
    picture,
    ellipse(...tip, radius * 0.13),
    around(
      tip,
      [radius * 0.13, radius * 0.13],
      [0, veiled(lighter(skin, 0.5), 0.5)],
      [1, veiled(lighter(skin, 0.5), 0)],
    ),
  );
}

function paintMouth({ picture, look, place, radius }: Head): void {
  const lips = mix(look.skin, look.style === "long" ? 0xb5293aff : 0xa5453dff, look.style === "long" ? 0.7 : 0.45);
  const corner = 0.36;
  const upper = [
    place(-corner, 0.765),
    place(-0.1, 0.745),
    place(0, 0.765),
    place(0.1, 0.745),
    place(corner, 0.765),
    place(0, 0.84),
  ];
  const lower = [
    place(-corner, 0.765),
    place(-0.15, 0.83),
    place(0.15, 0.83),
    place(corner, 0.765),
    place(0.18, 0.945),
    place(-0.18, 0.945),
  ];
  fill(picture, blob(lower), lips);
  fill(picture, blob(upper), darker(lips, 0.14));
  fill(
    picture,
    [place(-0.27, 0.81), place(0, 0.822), place(0.27, 0.81), place(0.14, 0.865), place(-0.14, 0.865)],
    0xf8f4efff,
  );
  fill(
    picture,
    ribbon(
      curve([
        place(-corner - 0.04, 0.735),
        place(-0.14, 0.815),
        place(0, 0.824),
        place(0.14, 0.815),
        place(corner + 0.04, 0.735),
      ]),
      radius * 0.022,
    ),
    darker(lips, 0.5),
  );
  fill(picture, ellipse(...place(-0.05, 0.905), radius * 0.12, radius * 0.018), veiled(0xffffffff, 0.3));
}

function paintBeard({ picture, look, place, radius }: Head, chin: number): void {
  const colour: Colour = veiled(darker(look.hair, 0.1), 0.93);
  const right: readonly Point[] = [
    [1, 0],
    [0.97, 0.55],
    [0.7, chin - 0.28],
    [0.3, chin + 0.04],
  ];
  const inner: readonly Point[] = [
    [0.3, 0.66],
    [0.46, 0.84],
    [0.66, 0.6],
    [0.88, 0.25],
  ];
  const mirrored = (points: readonly Point[]) => points.map(([x, y]) => place(-x, y)).toReversed();
  const as = (points: readonly Point[]) => points.map(([x, y]) => place(x, y));
  const outer = [...as(right), place(0, chin + 0.07), ...mirrored(right)];
  fill(picture, blob([...outer, ...mirrored(inner), place(0, 0.6), ...as(inner)]), colour);
  fill(
    picture,
    ribbon(
      curve([place(-0.42, 0.84), place(-0.2, 0.68), place(0, 0.65), place(0.2, 0.68), place(0.42, 0.84)]),
      radius * 0.12,
    ),
    colour,
  );
}

function paintGlasses({ picture, place, radius }: Head): void {
  const frame = 0x2a2626ff;
  for (const side of [-1, 1]) {
    const [x, y] = place(side * 0.42, -0.02);
    fill(picture, ellipse(x, y, radius * 0.33, radius * 0.28), 0xe8f2fa2e);
    const rim = Array.from({ length: 49 }, (_, step) => {
      const angle = (step / 48) * 2 * Math.PI;
      return [x + Math.cos(angle) * radius * 0.33, y + Math.sin(angle) * radius * 0.28] as const;
    });
    fill(picture, ribbon(rim, radius * 0.045), frame);
    fill(picture, ribbon([place(side * 0.75, -0.08), place(side * 1.02, -0.1)], radius * 0.045), frame);
  }
  fill(picture, ribbon(curve([place(-0.1, -0.06), place(0, -0.11), place(0.1, -0.06)]), radius * 0.045), frame);
}
