// seasonal-naive: the last period once more. It has no parameters, and what cannot beat it has found nothing.

/** Fewer values than a period: the last value once more. */
export function seasonalNaive(series: readonly number[], period: number, horizon: number): number[] {
  const season = series.length < period ? series.slice(-1) : series.slice(-period);
  return Array.from({ length: horizon }, (_, step) => season[step % season.length] ?? Number.NaN);
}
