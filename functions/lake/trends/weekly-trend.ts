// weekly-trend: which of many weekly series rise or fall, by how much, and which changed their level.
//
// A trend is a movement over the whole series that chance would not have made: weeks count by their order, so that a promotion,
// a week without stock or an absurd order moves little, and what is gone after some weeks is none. A change is one place at which
// the level became another and stayed so. Both are tests, corrected for weeks that resemble their neighbours and for the number
// of series tested: of all trends reported, one in twenty is expected to be false, and likewise of all changes (one in ten for half
// a year of weeks that resemble their neighbours by r = 0.3: simulated).
//
// What they cannot tell: in less than two years a season looks like a trend (Christmas is a rise when the series ends there), and
// a steady trend has a best place to be cut in two, so that it is reported as a change, too. Weeks, not days: a day of the week
// is a season. The last week must be complete.

import { benjaminiHochberg } from "./benjamini-hochberg";
import { requireFinite } from "./finite-series";
import { hamedRao } from "./hamed-rao";
import { type Pettitt, pettitt } from "./pettitt";
import { median, theilSen } from "./theil-sen";
import { firstOrderRatio } from "./variance-ratio";

export interface WeeklySeries {
  readonly key: string;
  /** One number for each week, 0 for a week without any. */
  readonly weeks: readonly number[];
}

export interface WeeklyTrend {
  readonly key: string;
  readonly n: number;
  readonly s: number | null;
  readonly z: number | null;
  readonly p: number | null;
  readonly q: number | null;
  /** Per week. */
  readonly slope: number | null;
  /** The slope in percent of the median week; null where that is 0. */
  readonly slopePercent: number | null;
  readonly direction: "rising" | "falling" | "none";
  readonly change: Change | null;
}

export interface Change {
  /** The first week of the new level, counted from 0. */
  readonly index: number;
  readonly p: number;
  readonly q: number;
  readonly meanBefore: number;
  readonly meanAfter: number;
}

/**
 * In the order of the series. A series of fewer than `minimumWeeks` has no trend, no change and no numbers: of seven weeks only a
 * nearly perfect order is significant. `fdr` is the share of false ones that is borne among the reported.
 *
 * @throws code `NotFinite`, naming series, week and value.
 */
export function weeklyTrends(
  series: readonly WeeklySeries[],
  { minimumWeeks = 8, fdr = 0.05 } = {},
): readonly WeeklyTrend[] {
  const tests = series.map(({ key, weeks }) => {
    requireFinite(weeks, key);
    if (weeks.length < minimumWeeks) return undefined;
    return { trend: hamedRao(weeks, { ratioOf: firstOrderRatio }), change: changeOf(weeks) };
  });
  const trendQs = benjaminiHochberg(tests.map((test) => test?.trend.p ?? null));
  const changeQs = benjaminiHochberg(tests.map((test) => test?.change.p ?? null));

  return series.map(({ key, weeks }, index) => {
    const [test, q, changeQ] = [tests[index], trendQs[index] ?? null, changeQs[index] ?? null];
    if (test === undefined || q === null || changeQ === null) return { key, n: weeks.length, ...untested };
    const { s, z, p } = test.trend;
    const slope = theilSen(weeks)?.slope ?? null;
    return {
      key,
      n: weeks.length,
      s,
      z,
      p,
      q,
      slope,
      slopePercent: slope === null ? null : percentOf(slope, median(weeks)),
      direction: q > fdr ? "none" : s > 0 ? "rising" : "falling",
      change: changeQ > fdr ? null : describe(weeks, test.change, changeQ),
    };
  });
}

const untested = {
  s: null,
  z: null,
  p: null,
  q: null,
  slope: null,
  slopePercent: null,
  direction: "none",
  change: null,
} as const;

/** The dependence is measured on what the two levels leave: otherwise a change would look like dependence. */
function changeOf(weeks: readonly number[]): Pettitt {
  const { index = 0 } = pettitt(weeks);
  const [before, after] = [median(weeks.slice(0, index)), median(weeks.slice(index))];
  const levelled = weeks.map((week, place) => week - (place < index ? before : after));
  return pettitt(weeks, { varianceRatio: firstOrderRatio(levelled) });
}

function describe(weeks: readonly number[], { index, p }: Pettitt, q: number): Change | null {
  if (index === undefined) return null;
  return { index, p, q, meanBefore: mean(weeks.slice(0, index)), meanAfter: mean(weeks.slice(index)) };
}

function percentOf(slope: number, middle: number): number | null {
  const percent = (slope / Math.abs(middle)) * 100;
  return Number.isFinite(percent) ? percent : null;
}

const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
