// mann-kendall: does a series rise or fall more often than chance would have it? (Mann 1945, Kendall 1975)
//
//   S     the pairs in which the later value is larger, less those in which it is smaller
//   Var   [n(n-1)(2n+5) - sum over ties of t(t-1)(2t+5)] / 18
//   z     (S - sgn S) / sqrt(Var): the step towards 0 is the continuity correction, S being a whole number
//   tau   Kendall's tau-b, S as a share of what the ties leave possible, from -1 to 1
//
// It asks for order only, never for size, so that a single absurd value cannot make a trend. The p-value holds for independent
// values: where each resembles the one before it, it is far too small - see hamed-rao.

import { requireFinite } from "./finite-series";
import { twoSidedP } from "./normal-distribution";
import { tieSizes } from "./ranks";

export interface MannKendall {
  readonly n: number;
  readonly s: number;
  readonly variance: number;
  readonly z: number;
  readonly p: number;
  readonly tau: number;
}

/** Of fewer than two values, and of values that are all equal: s 0, p 1, tau 0. */
export function mannKendall(values: readonly number[]): MannKendall {
  requireFinite(values);
  const n = values.length;
  const s = score(values);
  const sizes = tieSizes(values);
  const variance = scoreVariance(n, sizes);
  const pairs = pairsOf(n);
  const untied = pairs - sizes.reduce((sum, size) => sum + pairsOf(size), 0);
  return { n, s, variance, ...significance(s, variance), tau: untied === 0 ? 0 : s / Math.sqrt(pairs * untied) };
}

/** z, and the probability of one as far from 0 where nothing rises or falls. */
export function significance(s: number, variance: number): { readonly z: number; readonly p: number } {
  const z = variance > 0 && s !== 0 ? (s - Math.sign(s)) / Math.sqrt(variance) : 0;
  return { z, p: twoSidedP(z) };
}

function score(values: readonly number[]): number {
  let s = 0;
  for (const [index, later] of values.entries()) {
    for (const earlier of values.slice(0, index)) s += Math.sign(later - earlier);
  }
  return s;
}

function scoreVariance(n: number, sizes: readonly number[]): number {
  const weight = (size: number) => 2 * pairsOf(size) * (2 * size + 5);
  return (weight(n) - sizes.reduce((sum, size) => sum + weight(size), 0)) / 18;
}

const pairsOf = (n: number) => (n === 0 ? 0 : (n * (n - 1)) / 2);
