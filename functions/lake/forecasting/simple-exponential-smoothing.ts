// simple-exponential-smoothing: a level that follows the series by a share alpha of each error. Its forecast is flat.
//
//   e_t = y_t - l_{t-1}    l_t = l_{t-1} + alpha e_t
//
// For a given alpha the errors are linear in the first level: e_t = d_t - (1 - alpha)^{t-1} l_0, where d_t are the errors from a
// first level of 0. So the best l_0 has a closed form, and only alpha is searched for.

import { goldenSection } from "./golden-section";

export interface SimpleExponentialSmoothing {
  readonly alpha: number;
  /** The level before the first value. */
  readonly start: number;
  /** The level after the last value: the forecast. */
  readonly level: number;
  /** Sum of the squared errors. */
  readonly sse: number;
}

/** What is not given is fitted by least squares. */
export function simpleExponentialSmoothing(
  series: readonly number[],
  given: { readonly alpha?: number; readonly start?: number } = {},
): SimpleExponentialSmoothing {
  const [first = Number.NaN] = series;
  const fromFirst = series.map((value) => value - first); // large levels would drown small errors
  const start = given.start === undefined ? undefined : given.start - first;
  const smoothed = (alpha: number) =>
    start === undefined ? bestStart(fromFirst, alpha) : smooth(fromFirst, alpha, start);
  const alpha = given.alpha ?? goldenSection((share) => smoothed(share).sse, { from: 1e-4, to: 0.9999 }).x;
  const fit = smoothed(alpha);
  return { alpha, start: fit.start + first, level: fit.level + first, sse: fit.sse };
}

function bestStart(series: readonly number[], alpha: number) {
  let [level, weight] = [0, 1]; // the level from a first level of 0, and the share of the first level that is left
  let [squares, products, weights] = [0, 0, 0];
  for (const value of series) {
    const error = value - level;
    squares += error * error;
    products += error * weight;
    weights += weight * weight;
    level += alpha * error;
    weight *= 1 - alpha;
  }
  const start = products / weights;
  return { start, level: level + weight * start, sse: Math.max(0, squares - products * start) };
}

function smooth(series: readonly number[], alpha: number, start: number) {
  let [level, sse] = [start, 0];
  for (const value of series) {
    const error = value - level;
    sse += error * error;
    level += alpha * error;
  }
  return { start, level, sse };
}
