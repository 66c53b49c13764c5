// theta: the mean of two lines, the trend and a smoothed series with twice its curvature (Assimakopoulos and Nikolopoulos 2000).
//
//   line  = least squares through the series
//   bent  = 2 series - line, smoothed exponentially to its level
//   forecast h steps ahead: (level + line at n + h) / 2
//
// It is simple exponential smoothing with half of the line's slope as drift (Hyndman and Billah 2003).

import { leastSquaresLine } from "./least-squares-line";
import { simpleExponentialSmoothing } from "./simple-exponential-smoothing";

export interface Theta {
  readonly alpha: number;
  readonly mean: readonly number[];
}

/** What is not given is fitted by least squares. */
export function theta(
  series: readonly number[],
  horizon: number,
  given: { readonly alpha?: number; readonly start?: number } = {},
): Theta {
  const line = leastSquaresLine(series);
  const bent = series.map((value, time) => 2 * value - line.at(time));
  const { alpha, level } = simpleExponentialSmoothing(bent, given);
  const mean = Array.from({ length: horizon }, (_, step) => (level + line.at(series.length + step)) / 2);
  return { alpha, mean };
}
