// sky: what all landscapes have above.

import type { Random } from "../../xoshiro128";
import { mix, veiled } from "../raster/colour";
import { fill } from "../raster/fill";
import { around, downwards, type Stop } from "../raster/gradient";
import { coarse, noise, step } from "../raster/noise";
import { ellipse, rectangle } from "../raster/outline";
import type { Colour, Raster } from "../raster/raster";

/** From the top of the picture down to the horizon. */
export function paintSky(raster: Raster, horizon: number, ...stops: readonly Stop[]): void {
  fill(raster, rectangle(0, 0, raster.width, horizon), downwards(0, horizon, ...stops));
}

/** A disc, and its light round it. */
export function paintSun(
  raster: Raster,
  {
    x,
    y,
    radius,
    disc,
    glow,
    reach,
  }: { x: number; y: number; radius: number; disc: Colour; glow: Colour; reach: number },
): void {
  const fading: Stop[] = [
    [0, veiled(glow, 0.85)],
    [0.15, veiled(glow, 0.55)],
    [0.4, veiled(glow, 0.2)],
    [1, veiled(glow, 0)],
  ];
  fill(raster, ellipse(x, y, reach), around([x, y], [reach, reach], ...fading));
  fill(raster, ellipse(x, y, radius), disc);
}

export interface Clouds {
  readonly top: number;
  readonly bottom: number;
  /** How long and how high one is, in pixels. */
  readonly size: readonly [width: number, height: number];
  /** 0 is a clear sky, 1 an overcast one. */
  readonly cover: number;
  readonly light: Colour;
  readonly shade: Colour;
}

export function paintClouds(
  raster: Raster,
  random: Random,
  { top, bottom, size: [width, height], cover, light, shade }: Clouds,
): void {
  const whole = noise(random, 5);
  const density = coarse((x, y) => whole(x / width, y / height), raster.width, bottom);
  const threshold = 0.66 - 0.3 * cover;
  fill(raster, rectangle(0, top, raster.width, bottom - top), (x, y) => {
    // Less of it towards the edges of the band, so that it has none.
    const inside = step(top - 40, top + (bottom - top) * 0.3, y) * (1 - step(top + (bottom - top) * 0.5, bottom, y));
    const here = density(x, y) - 0.35 * (1 - inside);
    const thick = step(threshold, threshold + 0.13, here);
    if (thick === 0) return 0;
    // Lit from above: where there is more cloud overhead, it is darker.
    const shaded = step(0, 0.2, density(x, Math.max(0, y - height * 0.2)) - threshold) * step(0.4, 1, thick);
    return veiled(mix(light, shade, shaded * 0.6), thick * 0.96);
  });
}
