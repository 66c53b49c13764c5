// pettitt: at which place a series changes its level, if it does (Pettitt 1979).
//
//   U(t) = 2 * (sum of the first t ranks) - t(n+1);  K = max |U(t)|;  p = 2 exp(-6 K^2 / (n^3 + n^2)), at most 1
//
// The p-value is an approximation, good where it is small, and holds for independent values of one level. Two things look like a
// change without being one: weeks that resemble their neighbours (pass the `varianceRatio` of the values less their two levels:
// the exponent is divided by it), and a steady trend, which always has a best place to be cut in two.

import { requireFinite } from "./finite-series";
import { ranks } from "./ranks";

export interface Pettitt {
  /** K. */
  readonly statistic: number;
  /** How many values lie before the change: the index of the first one after it. Undefined where K is 0. */
  readonly index: number | undefined;
  readonly p: number;
}

export function pettitt(values: readonly number[], { varianceRatio = 1 } = {}): Pettitt {
  requireFinite(values);
  if (!(varianceRatio > 0)) {
    throw new RangeError(
      `Cannot look for a change as varianceRatio must be above 0: current value is ${varianceRatio}`,
    );
  }
  const n = values.length;
  let [statistic, index, sum]: [number, number | undefined, number] = [0, undefined, 0];
  for (const [before, rank] of ranks(values).entries()) {
    sum += rank;
    const distance = Math.abs(2 * sum - (before + 1) * (n + 1));
    if (distance > statistic) [statistic, index] = [distance, before + 1];
  }
  const exponent = statistic === 0 ? 0 : (-6 * statistic ** 2) / (n ** 3 + n ** 2) / varianceRatio;
  return { statistic, index, p: Math.min(1, 2 * Math.exp(exponent)) };
}
