// hair: what hangs behind the face, and what falls before it.

import { between } from "../../draw";
import type { Random } from "../../xoshiro128";
import { darker, lighter, mix, veiled } from "../raster/colour";
import { fill } from "../raster/fill";
import { across } from "../raster/gradient";
import { blob, curve, ellipse, type Point, ribbon } from "../raster/outline";
import { bothSides, type Head } from "./head";

export function paintHairBehind(head: Head, random: Random): void {
  const { picture, look, place } = head;
  if (look.style === "curly") paintCurls(head, random, 0);
  if (look.style !== "long") return;
  const shape = bothSides(
    place,
    [0, -1.62],
    [0.8, -1.45],
    [1.24, -0.8],
    [1.34, 0.2],
    [1.42, 1.2],
    [1.3, 2.1],
    [0.7, 2.35],
    [0, 2.2],
  );
  fill(
    picture,
    shape,
    across(place(-1.4, 0), place(1.4, 0), [0, look.hair], [0.5, darker(look.hair, 0.45)], [1, darker(look.hair, 0.3)]),
  );
  for (let strand = 0; strand < 46; strand++) {
    const side = strand % 2 === 0 ? -1 : 1;
    const out = between(random, 0.95, 1.36);
    const line = curve([
      place(side * (out - 0.2), -0.7),
      place(side * out, 0.3),
      place(side * (out + 0.04), 1.2),
      place(side * (out - 0.12), 2.12),
    ]);
    paintStrand(head, random, line);
  }
}

export function paintHairBefore(head: Head, random: Random): void {
  if (head.look.style === "curly") paintCurls(head, random, 1);
  else paintParting(head, random);
}

/** Combed to both sides. */
function paintParting(head: Head, random: Random): void {
  const { picture, look, place } = head;
  const part = between(random, -0.4, -0.15);
  const out = look.style === "long" ? 1.22 : 1.1;
  const down = look.style === "long" ? 0.35 : -0.12;
  const cap: readonly Point[] = [
    [-out + 0.05, down],
    [-out, -0.62],
    [-0.8, -1.36],
    [0, -1.62],
    [0.8, -1.4],
    [out, -0.62],
    [out - 0.05, down],
    [0.97, -0.3],
    [0.78, -0.72],
    [0.3, -0.96],
    [part, -1.12],
    [part - 0.25, -0.95],
    [-0.84, -0.66],
    [-0.98, -0.3],
  ];
  const shine = across(
    place(-1.2, -1.2),
    place(1.2, -0.6),
    [0, look.hair],
    [0.3, lighter(look.hair, 0.16)],
    [0.6, look.hair],
    [1, darker(look.hair, 0.3)],
  );
  fill(picture, blob(cap.map(([x, y]) => place(x, y))), shine);
  for (let strand = 0; strand < 44; strand++) {
    const [side, share] = [strand % 2 === 0 ? -1 : 1, random()];
    const end = side < 0 ? between(random, -1.1, -0.86) : between(random, 0.84, 1.1);
    const high = -1.2 - 0.32 * share;
    paintStrand(
      head,
      random,
      curve([
        place(part, high),
        place((part + end) / 2, high + 0.06),
        place(end * 0.9, -0.8 - 0.2 * share),
        place(end, down * 0.5 - 0.3),
      ]),
    );
  }
}

function paintStrand({ picture, look: { hair }, radius }: Head, random: Random, line: readonly Point[]): void {
  const colour = random() < 0.5 ? lighter(hair, 0.3) : darker(hair, 0.45);
  fill(
    picture,
    ribbon(line, (along) => radius * 0.03 * Math.sin(Math.PI * along)),
    veiled(colour, 0.35),
  );
}

/** A cloud of them round the head, and then along the brow. */
function paintCurls({ picture, look: { hair }, place, radius }: Head, random: Random, layer: 0 | 1): void {
  for (let curl = 0; curl < (layer === 0 ? 260 : 230); curl++) {
    const angle = layer === 0 ? between(random, 0.8, 2.2) * Math.PI : between(random, 1.12, 1.88) * Math.PI;
    const out = layer === 0 ? between(random, 0.75, 1.42) : between(random, 0.92, 1.4);
    const [x, y] = place(Math.cos(angle) * out, Math.sin(angle) * out * 1.12 - 0.12);
    const size = radius * between(random, 0.1, 0.17);
    const light = Math.max(0, -Math.cos(angle - 0.9)) * random();
    const colour = mix(darker(hair, 0.35 * random()), lighter(hair, 0.25), light);
    fill(picture, ellipse(x, y, size), colour);
    fill(
      picture,
      ribbon(
        curve([
          [x - size * 0.6, y],
          [x - size * 0.1, y - size * 0.55],
          [x + size * 0.5, y - size * 0.2],
        ]),
        size * 0.16,
      ),
      veiled(lighter(hair, 0.4), 0.3),
    );
  }
}
