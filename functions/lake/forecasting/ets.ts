// ets: exponential smoothing as a state space model with damped trend and season, ETS(A,Ad,A) and ETS(M,Ad,M), fitted by
// likelihood (Hyndman, Koehler, Snyder and Grose 2002).
//
//   A,Ad,A   f = l + phi b + s      e = y - f        l' = l + phi b + alpha e         s' = s + gamma e
//   M,Ad,M   f = (l + phi b) s      e = (y - f) / f  l' = (l + phi b)(1 + alpha e)    s' = s (1 + gamma e)
//   both     b' = phi b + beta e (times l + phi b, where e is relative)
//
// The likelihood leaves out its constants, as R's forecast::ets does: n log(sum of e^2), plus 2 sum of log|f| where e is relative.
// An AIC from elsewhere counts them or does not: never compare across programs.

import { type SeasonKind, seasonalIndices } from "./decomposition";
import { leastSquaresLine } from "./least-squares-line";
import { nelderMead } from "./nelder-mead";

export interface EtsConstants {
  readonly alpha: number;
  readonly beta: number;
  readonly gamma: number;
  readonly phi: number;
}

export interface EtsState {
  readonly level: number;
  readonly trend: number;
  /** The next period's, in its order. */
  readonly season: readonly number[];
}

export interface EtsRun {
  readonly minusTwoLogLikelihood: number;
  /** Sum of the squared errors: relative ones where the model is multiplicative. */
  readonly sse: number;
  /** After the last value. */
  readonly state: EtsState;
}

export interface Ets extends EtsRun {
  readonly kind: SeasonKind;
  readonly constants: EtsConstants;
}

interface Settings {
  readonly period: number;
  readonly kind: SeasonKind;
  /** Constants to start the search from: those of a shorter part of the series. */
  readonly near?: EtsConstants | undefined;
}

/** Needs three periods; multiplicative, positive values. Level, trend and season before the first value come from a decomposition. */
export function ets(series: readonly number[], { period, kind, near }: Settings): Ets {
  const start = startOf(series, period, kind);
  // The n-th root of the likelihood, so that how close is close enough does not depend on the unit of the series.
  const { point } = nelderMead(
    (shares) => Math.exp(etsRun(series, kind, constantsOf(shares), start).minusTwoLogLikelihood / series.length),
    near === undefined ? [0.2, 0.05, 0.05, 0.95] : sharesOf(near),
    {
      lower: [1e-4, 1e-4, 1e-4, 0.8],
      upper: [0.9999, 0.9999, 0.9999, 0.98],
      step: [0.2, 0.1, 0.1, 0.05],
      tolerance: 1e-4,
    },
  );
  const constants = constantsOf(point);
  return { kind, constants, ...etsRun(series, kind, constants, start) };
}

export function etsForecast(
  { kind, constants: { phi }, state }: Pick<Ets, "kind" | "constants" | "state">,
  horizon: number,
): number[] {
  let [line, fading] = [state.level, 1];
  return Array.from({ length: horizon }, (_, step) => {
    fading *= phi;
    line += fading * state.trend;
    const index = state.season[step % state.season.length] ?? Number.NaN;
    return kind === "additive" ? line + index : line * index;
  });
}

/** The model with these constants and this state before the first value, run through the series. */
export function etsRun(series: readonly number[], kind: SeasonKind, constants: EtsConstants, start: EtsState): EtsRun {
  const { alpha, beta, gamma, phi } = constants;
  let { level, trend } = start;
  const season = [...start.season];
  let [sse, logs, phase] = [0, 0, 0];
  for (const value of series) {
    const index = season[phase] ?? Number.NaN;
    const line = level + phi * trend;
    if (kind === "additive") {
      const error = value - line - index;
      sse += error * error;
      level = line + alpha * error;
      trend = phi * trend + beta * error;
      season[phase] = index + gamma * error;
    } else {
      const forecast = line * index;
      const error = (value - forecast) / forecast;
      sse += error * error;
      logs += Math.log(Math.abs(forecast));
      level = line * (1 + alpha * error);
      trend = phi * trend + beta * line * error;
      season[phase] = index * (1 + gamma * error);
    }
    phase = phase + 1 === season.length ? 0 : phase + 1;
  }
  const state = { level, trend, season: [...season.slice(phase), ...season.slice(0, phase)] };
  const minusTwoLogLikelihood = series.length * Math.log(Math.max(sse, Number.MIN_VALUE)) + 2 * logs;
  return { minusTwoLogLikelihood, sse, state };
}

/** Counted are four constants, level, trend, the season but for one (its sum is given), and the variance. */
export function informationCriteria({ minusTwoLogLikelihood }: EtsRun, length: number, period: number) {
  const count = period + 6;
  const aic = minusTwoLogLikelihood + 2 * count;
  return {
    aic,
    aicc: aic + (2 * count * (count + 1)) / (length - count - 1),
    bic: minusTwoLogLikelihood + count * Math.log(length),
  };
}

// What is searched for are shares: beta of alpha, and gamma of 1 - alpha, the usual region (Hyndman et al. 2008, 10.1).
function constantsOf([alpha = 0, beta = 0, gamma = 0, phi = 1]: readonly number[]): EtsConstants {
  return { alpha, beta: alpha * beta, gamma: (1 - alpha) * gamma, phi };
}

const sharesOf = ({ alpha, beta, gamma, phi }: EtsConstants) => [alpha, beta / alpha, gamma / (1 - alpha), phi];

function startOf(series: readonly number[], period: number, kind: SeasonKind): EtsState {
  const season = seasonalIndices(series, period, kind);
  const beginning = series.slice(0, Math.max(10, 2 * period)).map((value, time) => {
    const index = season[time % period] ?? Number.NaN;
    return kind === "additive" ? value - index : value / index;
  });
  const line = leastSquaresLine(beginning);
  return { level: line.at(-1), trend: line.slope, season };
}
