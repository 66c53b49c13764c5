// models: how long one daily series takes, whole and method by method, in the process that is already warm, as a Lambda that has
// a hundred and fifty of them is after the first.

import { candidates } from "../functions/lake/forecasting/candidates";
import { forecast } from "../functions/lake/forecasting/choose";
import { seasonallyAdjusted } from "../functions/lake/forecasting/decomposition";
import { ets } from "../functions/lake/forecasting/ets";
import { holt } from "../functions/lake/forecasting/holt";
import { holtWinters } from "../functions/lake/forecasting/holt-winters";
import { simpleExponentialSmoothing } from "../functions/lake/forecasting/simple-exponential-smoothing";
import { dailySales } from "../functions/lake/forecasting/simulated-series";
import { theta } from "../functions/lake/forecasting/theta";
import { type Measurement, median } from "./measurement";

const runs = 30;
const goalMs = 15;
const task = { period: 7, horizon: 28 };

export function models(): Measurement[] {
  const halfYear = dailySales(1, 182);
  const year = dailySales(1, 364);
  return [
    whole("a forecast of 182 days, 6 origins", () => forecast(halfYear, { ...task, origins: 6 })),
    whole("a forecast of 182 days, 8 origins", () => forecast(halfYear, { ...task, origins: 8 })),
    measurement("a forecast of 364 days, 8 origins", () => forecast(year, { ...task, origins: 8 })),
    measurement("all methods once, 182 days", () => candidates(halfYear, task)),
    measurement("seasonal adjustment", () => seasonallyAdjusted(halfYear, 7)),
    measurement("simple exponential smoothing", () => simpleExponentialSmoothing(halfYear)),
    measurement("Holt", () => holt(halfYear, { damped: false })),
    measurement("damped Holt", () => holt(halfYear, { damped: true })),
    measurement("Theta", () => theta(halfYear, 28)),
    measurement("Holt-Winters, additive", () => holtWinters(halfYear, { period: 7, kind: "additive" })),
    measurement("Holt-Winters, multiplicative", () => holtWinters(halfYear, { period: 7, kind: "multiplicative" })),
    measurement("ETS(A,Ad,A)", () => ets(halfYear, { period: 7, kind: "additive" })),
    measurement("ETS(M,Ad,M)", () => ets(halfYear, { period: 7, kind: "multiplicative" })),
  ];
}

function whole(what: string, work: () => unknown): Measurement {
  const measured = measurement(what, work);
  return { ...measured, goal: `<= ${goalMs} ms`, met: measured.measured <= goalMs * 1_000 };
}

function measurement(what: string, work: () => unknown): Measurement {
  const taken: number[] = [];
  for (let run = -runs; run < runs; run++) {
    const began = performance.now();
    work();
    if (run >= 0) taken.push((performance.now() - began) * 1_000);
  }
  return { what, measured: median(taken), unit: "µs" };
}
