// tiles: circles, quarters and stripes in a square of squares, no two seeds alike.

import { integer, pick } from "../../draw";
import type { Random } from "../../xoshiro128";
import { fill } from "../raster/fill";
import { ellipse, rectangle, sector } from "../raster/outline";
import { type Colour, type Raster, raster } from "../raster/raster";

const palettes = [
  [0xf4e9d8ff, 0xd1495bff, 0xedae49ff, 0x00798cff, 0x30638eff, 0x003d5bff],
  [0xfaf3ddff, 0xef476fff, 0xffd166ff, 0x06d6a0ff, 0x118ab2ff, 0x073b4cff],
  [0xf1faeeff, 0xe63946ff, 0xa8dadcff, 0x457b9dff, 0x1d3557ff, 0xf4a261ff],
] as const;

export function tiles(random: Random): Raster {
  const [count, size] = [6, 150];
  const picture = raster(count * size, count * size);
  const palette: readonly Colour[] = pick(random, palettes);
  for (let tile = 0; tile < count * count; tile++) {
    const [x, y] = [(tile % count) * size, Math.floor(tile / count) * size];
    const ground = pick(random, palette);
    const others = palette.filter((colour) => colour !== ground);
    fill(picture, rectangle(x, y, size, size), ground);
    paintMotif(picture, random, { x, y, size, first: pick(random, others), second: pick(random, others) });
  }
  return picture;
}

function paintMotif(
  picture: Raster,
  random: Random,
  { x, y, size, first, second }: { x: number; y: number; size: number; first: Colour; second: Colour },
): void {
  const corner = integer(random, 0, 3);
  const [cornerX, cornerY] = [x + (corner === 1 || corner === 2 ? size : 0), y + (corner >= 2 ? size : 0)];
  const quarter = (radius: number) =>
    sector(cornerX, cornerY, radius, (corner * Math.PI) / 2, ((corner + 1) * Math.PI) / 2);
  const middle = [x + size / 2, y + size / 2] as const;
  const motif = integer(random, 0, 5);
  if (motif === 0) {
    fill(picture, quarter(size), first);
    fill(picture, quarter(size / 2), second);
  } else if (motif === 1) {
    fill(picture, ellipse(...middle, size * 0.4), first);
    fill(picture, ellipse(...middle, size * 0.2), second);
  } else if (motif === 2) {
    fill(picture, sector(...middle, size / 2, (corner * Math.PI) / 2, (corner * Math.PI) / 2 + Math.PI), first);
  } else if (motif === 3) {
    for (let stripe = 0; stripe < 3; stripe++)
      fill(
        picture,
        corner % 2 === 0
          ? rectangle(x, y + (stripe * size) / 3, size, size / 6)
          : rectangle(x + (stripe * size) / 3, y, size / 6, size),
        first,
      );
  } else if (motif === 4) {
    fill(
      picture,
      [
        [cornerX, cornerY],
        [cornerX, y + size - (cornerY - y)],
        [x + size - (cornerX - x), cornerY],
      ],
      first,
    );
  } else {
    fill(picture, quarter(size), first);
  }
}
