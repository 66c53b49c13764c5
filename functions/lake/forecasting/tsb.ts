// tsb: series that are mostly zero and may come to an end. The size of a demand is smoothed when there is one, its probability at
// every step, so that the forecast fades while nothing happens (Teunter, Syntetos and Babai 2011).
//
//   forecast = probability x size, flat

import { nelderMead } from "./nelder-mead";

export interface TsbConstants {
  /** Of the size. */
  readonly alpha: number;
  /** Of the probability. */
  readonly beta: number;
}

export interface Tsb extends TsbConstants {
  readonly size: number;
  readonly probability: number;
  /** Sum of the squared errors of what was expected one step ahead, from the first demand on. */
  readonly sse: number;
  /** Demand per step. */
  readonly rate: number;
}

/** The constants are fitted by least squares where they are not given. Needs a demand. */
export function tsb(series: readonly number[], given?: TsbConstants): Tsb {
  const { alpha, beta } = given ?? fitted(series);
  const { size, probability, sse } = smooth(series, alpha, beta);
  return { alpha, beta, size, probability, sse, rate: probability * size };
}

function fitted(series: readonly number[]): TsbConstants {
  const { point } = nelderMead(([alpha = 0, beta = 0]) => smooth(series, alpha, beta).sse, [0.1, 0.1], {
    lower: [0.02, 0.02],
    upper: [0.3, 0.3],
    step: [0.1, 0.1],
    tolerance: 1e-5,
  });
  const [alpha = 0, beta = 0] = point;
  return { alpha, beta };
}

/** From the first demand on: its size, and one over the steps that it took. */
function smooth(series: readonly number[], alpha: number, beta: number) {
  const first = series.findIndex((value) => value !== 0);
  let [size, probability, sse] = [series[first] ?? Number.NaN, 1 / (first + 1), 0];
  for (let time = first + 1; time < series.length; time++) {
    const value = series[time] ?? Number.NaN;
    sse += (value - probability * size) ** 2;
    if (value === 0) {
      probability -= beta * probability;
    } else {
      probability += beta * (1 - probability);
      size += alpha * (value - size);
    }
  }
  return { size, probability, sse };
}
