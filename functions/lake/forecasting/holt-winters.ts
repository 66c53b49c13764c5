// holt-winters: a level, a trend and a season (Winters 1960), fitted by least squares from the first periods' decomposition.
//
//   additive         e_t = y_t - (l + b + s)    l' = a (y_t - s) + (1 - a)(l + b)    s' = g (y_t - l') + (1 - g) s
//   multiplicative   e_t = y_t - (l + b) s      l' = a (y_t / s) + (1 - a)(l + b)    s' = g (y_t / l') + (1 - g) s
//   both             b' = b (l' - l) + (1 - b) b
//
// The start and the errors that count are those of R's stats::HoltWinters: two periods are decomposed, a line through their moving
// averages gives level and trend, and what counts is the errors from the second period on.

import { movingAverage, type SeasonKind, seasonalIndices } from "./decomposition";
import { leastSquaresLine } from "./least-squares-line";
import { nelderMead } from "./nelder-mead";

export interface HoltWintersConstants {
  readonly alpha: number;
  readonly beta: number;
  readonly gamma: number;
}

export interface HoltWinters extends HoltWintersConstants {
  readonly kind: SeasonKind;
  /** After the last value. */
  readonly level: number;
  readonly trend: number;
  /** Of the period that follows the series. */
  readonly season: readonly number[];
  readonly sse: number;
}

interface Settings {
  readonly period: number;
  readonly kind: SeasonKind;
  /** How many periods are decomposed for the start; 2, as R does. */
  readonly startPeriods?: number;
  /** Constants to start the search from: those of a shorter part of the series. */
  readonly near?: HoltWintersConstants | undefined;
}

/** Needs more than two periods; multiplicative, positive values. */
export function holtWinters(
  series: readonly number[],
  { period, kind, startPeriods = 2, near }: Settings,
): HoltWinters {
  const beginning = series.slice(0, startPeriods * period);
  const line = leastSquaresLine(movingAverage(beginning, period));
  const start = { level: line.at(-1), trend: line.slope, season: seasonalIndices(beginning, period, kind) };
  const smooth = kind === "additive" ? smoothAdditive : smoothMultiplicative;
  const following = series.slice(period);
  const { point } = nelderMead(
    ([alpha = 0, beta = 0, gamma = 0]) => smooth(following, alpha, beta, gamma, start).sse,
    near === undefined ? [0.3, 0.1, 0.1] : [near.alpha, near.beta, near.gamma],
    { lower: [0, 0, 0], upper: [1, 1, 1], step: [0.2, 0.1, 0.2], tolerance: 1e-5 },
  );
  const [alpha = 0, beta = 0, gamma = 0] = point;
  return { kind, alpha, beta, gamma, ...smooth(following, alpha, beta, gamma, start) };
}

export function holtWintersForecast({ kind, level, trend, season }: HoltWinters, horizon: number): number[] {
  return Array.from({ length: horizon }, (_, step) => {
    const line = level + (step + 1) * trend;
    const index = season[step % season.length] ?? Number.NaN;
    return kind === "additive" ? line + index : line * index;
  });
}

interface Start {
  readonly level: number;
  readonly trend: number;
  readonly season: readonly number[];
}

type Smoothed = Pick<HoltWinters, "level" | "trend" | "season" | "sse">;

// Two loops that differ in two lines: they are what the time of a fit goes to.

function smoothAdditive(series: readonly number[], alpha: number, beta: number, gamma: number, start: Start): Smoothed {
  let { level, trend } = start;
  const season = [...start.season];
  let [sse, phase] = [0, 0];
  for (const value of series) {
    const index = season[phase] ?? Number.NaN;
    const line = level + trend;
    const error = value - line - index;
    sse += error * error;
    const next = line + alpha * error;
    trend += beta * (next - level - trend);
    level = next;
    season[phase] = index + gamma * (value - level - index);
    phase = phase + 1 === season.length ? 0 : phase + 1;
  }
  return { level, trend, season: [...season.slice(phase), ...season.slice(0, phase)], sse };
}

function smoothMultiplicative(
  series: readonly number[],
  alpha: number,
  beta: number,
  gamma: number,
  start: Start,
): Smoothed {
  let { level, trend } = start;
  const season = [...start.season];
  let [sse, phase] = [0, 0];
  for (const value of series) {
    const index = season[phase] ?? Number.NaN;
    const line = level + trend;
    const error = value - line * index;
    sse += error * error;
    const next = line + alpha * (value / index - line);
    trend += beta * (next - level - trend);
    level = next;
    season[phase] = index + gamma * (value / level - index);
    phase = phase + 1 === season.length ? 0 : phase + 1;
  }
  return { level, trend, season: [...season.slice(phase), ...season.slice(0, phase)], sse };
}
