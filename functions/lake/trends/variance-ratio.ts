// variance-ratio: how much less a series says than as many independent values would, as the ratio of the variances of their scores.
//
//   ratio = 1 + 2 / (n(n-1)(n-2)) * sum over lags i of (n-i)(n-i-1)(n-i-2) * r(i)      (Hamed & Rao 1998, for Mann-Kendall's S)
//
// r(i) is the autocorrelation of the ranks of a series that has no trend and no step, or none any more. There are two estimates of
// it. The published one takes the lags that are significant: short series show none, however much their values depend on each
// other. The first-order one lets each value depend on the one before it, and puts right that r(1) comes out too small where two
// parameters (a line, or two levels) were taken out before: by (2 + 4r) / n (van Giersbergen 2005). For r = 0.3 and 52 values, the
// plain test at 5 % is wrong in 16 % of all cases, the published estimate in 12 %, the first-order one in 6 % (simulated).

import { ranks } from "./ranks";

/**
 * Over the lags whose r(i) lies outside +-1.96 / sqrt(n). It adds up many uncertain r(i): of a season or of few values it may come
 * out below 1, even below 0.
 */
export function significantLagsRatio(values: readonly number[], { maxLag = values.length - 1 } = {}): number {
  const n = values.length;
  const limit = 1.959963984540054 / Math.sqrt(n);
  const r = autocorrelations(values, Math.min(maxLag, n - 1));
  return ratioOf(
    n,
    r.map((value) => (Math.abs(value) > limit ? value : 0)),
  );
}

/** r(i) = r(1)^i, where r(1) is corrected as above and from 0 to 0.95: at least 1. */
export function firstOrderRatio(values: readonly number[]): number {
  const n = values.length;
  const [r] = autocorrelations(values, 1);
  if (n < 5 || r === undefined) return 1;
  const corrected = Math.min(0.95, Math.max(0, (n * r + 2) / (n - 4)));
  return ratioOf(
    n,
    Array.from({ length: n - 1 }, (_, index) => corrected ** (index + 1)),
  );
}

function ratioOf(n: number, r: readonly number[]): number {
  if (n < 3) return 1;
  const weighted = r.map((value, index) => (n - index - 1) * (n - index - 2) * (n - index - 3) * value);
  return 1 + (2 / (n * (n - 1) * (n - 2))) * weighted.reduce((sum, term) => sum + term, 0);
}

/** r(1), r(2), ... of the ranks, up to `lags`; none where all values are equal. */
function autocorrelations(values: readonly number[], lags: number): number[] {
  const centred = ranks(values).map((rank) => rank - (values.length + 1) / 2);
  const at = (lag: number) =>
    centred.slice(lag).reduce((sum, rank, index) => sum + rank * (centred[index] ?? Number.NaN), 0);
  const variance = at(0);
  return variance === 0 ? [] : Array.from({ length: lags }, (_, index) => at(index + 1) / variance);
}
