// hamed-rao: Mann-Kendall for values that depend on the ones before them (Hamed & Rao 1998).
//
// A shop's weeks resemble their neighbours. n such weeks say less than n independent ones, and the plain test finds trends where
// there are none. Here the trend is taken out, the dependence of what is left is measured, and the variance of S grows with it.

import { requireFinite } from "./finite-series";
import { type MannKendall, mannKendall, significance } from "./mann-kendall";
import { theilSen } from "./theil-sen";
import { significantLagsRatio } from "./variance-ratio";

export interface HamedRao extends MannKendall {
  /** The variance of S is this many times that of independent values. */
  readonly ratio: number;
}

/** `variance`, `z` and `p` are the corrected ones. Never more certain than the plain test: a ratio below 1 counts as 1. */
export function hamedRao(values: readonly number[], { ratioOf = significantLagsRatio } = {}): HamedRao {
  const plain = mannKendall(values);
  const ratio = Math.max(1, ratioOf(detrended(values)));
  const variance = plain.variance * ratio;
  return { ...plain, variance, ...significance(plain.s, variance), ratio };
}

/** The values less the line of Theil and Sen through them; all 0 where they lie on it but for rounding. */
export function detrended(values: readonly number[]): number[] {
  requireFinite(values);
  const slope = theilSen(values)?.slope ?? 0;
  const rest = values.map((value, index) => value - (index + 1) * slope);
  return spread(rest) <= 1e-9 * spread(values) ? rest.map(() => 0) : rest;
}

function spread(values: readonly number[]): number {
  let [least, greatest] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const value of values) {
    least = Math.min(least, value);
    greatest = Math.max(greatest, value);
  }
  return greatest - least;
}
