// stl: a series as trend + season + remainder (Cleveland, Cleveland, McRae & Terpenning 1990), and how strong the first two are.
//
//   detrend -> smooth each season's values over the periods -> less what of them is trend -> season
//   deseasonalise -> smooth -> trend                             five times over, from a trend of 0
//
// Without robustness weights: an outlier goes to trend and season as well. Take logarithms first where the season grows with the
// level. Two whole periods are the least.

import { requireFinite } from "./finite-series";
import { loess } from "./loess";

export interface Decomposition {
  readonly trend: readonly number[];
  readonly season: readonly number[];
  readonly remainder: readonly number[];
}

/**
 * `period` is the number of values of a period, `seasonSpan` the number of periods over which a season may change: odd, at least 7.
 * The spans of trend and low-pass filter are the ones the authors recommend.
 */
export function stl(values: readonly number[], { period, seasonSpan = 7 }: Spans): Decomposition {
  requireFinite(values);
  if (!Number.isInteger(period) || period < 2 || values.length < 2 * period) {
    throw new RangeError(
      `Cannot decompose ${values.length} values by a period of ${period}: a period is 2 or more, and two of them are the least`,
    );
  }
  if (seasonSpan < 7 || seasonSpan % 2 !== 1) {
    throw new RangeError(`Cannot decompose as seasonSpan must be odd and at least 7: current value is ${seasonSpan}`);
  }
  const trendSpan = odd(Math.ceil((1.5 * period) / (1 - 1.5 / seasonSpan)));
  let trend = values.map(() => 0);
  let season = trend;
  for (let round = 0; round < 5; round++) {
    const cycles = smoothSeasons(difference(values, trend), period, seasonSpan);
    const slow = loess(movingMean(movingMean(movingMean(cycles, period), period), 3), odd(period + 1));
    season = difference(cycles.slice(period, period + values.length), slow);
    trend = loess(difference(values, season), trendSpan);
  }
  return { trend, season, remainder: difference(difference(values, trend), season) };
}

interface Spans {
  readonly period: number;
  readonly seasonSpan?: number;
}

/**
 * From 0, none, to 1, nothing else (Wang, Smith & Hyndman 2006): one less the share of the remainder in the variance that trend
 * and remainder, or season and remainder, have together.
 */
export function strengths({ trend, season, remainder }: Decomposition): {
  readonly trend: number;
  readonly season: number;
} {
  // Squares of the largest values would leave what a double holds: only their proportions count.
  const scale = Math.max(...[trend, season, remainder].map(largest)) || 1;
  const scaled = (part: readonly number[]) => part.map((value) => value / scale);
  const rest = scaled(remainder);
  const strength = (part: readonly number[]) => {
    const both = variance(scaled(part).map((value, index) => value + (rest[index] ?? Number.NaN)));
    return both === 0 ? 0 : Math.max(0, 1 - variance(rest) / both);
  };
  return { trend: strength(trend), season: strength(season) };
}

/** Each season's values, smoothed, and one period longer at either end. */
function smoothSeasons(values: readonly number[], period: number, span: number): number[] {
  const seasons = Array.from({ length: period }, (_, season) =>
    loess(
      values.filter((_, index) => index % period === season),
      span,
      1,
    ),
  );
  return Array.from(
    { length: values.length + 2 * period },
    (_, index) => seasons[index % period]?.[Math.floor(index / period)] ?? Number.NaN,
  );
}

function movingMean(values: readonly number[], length: number): number[] {
  return Array.from(
    { length: values.length - length + 1 },
    (_, index) => values.slice(index, index + length).reduce((sum, value) => sum + value, 0) / length,
  );
}

function variance(values: readonly number[]): number {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length;
}

const largest = (values: readonly number[]) => values.reduce((most, value) => Math.max(most, Math.abs(value)), 0);

const difference = (values: readonly number[], others: readonly number[]) =>
  values.map((value, index) => value - (others[index] ?? Number.NaN));

const odd = (length: number) => (length % 2 === 1 ? length : length + 1);
