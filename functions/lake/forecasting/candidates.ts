// candidates: what every method that applies to a series expects to follow it.
//
// Methods without a season of their own see the seasonally adjusted series, as in the M4 competition. Where no value was ever
// negative, no forecast is.

import { comb } from "./comb";
import { croston, demandInterval } from "./croston";
import { type SeasonKind, seasonallyAdjusted } from "./decomposition";
import { type Ets, type EtsConstants, ets, etsForecast } from "./ets";
import { type HoltConstants, holt, holtForecast } from "./holt";
import { type HoltWintersConstants, holtWinters, holtWintersForecast } from "./holt-winters";
import { naive2 } from "./naive2";
import { seasonalNaive } from "./seasonal-naive";
import { simpleExponentialSmoothing } from "./simple-exponential-smoothing";
import { theta } from "./theta";
import { tsb } from "./tsb";

export interface Candidate {
  readonly method: string;
  /** Smoothing constants and the like: numbers without a unit. */
  readonly parameters: Readonly<Record<string, number>>;
  readonly mean: readonly number[];
}

/** Constants from which the searches of a longer part of the same series may start. */
export interface Constants {
  readonly holt?: HoltConstants;
  readonly dampedHolt?: HoltConstants;
  readonly holtWinters?: Partial<Readonly<Record<SeasonKind, HoltWintersConstants>>>;
  readonly ets?: Partial<Readonly<Record<SeasonKind, EtsConstants>>>;
}

/** What has to be beaten. */
export const benchmark = "seasonal-naive";

/** What the OWA is relative to. */
export const reference = "naive2";

/**
 * The benchmark is always among them, and what is not a finite number never. A series that is mostly zero has too few values for a
 * trend or a season: for it the methods are those made for intermittent demand, and the smoothed level.
 */
export function candidates(
  series: readonly number[],
  { period, horizon }: { readonly period: number; readonly horizon: number },
  near: Constants = {},
): { readonly candidates: readonly Candidate[]; readonly constants: Constants } {
  const rare = isIntermittent(series);
  const simple = rare ? level(series, period, horizon) : withoutSeason(series, period, horizon, near);
  const seasonal =
    !rare && period > 1 && series.length >= 3 * period ? withSeason(series, period, horizon, near) : undefined;
  const found: Candidate[] = [
    { method: benchmark, parameters: {}, mean: seasonalNaive(series, period, horizon) },
    ...simple.candidates,
    ...(seasonal?.candidates ?? []),
    ...(rare ? intermittent(series, horizon) : []),
  ];
  const least = series.every((value) => value >= 0) ? 0 : Number.NEGATIVE_INFINITY;
  return {
    candidates: found
      .filter(({ mean }) => mean.every(Number.isFinite))
      .map((candidate) => ({ ...candidate, mean: candidate.mean.map((value) => Math.max(least, value)) })),
    constants: { ...simple.constants, ...seasonal?.constants },
  };
}

/** Syntetos, Boylan and Croston (2005). */
export const isIntermittent = (series: readonly number[]): boolean => demandInterval(series) > 1.32;

function level(series: readonly number[], period: number, horizon: number): ReturnType<typeof candidates> {
  const adjusted = seasonallyAdjusted(series, period);
  const { alpha, level: last } = simpleExponentialSmoothing(adjusted.series);
  const mean = adjusted.withSeason(seasonalNaive([last], 1, horizon));
  return {
    candidates: [
      { method: reference, parameters: {}, mean: naive2(adjusted, horizon) },
      { method: "simple-exponential-smoothing", parameters: { alpha }, mean },
    ],
    constants: {},
  };
}

function withoutSeason(series: readonly number[], period: number, horizon: number, near: Constants) {
  const adjusted = seasonallyAdjusted(series, period);
  const smoothed = simpleExponentialSmoothing(adjusted.series);
  const linear = holt(adjusted.series, { damped: false, near: near.holt });
  const damped = holt(adjusted.series, { damped: true, near: near.dampedHolt });
  const bent = theta(adjusted.series, horizon);
  const flat = seasonalNaive([smoothed.level], 1, horizon);
  const fading = holtForecast(damped, horizon);
  const combined = comb([flat, holtForecast(linear, horizon), fading]);
  const { alpha } = smoothed;
  const candidate = (method: string, parameters: Candidate["parameters"], mean: readonly number[]) => ({
    method,
    parameters,
    mean: adjusted.withSeason(mean),
  });
  return {
    candidates: [
      { method: reference, parameters: {}, mean: naive2(adjusted, horizon) },
      candidate("simple-exponential-smoothing", { alpha }, flat),
      candidate("damped-holt", constantsOfHolt(damped), fading),
      candidate("theta", { alpha: bent.alpha }, bent.mean),
      candidate("comb", {}, combined),
    ],
    constants: { holt: linear, dampedHolt: damped },
  };
}

const constantsOfHolt = ({ alpha, beta, phi }: HoltConstants) => ({ alpha, beta, phi });

function withSeason(series: readonly number[], period: number, horizon: number, near: Constants) {
  const kinds: readonly SeasonKind[] = series.every((value) => value > 0)
    ? ["additive", "multiplicative"]
    : ["additive"];
  const classic = kinds.map((kind) => holtWinters(series, { period, kind, near: near.holtWinters?.[kind] }));
  const likely = kinds.map((kind) => ets(series, { period, kind, near: near.ets?.[kind] }));
  return {
    candidates: [
      ...classic.map((fit) => {
        const { kind, alpha, beta, gamma } = fit;
        return {
          method: `holt-winters-${kind}`,
          parameters: { alpha, beta, gamma },
          mean: holtWintersForecast(fit, horizon),
        };
      }),
      ...likely.map((fit) => ({
        method: etsName(fit),
        parameters: { ...fit.constants },
        mean: etsForecast(fit, horizon),
      })),
    ],
    constants: {
      holtWinters: Object.fromEntries(classic.map((fit) => [fit.kind, fit])),
      ets: Object.fromEntries(likely.map(({ kind, constants }) => [kind, constants])),
    },
  };
}

const etsName = ({ kind }: Ets) => (kind === "additive" ? "ets-a-ad-a" : "ets-m-ad-m");

/** Methods for series that are mostly zero, and never below. */
function intermittent(series: readonly number[], horizon: number): Candidate[] {
  if (series.every((value) => value === 0) || series.some((value) => value < 0)) return [];
  const [sba, fading] = [croston(series), tsb(series)];
  return [
    { method: "croston-sba", parameters: { alpha: sba.alpha }, mean: seasonalNaive([sba.rate], 1, horizon) },
    {
      method: "tsb",
      parameters: { alpha: fading.alpha, beta: fading.beta },
      mean: seasonalNaive([fading.rate], 1, horizon),
    },
  ];
}
