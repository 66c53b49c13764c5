// clothes: the shoulders below a head, its neck, and what they are dressed in.

import { darker, lighter, veiled } from "../raster/colour";
import { fill } from "../raster/fill";
import { around, downwards } from "../raster/gradient";
import { curve, ribbon } from "../raster/outline";
import { bothSides, type Head } from "./head";

export function paintShoulders(head: Head): void {
  const {
    picture,
    look: { skin, clothes, collar },
    place,
    radius,
  } = head;
  const bottom = (picture.height - place(0, 0)[1]) / radius + 0.2;
  const [middle, neck] = [place(0, 1.4), place(0, 1.6)];
  const body = bothSides(
    place,
    [0, 1.75],
    [0.62, 1.8],
    [1.3, 2.02],
    [1.98, 2.4],
    [2.3, 3.1],
    [2.4, bottom],
    [0, bottom],
  );
  const cloth = around(
    place(-0.6, 2),
    [radius * 3.2, radius * 2.4],
    [0, lighter(clothes, 0.16)],
    [0.5, clothes],
    [1, darker(clothes, 0.35)],
  );
  fill(picture, body, cloth);
  for (const side of [-1, 1])
    fill(
      picture,
      ribbon(curve([place(side * 1.42, 2.7), place(side * 1.5, 3.1), place(side * 1.45, bottom)]), radius * 0.05),
      veiled(darker(clothes, 0.5), 0.45),
    );

  const throat = bothSides(place, [0, 0.9], [0.5, 0.9], [0.5, 1.5], [0.62, 1.84], [0.42, 2.14], [0, 2.28]);
  fill(
    picture,
    throat,
    downwards(
      middle[1] - radius * 0.4,
      neck[1] + radius * 0.6,
      [0, darker(skin, 0.34)],
      [0.5, darker(skin, 0.16)],
      [1, darker(skin, 0.05)],
    ),
  );
  if (collar === "shirt") paintShirt(head, bottom);
  else {
    const seam = curve([place(-0.66, 1.8), place(-0.42, 2.15), place(0, 2.3), place(0.42, 2.15), place(0.66, 1.8)]);
    fill(picture, ribbon(seam, radius * 0.14), darker(clothes, 0.18));
  }
}

/** A jacket that is open over a shirt with a tie. */
function paintShirt({ picture, look: { clothes }, place }: Head, bottom: number): void {
  const front = [
    place(-0.55, 1.9),
    place(0, 2.3),
    place(0.55, 1.9),
    place(0.62, 2.6),
    place(0.3, bottom),
    place(-0.3, bottom),
    place(-0.62, 2.6),
  ];
  fill(picture, front, 0xe9ebefff);
  const tie = darker(clothes, 0.35);
  fill(picture, [place(-0.14, 2.3), place(0.14, 2.3), place(0.1, 2.56), place(-0.1, 2.56)], darker(tie, 0.25));
  fill(picture, [place(-0.1, 2.56), place(0.1, 2.56), place(0.22, bottom), place(-0.22, bottom)], tie);
  for (const side of [-1, 1]) {
    const collar = [place(side * 0.58, 1.74), place(0, 2.32), place(side * 0.4, 2.66), place(side * 0.72, 1.98)];
    fill(picture, collar, side < 0 ? 0xfbfcfdff : 0xe3e6ecff);
    const lapel = [
      place(side * 0.66, 1.86),
      place(side * 0.5, 2.72),
      place(side * 0.2, bottom),
      place(side * 0.74, bottom),
      place(side * 0.98, 2.74),
      place(side * 0.86, 2.6),
      place(side * 1.04, 2.42),
      place(side * 0.84, 1.86),
    ];
    fill(picture, lapel, side < 0 ? lighter(clothes, 0.1) : darker(clothes, 0.2));
  }
}
