// decomposition: the season of a series, by moving averages (the classical decomposition), and the series without it.
//
// A season counts only where the autocorrelation at its period stands out of the noise (Assimakopoulos and Nikolopoulos 2000, as
// the M4 competition's benchmarks test it): |r_m| > 1.645 sqrt((1 + 2 (r_1^2 + ... + r_{m-1}^2)) / n), in three periods or more.

export type SeasonKind = "additive" | "multiplicative";

export interface SeasonallyAdjusted {
  readonly series: readonly number[];
  readonly kind: SeasonKind | "none";
  /** Puts the season back into what follows the series. */
  readonly withSeason: (following: readonly number[]) => number[];
}

/** Multiplicative where every value is positive, additive elsewhere: a season cannot be a factor of nothing. */
export function seasonallyAdjusted(series: readonly number[], period: number): SeasonallyAdjusted {
  if (!isSeasonal(series, period)) return { series, kind: "none", withSeason: (following) => [...following] };
  const kind = series.every((value) => value > 0) ? "multiplicative" : "additive";
  const season = seasonalIndices(series, period, kind);
  const seasonOf = (time: number) => season[time % period] ?? Number.NaN;
  return kind === "multiplicative"
    ? {
        series: series.map((value, time) => value / seasonOf(time)),
        kind,
        withSeason: (following) => following.map((value, step) => value * seasonOf(series.length + step)),
      }
    : {
        series: series.map((value, time) => value - seasonOf(time)),
        kind,
        withSeason: (following) => following.map((value, step) => value + seasonOf(series.length + step)),
      };
}

export function isSeasonal(series: readonly number[], period: number): boolean {
  const length = series.length;
  if (period < 2 || length < 3 * period) return false;
  const mean = series.reduce((sum, value) => sum + value, 0) / length;
  const centred = series.map((value) => value - mean);
  const variance = product(centred, 0);
  if (variance === 0) return false;
  let squares = 0;
  for (let lag = 1; lag < period; lag++) squares += (product(centred, lag) / variance) ** 2;
  return Math.abs(product(centred, period) / variance) > 1.645 * Math.sqrt((1 + 2 * squares) / length);
}

function product(centred: readonly number[], lag: number): number {
  let sum = 0;
  for (let time = lag; time < centred.length; time++) sum += (centred[time] ?? 0) * (centred[time - lag] ?? 0);
  return sum;
}

/** One per phase, that of the first value first; they sum to 0, or as factors have the mean 1. Needs two periods. */
export function seasonalIndices(series: readonly number[], period: number, kind: SeasonKind): number[] {
  const half = Math.floor(period / 2);
  const sums = new Array<number>(period).fill(0);
  const counts = new Array<number>(period).fill(0);
  for (const [index, trend] of movingAverage(series, period).entries()) {
    const time = index + half;
    const value = series[time] ?? Number.NaN;
    const phase = time % period;
    sums[phase] = (sums[phase] ?? 0) + (kind === "additive" ? value - trend : value / trend);
    counts[phase] = (counts[phase] ?? 0) + 1;
  }
  const means = sums.map((sum, phase) => sum / (counts[phase] ?? 1));
  const mean = means.reduce((sum, value) => sum + value, 0) / period;
  return means.map((value) => (kind === "additive" ? value - mean : value / mean));
}

/** Centred, over one period; over an even one its two outermost values count half. The first is that of time `period / 2`. */
export function movingAverage(series: readonly number[], period: number): number[] {
  const half = Math.floor(period / 2);
  const ends = period % 2 === 0 ? 0.5 : 1;
  const averages: number[] = [];
  for (let time = half; time + half < series.length; time++) {
    let sum = ends * ((series[time - half] ?? 0) + (half === 0 ? 0 : (series[time + half] ?? 0)));
    for (let other = time - half + 1; other < time + half; other++) sum += series[other] ?? 0;
    averages.push(sum / period);
  }
  return averages;
}
