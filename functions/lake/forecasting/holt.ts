// holt: a level and a trend (Holt 1957); damped, the trend fades with the horizon (Gardner and McKenzie 1985).
//
//   e_t = y_t - (l_{t-1} + phi b_{t-1})    l_t = l_{t-1} + phi b_{t-1} + alpha e_t    b_t = phi b_{t-1} + alpha beta e_t
//   forecast h steps ahead: l_n + (phi + phi^2 + ... + phi^h) b_n
//
// For given constants the errors are linear in the first level and trend: two equations give the best ones, and only alpha, beta
// and phi are searched for.

import { nelderMead } from "./nelder-mead";

export interface HoltConstants {
  readonly alpha: number;
  readonly beta: number;
  /** 1 where nothing fades. */
  readonly phi: number;
}

export interface Holt extends HoltConstants {
  /** After the last value. */
  readonly level: number;
  readonly trend: number;
  readonly sse: number;
}

/** `near`: constants to start the search from, those of a shorter part of the series. */
export function holt(
  series: readonly number[],
  {
    damped,
    near,
    given,
  }: { readonly damped: boolean; readonly near?: HoltConstants | undefined; readonly given?: HoltConstants },
): Holt {
  const [first = Number.NaN] = series;
  const fromFirst = series.map((value) => value - first); // large levels would drown small errors
  const constants = given ?? fitted(fromFirst, damped, near);
  const { level, ...fit } = smooth(fromFirst, constants.alpha, constants.beta, constants.phi);
  return { ...constants, ...fit, level: level + first };
}

export function holtForecast({ level, trend, phi }: Pick<Holt, "level" | "trend" | "phi">, horizon: number): number[] {
  let [ahead, fading] = [level, 1];
  return Array.from({ length: horizon }, () => {
    fading *= phi;
    ahead += fading * trend;
    return ahead;
  });
}

// Of phi beyond 0.98 nothing can be seen in a series of this length, and below 0.8 the trend is gone after a few steps
// (Hyndman and Athanasopoulos, Forecasting: Principles and Practice, 8.2).
const least = [1e-4, 1e-4, 0.8];
const most = [0.9999, 0.9999, 0.98];

function fitted(series: readonly number[], damped: boolean, near: HoltConstants = { alpha: 0.3, beta: 0.1, phi: 0.9 }) {
  const axes = damped ? 3 : 2;
  const { point } = nelderMead(
    ([alpha = 0, beta = 0, phi = 1]) => smooth(series, alpha, beta, phi).sse,
    [near.alpha, near.beta, near.phi].slice(0, axes),
    { lower: least.slice(0, axes), upper: most.slice(0, axes), step: [0.2, 0.1, 0.05].slice(0, axes), tolerance: 1e-4 },
  );
  const [alpha = 0, beta = 0, phi = 1] = point;
  return { alpha, beta, phi };
}

function smooth(series: readonly number[], alpha: number, beta: number, phi: number) {
  const both = alpha * beta;
  // From a first level and trend of 0; and what a first level, and a first trend, of 1 would add to it.
  let [level, trend] = [0, 0];
  let [levelOfLevel, trendOfLevel] = [1, 0];
  let [levelOfTrend, trendOfTrend] = [0, 1];
  let [ee, eu, ev, uu, uv, vv] = [0, 0, 0, 0, 0, 0];
  for (const value of series) {
    const u = levelOfLevel + phi * trendOfLevel;
    const v = levelOfTrend + phi * trendOfTrend;
    const ahead = level + phi * trend;
    const error = value - ahead;
    ee += error * error;
    eu += error * u;
    ev += error * v;
    uu += u * u;
    uv += u * v;
    vv += v * v;
    level = ahead + alpha * error;
    trend = phi * trend + both * error;
    levelOfLevel = u - alpha * u;
    trendOfLevel = phi * trendOfLevel - both * u;
    levelOfTrend = v - alpha * v;
    trendOfTrend = phi * trendOfTrend - both * v;
  }
  const determinant = uu * vv - uv * uv;
  const solvable = determinant > 1e-12 * uu * vv;
  const startTrend = solvable ? (uu * ev - uv * eu) / determinant : 0;
  const startLevel = (eu - uv * startTrend) / uu;
  return {
    level: level + levelOfLevel * startLevel + levelOfTrend * startTrend,
    trend: trend + trendOfLevel * startLevel + trendOfTrend * startTrend,
    sse: Math.max(0, ee - startLevel * eu - startTrend * ev),
  };
}
