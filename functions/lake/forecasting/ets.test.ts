import assert from "node:assert/strict";
import { test } from "node:test";
import { ets, etsForecast, etsRun, informationCriteria } from "./ets";
import { airPassengers } from "./known-series";
import { normal } from "./simulated-series";

// ETS(M,Ad,M) of AirPassengers as R's forecast::ets prints it.
const constants = { alpha: 0.7095519, beta: 0.02040892, gamma: 0.0001004683, phi: 0.9799999 };
const start = {
  level: 120.9939,
  trend: 1.77054,
  season: [
    0.9058524, 0.8868923, 1.01103, 0.9803821, 0.9786128, 1.1105, 1.231799, 1.220301, 1.059202, 0.9216596, 0.799322,
    0.8944475,
  ],
};

test("etsRun() has R's likelihood, information criteria and standard error at R's own constants", () => {
  const run = etsRun(airPassengers, "multiplicative", constants, start);
  const { aic, aicc, bic } = informationCriteria(run, 144, 12);
  const seen = [run.minusTwoLogLikelihood, aic, aicc, bic].map((value) => value.toFixed(3));
  assert.deepEqual(seen, ["1359.166", "1395.166", "1400.638", "1448.623"]);
  assert.equal(Math.sqrt(run.sse / (144 - 17)).toFixed(4), "0.0392");
});

test("etsForecast() goes on from there as R does", () => {
  const { state } = etsRun(airPassengers, "multiplicative", constants, start);
  const published = [441.77, 434.06, 496.52, 483.1, 483.82, 550.8, 612.89, 609.04, 530.22, 462.73, 402.46, 451.62];
  const forecast = etsForecast({ kind: "multiplicative", constants, state }, 12);
  assert.deepEqual(
    forecast.map((value) => Number(value.toFixed(2))),
    published,
  );
});

test("ets() comes within three of the likelihood that R finds by fitting the start as well", () => {
  const { minusTwoLogLikelihood } = ets(airPassengers, { period: 12, kind: "multiplicative" });
  assert.ok(minusTwoLogLikelihood < 1359.166 + 3, `${minusTwoLogLikelihood}`);
});

test("etsRun() with additive errors and nothing smoothed repeats its start", () => {
  const season = [3, -1, -2];
  const series = [8, 9, 13, 13, 14, 18, 18].map((_, time) => 10 + 2 * (time + 1) + (season[time % 3] ?? 0));
  const run = etsRun(series, "additive", { alpha: 0, beta: 0, gamma: 0, phi: 1 }, { level: 10, trend: 2, season });
  assert.equal(run.sse, 0);
  assert.deepEqual(run.state, { level: 24, trend: 2, season: [-1, -2, 3] });
});

test("ets() finds the constants of a long simulated series again", () => {
  const noise = normal(3);
  let [level, trend] = [500, 1];
  const season = [0.8, 0.9, 1, 1, 1.1, 1.3, 0.9];
  const series = Array.from({ length: 3_000 }, (_, time) => {
    const index = season[time % 7] ?? 0;
    const [line, error] = [level + 0.9 * trend, 0.05 * noise()];
    level = line * (1 + 0.3 * error);
    trend = 0.9 * trend + 0.03 * line * error;
    season[time % 7] = index * (1 + 0.1 * error);
    return line * index * (1 + error);
  });
  const { alpha, gamma, phi } = ets(series, { period: 7, kind: "multiplicative" }).constants;
  assert.ok(
    Math.abs(alpha - 0.3) < 0.06 && Math.abs(gamma - 0.1) < 0.04 && Math.abs(phi - 0.9) < 0.06,
    `${alpha} ${gamma} ${phi}`,
  );
});

for (const kind of ["additive", "multiplicative"] as const) {
  test(`ets() scales with its series, ${kind}`, () => {
    const forecast = (values: readonly number[]) => etsForecast(ets(values, { period: 12, kind }), 12);
    const scaled = forecast(airPassengers.map((value) => value * 1e-7));
    for (const [step, value] of forecast(airPassengers).entries())
      assert.ok(Math.abs((scaled[step] ?? 0) / (value * 1e-7) - 1) < 1e-3);
  });
}
