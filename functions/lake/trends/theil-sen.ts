// theil-sen: how much a series changes per step (Theil 1950, Sen 1968): the median of the slopes between all pairs of its values.
//
// Up to 29 % of the values may be anything without carrying the slope away with them. The interval is Sen's: the slopes that lie
// as far from the middle one as the score of Mann-Kendall, which counts their signs, may lie from 0.

import { requireFinite } from "./finite-series";
import { mannKendall } from "./mann-kendall";
import { normalQuantile } from "./normal-distribution";

export interface TheilSen {
  /** Per step from one value to the next. */
  readonly slope: number;
  /** Where the line stands at the first value. */
  readonly intercept: number;
  readonly lower: number;
  readonly upper: number;
}

/** All slopes are held at once: 12.5 million of them are 100 MB. */
const most = 5_000;

/** Undefined for fewer than two values. `varianceRatio` widens the interval for values that depend on each other: hamed-rao. */
export function theilSen(
  values: readonly number[],
  { confidence = 0.95, varianceRatio = 1 } = {},
): TheilSen | undefined {
  requireFinite(values);
  if (!(varianceRatio > 0)) {
    throw new RangeError(
      `Cannot compute an interval as varianceRatio must be above 0: current value is ${varianceRatio}`,
    );
  }
  const n = values.length;
  if (n > most) {
    throw new RangeError(
      `Cannot compute the slope of ${n} values: ${most} are the most, add them up by week or month first`,
    );
  }
  if (n < 2) return undefined;
  const slopes = pairSlopes(values);
  const slope = sortedMedian(slopes);
  const reach = -normalQuantile((1 - confidence) / 2) * Math.sqrt(mannKendall(values).variance * varianceRatio);
  const last = slopes.length - 1;
  const at = (place: number) => slopes[Math.min(Math.max(place, 0), last)] ?? Number.NaN;
  return {
    slope,
    intercept: median(values) - (slope * (n - 1)) / 2,
    lower: at(Math.round((slopes.length - reach) / 2) - 1),
    upper: at(Math.round((slopes.length + reach) / 2)),
  };
}

/** The slopes between all pairs, in ascending order. */
function pairSlopes(values: readonly number[]): Float64Array {
  const slopes = new Float64Array((values.length * (values.length - 1)) / 2);
  let place = 0;
  for (const [index, later] of values.entries()) {
    for (const [before, earlier] of values.slice(0, index).entries()) {
      slopes[place++] = (later - earlier) / (index - before);
    }
  }
  return slopes.sort();
}

/** NaN of no values. */
export function median(values: readonly number[]): number {
  return sortedMedian(Float64Array.from(values).sort());
}

function sortedMedian(sorted: Float64Array): number {
  const half = sorted.length / 2;
  const [low, high] = [sorted[Math.ceil(half) - 1] ?? Number.NaN, sorted[Math.floor(half)] ?? Number.NaN];
  return low === high ? low : low + (high - low) / 2;
}
