// least-squares-line: the line through equally spaced values with the least squared distances.

export interface Line {
  readonly slope: number;
  /** The line at a time; the first value has time 0. */
  readonly at: (time: number) => number;
}

export function leastSquaresLine(series: readonly number[]): Line {
  const middle = (series.length - 1) / 2;
  const mean = series.reduce((sum, value) => sum + value, 0) / series.length;
  let [products, squares] = [0, 0];
  for (const [time, value] of series.entries()) {
    products += (time - middle) * (value - mean);
    squares += (time - middle) ** 2;
  }
  const slope = squares === 0 ? 0 : products / squares;
  return { slope, at: (time) => mean + slope * (time - middle) };
}
