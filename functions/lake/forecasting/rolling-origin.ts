// rolling-origin: forecasts as they would have been made at several earlier moments, each from what was known then.
//
// The origins stand a whole number of periods apart where there is room, so that each sees the season at the same phase as the
// forecast that is to be published; at most a horizon apart; and so far back as the smallest training part allows. Target windows
// of neighbours may overlap. Searches of a later origin start from the constants of the one before: never from a later one.

import { type Candidate, type Constants, candidates } from "./candidates";

export interface Backtested {
  readonly method: string;
  /** One per origin, in their order. */
  readonly forecasts: readonly (readonly number[])[];
}

export interface Rolled {
  /** Only methods that had a forecast at every origin. */
  readonly backtested: readonly Backtested[];
  /** From the whole series. */
  readonly following: readonly Candidate[];
}

/** Fewer say nothing about which method is better. */
export const fewestOrigins = 3;

/**
 * The lengths of the training parts, ascending: `count` or fewer, and none where there is no room for three that lie a quarter
 * of a horizon apart, after three periods and eight values.
 */
export function originsOf(
  length: number,
  { period, horizon, count }: { readonly period: number; readonly horizon: number; readonly count: number },
): number[] {
  const last = length - horizon;
  const room = last - Math.max(3 * period, 8);
  const closest = Math.max(1, Math.floor(horizon / 4));
  const fitting = Math.min(count, Math.floor(room / closest) + 1);
  if (room < 0 || fitting < fewestOrigins) return [];
  const widest = Math.min(horizon, Math.floor(room / (fitting - 1)));
  const whole = widest - (widest % period);
  const step = whole >= closest ? whole : widest;
  return Array.from({ length: fitting }, (_, index) => last - (fitting - 1 - index) * step);
}

export function rollingOrigin(
  series: readonly number[],
  origins: readonly number[],
  task: { readonly period: number; readonly horizon: number },
): Rolled {
  let near: Constants = {};
  const made = [...origins, series.length].map((length) => {
    const { candidates: forecasts, constants } = candidates(series.slice(0, length), task, near);
    near = constants;
    return forecasts;
  });
  const following = made.pop() ?? [];
  const backtested = following.map(({ method }) => {
    const each = made.map((forecasts) => forecasts.find((one) => one.method === method)?.mean);
    return { method, forecasts: each.filter((forecast) => forecast !== undefined) };
  });
  return { backtested: backtested.filter(({ forecasts }) => forecasts.length === origins.length), following };
}
