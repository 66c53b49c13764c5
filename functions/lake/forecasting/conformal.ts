// conformal: how wide an interval around a forecast must be, from how wrong such forecasts were (split conformal prediction).
//
// Of n absolute errors the one of rank ceil((n + 1) c) covers the next with probability c or more, whatever their distribution, as
// far as the next is exchangeable with them (Vovk, Gammerman and Shafer 2005; Lei et al. 2018). A rank beyond n has no finite
// interval: 95 % needs 19 errors. Rolling origins give a handful per horizon, so those of neighbouring horizons are pooled, as
// many as make 40.
//
// Errors of one origin, and of origins whose target windows overlap, are not independent, so the promise is only approximate.
// Therefore the coverage is measured too: each origin by the errors of other origins, none of them at a time of its own window.

export interface Backtest {
  /** Lengths of the training parts. */
  readonly origins: readonly number[];
  /** Absolute, per origin and step. */
  readonly errors: readonly (readonly number[])[];
}

const pooled = 40;

/** Half the width per step; null where there are too few errors for this coverage. */
export function halfWidths({ origins, errors }: Backtest, coverage: number): (number | null)[] {
  const horizon = errors[0]?.length ?? 0;
  return Array.from({ length: horizon }, (_, step) => {
    const near = window(step, horizon, origins.length);
    return quantile(
      errors.flatMap((each) => each.slice(near.from, near.to)),
      coverage,
    );
  });
}

/** The share of targets inside the intervals that the other origins give; null where these are too few for any. */
export function measuredCoverage({ origins, errors }: Backtest, coverage: number): number | null {
  const horizon = errors[0]?.length ?? 0;
  let [covered, measured] = [0, 0];
  for (const [index, origin] of origins.entries()) {
    for (const [step, error] of (errors[index] ?? []).entries()) {
      const near = window(step, horizon, origins.length);
      let [count, smaller] = [0, 0];
      for (const [other, others] of errors.entries()) {
        const apart = (origins[other] ?? 0) - origin; // its step h is at the time of step h + apart here
        for (let at = near.from; at < near.to; at++) {
          if (at + apart >= 0 && at + apart < horizon) continue;
          count++;
          if ((others[at] ?? Number.NaN) < error) smaller++;
        }
      }
      const rank = rankOf(count, coverage);
      if (rank > count) continue;
      measured++;
      if (smaller < rank) covered++; // so many are smaller than the error: it is not beyond the one of that rank
    }
  }
  return measured === 0 ? null : covered / measured;
}

/** The horizons whose errors stand for this one's: it and its neighbours on both sides, at the ends those on one. */
function window(step: number, horizon: number, origins: number): { readonly from: number; readonly to: number } {
  const size = Math.min(horizon, Math.ceil(pooled / origins));
  const from = Math.min(Math.max(0, step - Math.floor(size / 2)), horizon - size);
  return { from, to: from + size };
}

/** Of absolute errors, with the correction for their number; null where it takes more of them. */
export function quantile(errors: readonly number[], coverage: number): number | null {
  return [...errors].sort((one, other) => one - other)[rankOf(errors.length, coverage) - 1] ?? null;
}

const rankOf = (count: number, coverage: number) => Math.ceil((count + 1) * coverage);
