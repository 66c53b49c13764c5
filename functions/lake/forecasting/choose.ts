// choose: which method forecasts a series best, its forecast with intervals, and how good both were.
//
// All methods that apply forecast from the same earlier moments, and the one with the least error wins: the least mean absolute error
// (as MASE); for an intermittent series the least squared one (as RMSSE, which the M5 competition took for such series), because the
// least absolute error is that of the median, and the median of a series with sales on few days is no sale at all.
//
// The best of many is partly the luckiest. So the choosing itself is held against the benchmark too: every origin is forecast by
// the method that the other origins would have chosen, and their error counts. A last origin held back would do the same with one
// window in place of all. If either does not beat seasonal naive, seasonal naive is published.
//
// Too few data: the last period once more, or the mean where there is not even a period. There are no intervals then, since there
// is no error to make them of.

import { maseScale, meanAbsoluteError, rootMeanSquaredError } from "./accuracy";
import { benchmark, isIntermittent, reference } from "./candidates";
import { halfWidths } from "./conformal";
import { absoluteErrors, type Metrics, metricsOf } from "./metrics";
import { type Backtested, originsOf, rollingOrigin } from "./rolling-origin";
import { seasonalNaive } from "./seasonal-naive";

export type { Metrics } from "./metrics";

export interface Task {
  /** Steps in a season: 7 for days; 1 where there is none. */
  readonly period: number;
  /** Steps to forecast. */
  readonly horizon: number;
  /** How many earlier moments to try the methods at, as far as there is room; 8. */
  readonly origins?: number;
}

export interface Forecast {
  readonly status: "ok" | "benchmark_wins" | "too_few_data";
  readonly method: string;
  readonly parameters: Readonly<Record<string, number>>;
  readonly mean: readonly number[];
  /** Null where there are too few errors for this coverage. */
  readonly lower80: readonly (number | null)[];
  readonly upper80: readonly (number | null)[];
  readonly lower95: readonly (number | null)[];
  readonly upper95: readonly (number | null)[];
  /** Of the published method, and of seasonal naive at the same origins; null without origins. */
  readonly metrics: Metrics | null;
  readonly benchmark: Metrics | null;
  /** By which error the methods competed. */
  readonly criterion: "mase" | "rmsse";
  /** The same error of the choosing: of the methods that were chosen without the origin that they forecast. */
  readonly chosenBlind: number | null;
  /** How many values each backtest was made from. */
  readonly origins: readonly number[];
  /** All that competed, the best first. */
  readonly competitors: readonly { readonly method: string; readonly error: number }[];
}

/** What the series holds must be finite; its order is that of time, its steps are equal. */
export function forecast(series: readonly number[], { period, horizon, origins: count = 8 }: Task): Forecast {
  mustBeForecastable(series);
  mustBeWhole({ period, horizon, origins: count });
  // Powers of two scale without rounding: squares of the largest and of the smallest numbers stay within range.
  const unit = 2 ** Math.floor(Math.log2(largestOf(series) || 1));
  const scaled = series.map((value) => value / unit);
  const origins = originsOf(series.length, { period, horizon, count });
  const found = origins.length === 0 ? fallback(scaled, period, horizon) : chosen(scaled, origins, period, horizon);
  return inUnits(found, unit);
}

function chosen(series: readonly number[], origins: readonly number[], period: number, horizon: number): Forecast {
  const { backtested, following } = rollingOrigin(series, origins, { period, horizon });
  const actual = origins.map((origin) => series.slice(origin, origin + horizon));
  const scale = maseScale(series.slice(0, origins.at(-1)), period);
  const criterion = isIntermittent(series) ? "rmsse" : "mase";
  const scored = backtested
    .map((each) => ({ ...each, losses: lossesOf(each, actual, scale, criterion) }))
    .map((each) => ({ ...each, error: errorOf(each.losses, criterion) }))
    .sort((one, other) => one.error - other.error);
  const [best] = scored;
  const naive = scored.find(({ method }) => method === benchmark);
  if (best === undefined || naive === undefined) throw new Error(`Cannot compare forecasts: "${benchmark}" made none`);
  const naive2 = scored.find(({ method }) => method === reference) ?? naive;

  const blind = origins.map((_, index) => bestWithout(scored, index).losses[index] ?? Number.NaN);
  const chosenBlind = errorOf(blind, criterion);
  const beaten = clearlyBelow(best.error, naive.error) && clearlyBelow(chosenBlind, naive.error);
  const winner = beaten ? best : naive;
  const { parameters, mean: expected } = following.find(({ method }) => method === winner.method) ?? {
    parameters: {},
    mean: [],
  };
  const metrics = (each: Scored) => metricsOf({ origins, actual, forecasts: each.forecasts }, scale, naive2.forecasts);
  const least = series.every((value) => value >= 0) ? 0 : Number.NEGATIVE_INFINITY;
  const backtest = { origins, errors: absoluteErrors({ actual, forecasts: winner.forecasts }) };
  const bounds = (coverage: number, side: -1 | 1) =>
    halfWidths(backtest, coverage).map((width, step) =>
      width === null ? null : Math.max(least, (expected[step] ?? Number.NaN) + side * width),
    );
  return {
    status: beaten ? "ok" : "benchmark_wins",
    method: winner.method,
    parameters,
    mean: expected,
    lower80: bounds(0.8, -1),
    upper80: bounds(0.8, 1),
    lower95: bounds(0.95, -1),
    upper95: bounds(0.95, 1),
    metrics: metrics(winner),
    benchmark: metrics(naive),
    criterion,
    chosenBlind,
    origins,
    competitors: scored.map(({ method, error }) => ({ method, error })),
  };
}

