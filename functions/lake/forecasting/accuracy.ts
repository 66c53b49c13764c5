// accuracy: how far forecasts were from what came. Every measure is a finite number for finite values.

/** What came, and what had been expected, pair by pair. */
type Series = readonly number[];

export const meanAbsoluteError = (actual: Series, forecast: Series): number =>
  meanOf(actual, (value, index) => Math.abs(value - at(forecast, index)));

export const rootMeanSquaredError = (actual: Series, forecast: Series): number =>
  Math.sqrt(meanOf(actual, (value, index) => (value - at(forecast, index)) ** 2));

/** Above 0: the forecasts were too high. */
export const bias = (actual: Series, forecast: Series): number =>
  meanOf(actual, (value, index) => at(forecast, index) - value);

/** In percent, 0 to 200 (Makridakis 1993, in the form of the M4 competition); nothing expected and nothing come is no error. */
export const smape = (actual: Series, forecast: Series): number =>
  meanOf(actual, (value, index) => {
    const expected = at(forecast, index);
    const size = Math.abs(value) + Math.abs(expected);
    return size === 0 ? 0 : (200 * Math.abs(value - expected)) / size;
  });

/**
 * What MASE counts in (Hyndman and Koehler 2006): the mean error of the seasonal naive forecast one period ahead, within the
 * training part. Where that is 0 it is the naive forecast's, then the mean size of a value, then 1: all methods are divided by
 * the same number, so which one is best does not depend on it.
 */
export function maseScale(training: Series, period: number): number {
  const size = meanOf(training, (value) => Math.abs(value));
  return meanStep(training, period) || meanStep(training, 1) || size || 1;
}

/** Relative to Naive2, as the mean of two ratios (M4); undefined where Naive2 made no error and the method did. */
export function owa(
  method: { readonly smape: number; readonly mase: number },
  naive2: { readonly smape: number; readonly mase: number },
): number | undefined {
  const ratios = [ratio(method.smape, naive2.smape), ratio(method.mase, naive2.mase)];
  return ratios.every(Number.isFinite) ? meanOf(ratios, (value) => value) : undefined;
}

const ratio = (error: number, reference: number) => (error === reference ? 1 : error / reference);

function meanStep(series: Series, lag: number): number {
  if (series.length <= lag) return 0;
  return meanOf(series.slice(lag), (value, index) => Math.abs(value - at(series, index)));
}

function meanOf(values: Series, term: (value: number, index: number) => number): number {
  let sum = 0;
  for (const [index, value] of values.entries()) sum += term(value, index);
  return sum / values.length;
}

function at(series: Series, index: number): number {
  const value = series[index];
  if (value === undefined) throw new Error(`Cannot compare value ${index} with a forecast: there are ${series.length}`);
  return value;
}
