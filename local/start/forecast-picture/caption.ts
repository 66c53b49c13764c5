// caption: what a panel's forecast is worth, in one line.

import { fitting, widthOf } from "./look";

/** As the backtest measured them; null where it could not. Coverage is a share, from 0 to 1. */
export interface Metrics {
  readonly mase: number | null;
  readonly benchmarkMase: number | null;
  readonly coverage80?: number | null | undefined;
  readonly coverage95?: number | null | undefined;
}

interface Captioned {
  readonly method: string;
  readonly metrics: Metrics;
}

const between = " \u00b7 ";

/** All of it. */
export function caption({ method, metrics }: Captioned): string {
  return [method, errorOf(metrics, true), ...coveragesOf(metrics)].join(between);
}

/** As much of it as has room: what goes last is the end of the method, and the error against the benchmark stays. */
export function fittingCaption({ method, metrics }: Captioned, width: number, size: number): string {
  const coverages = coveragesOf(metrics);
  const [long, short] = [errorOf(metrics, true), errorOf(metrics, false)];
  const whole = [[long, ...coverages], [long, ...coverages.slice(0, 1)], [long], [short]]
    .map((parts) => [method, ...parts].join(between))
    .find((text) => widthOf(text, size) <= width);
  if (whole !== undefined) return whole;
  const rest = `${between}${short}`;
  return `${fitting(method, width - widthOf(rest, size), size)}${rest}`;
}

/** MASE is a multiple of what the seasonal naive forecast errs within the history. */
function errorOf({ mase, benchmarkMase }: Metrics, compared: boolean): string {
  const parts = [
    known(mase) && `MASE ${mase.toFixed(2)}`,
    known(benchmarkMase) && `benchmark ${benchmarkMase.toFixed(2)}`,
    compared && known(mase) && known(benchmarkMase) && benchmarkMase > 0 && comparison(mase / benchmarkMase),
  ].filter((part) => part !== false);
  return parts.length > 0 ? parts.join(", ") : "error not measured";
}

function comparison(ratio: number): string {
  const change = Math.round(100 * (1 - ratio));
  if (change === 0) return "as good";
  return change > 0 ? `${change} % less error` : `${-change} % more error`;
}

function coveragesOf({ coverage80, coverage95 }: Metrics): string[] {
  return [
    known(coverage80) && `80 % band held ${percent(coverage80)}`,
    known(coverage95) && `95 % band held ${percent(coverage95)}`,
  ].filter((part) => part !== false);
}

const known = (value: number | null | undefined): value is number =>
  typeof value === "number" && Number.isFinite(value);
const percent = (share: number) => `${Math.round(100 * share)} %`;
