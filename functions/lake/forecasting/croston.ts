// croston: series that are mostly zero. Sizes of demands and the intervals between them are smoothed apart (Croston 1972); the
// ratio of the two is too high by about alpha / 2, and corrected for it (SBA: Syntetos and Boylan 2005).
//
//   forecast = (1 - alpha / 2) size / interval, flat

import { goldenSection } from "./golden-section";

export interface Croston {
  readonly alpha: number;
  readonly size: number;
  readonly interval: number;
  /** Sum of the squared errors of what was expected one step ahead, from the first demand on. */
  readonly sse: number;
  /** Demand per step, corrected. */
  readonly rate: number;
}

/** The mean interval between demands (ADI); infinite where there are none. Beyond 1.32 demand is intermittent (Syntetos, Boylan and Croston 2005). */
export const demandInterval = (series: readonly number[]): number =>
  series.length / series.filter((value) => value !== 0).length;

/** `alpha` is fitted by least squares where it is not given, in the range that practice uses. Needs a demand. */
export function croston(series: readonly number[], given: { readonly alpha?: number } = {}): Croston {
  const alpha = given.alpha ?? goldenSection((share) => smooth(series, share).sse, { from: 0.05, to: 0.3, grid: 6 }).x;
  const { size, interval, sse } = smooth(series, alpha);
  return { alpha, size, interval, sse, rate: ((1 - alpha / 2) * size) / interval };
}

function smooth(series: readonly number[], alpha: number) {
  let [size, interval] = [Number.NaN, Number.NaN];
  let [since, sse] = [0, 0];
  for (const value of series) {
    since++;
    if (!Number.isNaN(size)) sse += (value - ((1 - alpha / 2) * size) / interval) ** 2;
    if (value === 0) continue;
    size = Number.isNaN(size) ? value : size + alpha * (value - size);
    interval = Number.isNaN(interval) ? since : interval + alpha * (since - interval);
    since = 0;
  }
  return { size, interval, sse };
}
