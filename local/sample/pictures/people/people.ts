// people: how those of the portraits look.

import { pick } from "../../draw";
import type { Random } from "../../xoshiro128";
import { portrait } from "./portrait";

export const womanWithLongHair = (random: Random) =>
  portrait(random, 630, 840, {
    skin: pick(random, [0xf0c3a0ff, 0xe8b590ff]),
    hair: pick(random, [0x5b3420ff, 0x8a4a24ff, 0x3a2620ff]),
    style: "long",
    eyes: 0x5a7f5aff,
    clothes: pick(random, [0x9c2f45ff, 0x2f6f73ff, 0x7a3f78ff]),
    collar: "round",
    background: [0xbcd3cfff, 0x7fa39cff],
  });

export const manWithBeard = (random: Random) =>
  portrait(random, 720, 960, {
    skin: pick(random, [0xd9a27cff, 0xe3b08aff]),
    hair: pick(random, [0x2c2220ff, 0x4a3426ff]),
    style: "short",
    eyes: 0x6a4a32ff,
    clothes: pick(random, [0x2c3e5cff, 0x3c3f46ff]),
    collar: "shirt",
    background: [0xd9dee4ff, 0x98a6b5ff],
    beard: true,
  });

export const womanWithCurls = (random: Random) =>
  portrait(random, 640, 760, {
    skin: pick(random, [0x9a6243ff, 0x8a5538ff]),
    hair: 0x2a1c18ff,
    style: "curly",
    eyes: 0x4a2e1fff,
    clothes: pick(random, [0xe0a526ff, 0xd9653bff]),
    collar: "round",
    background: [0xf2ddc4ff, 0xd6a988ff],
    glasses: true,
  });
