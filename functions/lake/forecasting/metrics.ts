// metrics: how good the backtests of a method were, all origins and steps together.

import { bias, meanAbsoluteError, owa, rootMeanSquaredError, smape } from "./accuracy";
import { measuredCoverage } from "./conformal";

export interface Metrics {
  readonly mase: number;
  readonly rmsse: number;
  /** In percent, 0 to 200. */
  readonly smape: number;
  /** Relative to Naive2; null where Naive2 made no error. */
  readonly owa: number | null;
  /** In the unit of the series, as are the next two. */
  readonly mae: number;
  readonly rmse: number;
  /** Above 0: the forecasts were too high. */
  readonly bias: number;
  /** Measured at origins that the intervals were not made from; null where there are too few. */
  readonly coverage80: number | null;
  readonly coverage95: number | null;
}

/** Per origin, what came and what had been expected, step by step. */
interface Pairs {
  readonly actual: readonly (readonly number[])[];
  readonly forecasts: readonly (readonly number[])[];
}

/** `scale` is what MASE counts in; `naive2` its forecasts at the same origins. */
export function metricsOf(
  { origins, actual, forecasts }: Pairs & { readonly origins: readonly number[] },
  scale: number,
  naive2: Pairs["forecasts"],
): Metrics {
  const [came, expected] = [actual.flat(), forecasts.flat()];
  const relative = (to: readonly number[]) => ({ smape: smape(came, to), mase: meanAbsoluteError(came, to) / scale });
  const backtest = { origins, errors: absoluteErrors({ actual, forecasts }) };
  return {
    ...relative(expected),
    rmsse: rootMeanSquaredError(came, expected) / scale,
    owa: owa(relative(expected), relative(naive2.flat())) ?? null,
    mae: meanAbsoluteError(came, expected),
    rmse: rootMeanSquaredError(came, expected),
    bias: bias(came, expected),
    coverage80: measuredCoverage(backtest, 0.8),
    coverage95: measuredCoverage(backtest, 0.95),
  };
}

export function absoluteErrors({ actual, forecasts }: Pairs): number[][] {
  return forecasts.map((expected, origin) =>
    expected.map((value, step) => Math.abs((actual[origin]?.[step] ?? Number.NaN) - value)),
  );
}
