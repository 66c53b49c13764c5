// seasonal-mann-kendall: does a series with a season rise or fall? (Hirsch, Slack & Smith 1982)
//
// Januaries are compared with Januaries only, and so on; S and its variance are the sums over the seasons, so that the season
// itself cannot look like a trend. The seasons count as independent of each other: of values that depend on their neighbours the
// p-value is too small (Hirsch & Slack 1984 correct for it, from some ten years on).

import { requireFinite } from "./finite-series";
import { mannKendall, significance } from "./mann-kendall";
import { median } from "./theil-sen";

export interface SeasonalMannKendall {
  readonly s: number;
  readonly variance: number;
  readonly z: number;
  readonly p: number;
  /** From one period to the next, as the median of the slopes within seasons; undefined where no season has two values. */
  readonly slope: number | undefined;
}

/** `period` is the number of values of one period: 12 for months of a year. The last period may be incomplete. */
export function seasonalMannKendall(values: readonly number[], period: number): SeasonalMannKendall {
  requireFinite(values);
  if (!Number.isInteger(period) || period < 1) {
    throw new RangeError(`Cannot compare seasons as period must be a whole number above 0: current value is ${period}`);
  }
  const seasons = Array.from({ length: Math.min(period, values.length) }, (_, season) =>
    values.filter((_, index) => index % period === season),
  );
  const tests = seasons.map(mannKendall);
  const s = tests.reduce((sum, test) => sum + test.s, 0);
  const variance = tests.reduce((sum, test) => sum + test.variance, 0);
  const slopes = seasons.flatMap(slopesOf);
  return { s, variance, ...significance(s, variance), slope: slopes.length === 0 ? undefined : median(slopes) };
}

function slopesOf(values: readonly number[]): number[] {
  return values.flatMap((later, index) =>
    values.slice(0, index).map((earlier, before) => (later - earlier) / (index - before)),
  );
}
