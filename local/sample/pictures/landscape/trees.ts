// trees: from far and from near.

import { between, pick } from "../../draw";
import type { Random } from "../../xoshiro128";
import { darker, lighter, mix } from "../raster/colour";
import { fill } from "../raster/fill";
import { across } from "../raster/gradient";
import { ellipse, type Point, rectangle, ribbon } from "../raster/outline";
import type { Colour, Raster } from "../raster/raster";

/** A crown of many leaves on a trunk; `y` is where it stands. The light comes from the left. */
export function paintTree(
  raster: Raster,
  random: Random,
  { x, y, height, leaves }: { x: number; y: number; height: number; leaves: readonly Colour[] },
): void {
  const [radius, middle] = [height * 0.34, y - height * 0.64];
  const trunk = [0, 0.35, 0.7].map((up): Point => [x + between(random, -0.015, 0.015) * height, y - height * up]);
  const bark = across([x - height * 0.04, y], [x + height * 0.04, y], [0, 0x7a5c43ff], [1, 0x3f2d22ff]);
  fill(
    raster,
    ribbon(trunk, (up) => height * (0.085 - 0.055 * up)),
    bark,
  );
  for (const side of [-1, 1])
    fill(
      raster,
      ribbon(
        [
          [x, y - height * 0.36],
          [x + side * radius * 0.6, y - height * 0.62],
        ],
        height * 0.025,
      ),
      0x4d382aff,
    );

  const tufts = Math.round(height < 60 ? 14 + height * 0.5 : 20 + height * 1.1);
  for (let tuft = 0; tuft < tufts; tuft++) {
    // From behind to before, and from the shade below to the light above.
    const [angle, out] = [between(random, 0, 2 * Math.PI), Math.sqrt(random()) * 0.92];
    const [u, v] = [Math.cos(angle) * out, Math.sin(angle) * out * 0.95];
    const light = 0.5 - 0.45 * v - 0.3 * u + between(random, -0.18, 0.18) + (tuft / tufts - 0.5) * 0.3;
    const leaf = pick(random, leaves);
    const colour = light > 0.5 ? lighter(leaf, (light - 0.5) * 0.45) : darker(leaf, (0.5 - light) * 0.7);
    const size = radius * between(random, 0.08, 0.17) * (1.15 - 0.35 * out) * (height < 60 ? 1.7 : 1);
    fill(raster, ellipse(x + u * radius, middle + v * radius, size * 1.15, size, angle), colour);
  }
}

/** Tiers of branches, from the lowest to the top. One that is small has less of everything. */
export function paintFir(
  raster: Raster,
  random: Random,
  { x, y, height, colour }: { x: number; y: number; height: number; colour: Colour },
): void {
  const far = height < 60;
  fill(raster, rectangle(x - height * 0.03, y - height * 0.2, height * 0.06, height * 0.2), darker(colour, 0.4));
  const tiers = far ? 4 : 7;
  const teeth = far ? [1, 0, -1] : [1, 0.66, 0.36, 0.05, -0.3, -0.62, -1];
  for (let tier = 0; tier < tiers; tier++) {
    const share = tier / tiers;
    const foot = y - height * (0.1 + 0.8 * share);
    const reach = height * 0.27 * (1 - share * 0.86) * between(random, 0.88, 1.08);
    const tip = foot - height * (far ? 0.4 - 0.17 * share : 0.3 - 0.1 * share);
    const hang = height * 0.035;
    const skirt = teeth.map((at, index): Point => {
      const down = (index % 2 === 0 ? hang : -hang * 0.3) * between(random, 0.6, 1.3);
      return [x + at * reach, foot + down - Math.abs(at) * hang * 0.6];
    });
    const light = lighter(colour, 0.1 + 0.06 * share);
    const shaded = () =>
      across([x - reach, foot], [x + reach, foot], [0, light], [0.55, colour], [1, darker(colour, 0.25)]);
    fill(raster, [[x, tip], ...skirt], far ? mix(colour, light, share) : shaded());
  }
}