interface Scored extends Backtested {
  /** One per origin. */
  readonly losses: readonly number[];
  readonly error: number;
}

function bestWithout(scored: readonly Scored[], origin: number): Scored {
  const sum = ({ losses }: Scored) =>
    losses.reduce((total, loss, index) => (index === origin ? total : total + loss), 0);
  return scored.reduce((best, each) => (sum(each) < sum(best) ? each : best));
}

/** Not by rounding alone. */
const clearlyBelow = (error: number, other: number) => error < other * (1 - 1e-9);

function fallback(series: readonly number[], period: number, horizon: number): Forecast {
  const wholePeriod = series.length >= period;
  const unknown = Array.from({ length: horizon }, () => null);
  return {
    status: "too_few_data",
    method: wholePeriod ? benchmark : "mean",
    parameters: {},
    mean: seasonalNaive(wholePeriod ? series : [mean(series)], period, horizon),
    lower80: unknown,
    upper80: unknown,
    lower95: unknown,
    upper95: unknown,
    metrics: null,
    benchmark: null,
    criterion: "mase",
    chosenBlind: null,
    origins: [],
    competitors: [],
  };
}

type Criterion = Forecast["criterion"];

function lossesOf(
  { forecasts }: Backtested,
  actual: readonly (readonly number[])[],
  scale: number,
  criterion: Criterion,
): number[] {
  return forecasts.map((expected, index) => {
    const came = actual[index] ?? [];
    return criterion === "mase"
      ? meanAbsoluteError(came, expected) / scale
      : (rootMeanSquaredError(came, expected) / scale) ** 2;
  });
}

const errorOf = (losses: readonly number[], criterion: Criterion): number =>
  criterion === "mase" ? mean(losses) : Math.sqrt(mean(losses));

function inUnits(found: Forecast, unit: number): Forecast {
  const scaled = (values: readonly (number | null)[]) => values.map((value) => (value === null ? null : value * unit));
  const metrics = (each: Metrics | null) =>
    each === null ? null : { ...each, mae: each.mae * unit, rmse: each.rmse * unit, bias: each.bias * unit };
  return {
    ...found,
    mean: found.mean.map((value) => value * unit),
    lower80: scaled(found.lower80),
    upper80: scaled(found.upper80),
    lower95: scaled(found.lower95),
    upper95: scaled(found.upper95),
    metrics: metrics(found.metrics),
    benchmark: metrics(found.benchmark),
  };
}

/** Errors of the caller's program have the code NOT_FORECASTABLE. */
function mustBeForecastable(series: readonly number[]): void {
  if (series.length === 0) throw refusal("Cannot forecast a series of no values: give it one or more");
  for (const [index, value] of series.entries())
    if (!(Math.abs(value) <= largest))
      throw refusal(`Cannot forecast a series: value ${index} is ${value}, and must be finite and within ${largest}`);
}

/** Leaves room for a forecast to grow beyond it. */
const largest = 1e300;

function mustBeWhole(numbers: Readonly<Record<string, number>>): void {
  for (const [name, number] of Object.entries(numbers))
    if (!Number.isInteger(number) || number < 1)
      throw refusal(`Cannot forecast with ${name} ${number}: it must be a whole number greater than 0`);
}

const refusal = (message: string) => Object.assign(new RangeError(message), { code: "NOT_FORECASTABLE" });

const largestOf = (series: readonly number[]) => series.reduce((most, value) => Math.max(most, Math.abs(value)), 0);

const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
