import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { type Forecast, forecast } from "./choose";
import { airPassengers } from "./known-series";
import { dailySales, normal, uniform } from "./simulated-series";

const days = { period: 7, horizon: 28 };

/** Every number is finite, every interval holds the forecast, and the wider one the narrower. */
function mustBeSound(found: Forecast, horizon: number): void {
  const numbers = [found.metrics, found.benchmark].flatMap((metrics) => Object.values(metrics ?? {}));
  for (const number of [...numbers, found.chosenBlind, ...Object.values(found.parameters)])
    assert.ok(number === null || Number.isFinite(number), `${number}`);
  assert.equal(found.mean.length, horizon);
  for (const [step, mean] of found.mean.entries()) {
    assert.ok(Number.isFinite(mean), `${mean}`);
    const bounds = [found.lower95, found.lower80, [...found.mean], found.upper80, found.upper95].map(
      (each) => each[step],
    );
    const known = bounds.filter((bound): bound is number => bound !== null && bound !== undefined);
    assert.ok(bounds.every((bound) => bound !== undefined) && known.every(Number.isFinite));
    assert.deepEqual(
      known,
      [...known].sort((one, other) => one - other),
    );
  }
}

test("forecast() of daily sales beats last week, by all that is reported", () => {
  const found = forecast(dailySales(1, 182), days);
  mustBeSound(found, 28);
  assert.equal(found.status, "ok");
  assert.notEqual(found.method, "seasonal-naive");
  assert.deepEqual(found.origins, [56, 70, 84, 98, 112, 126, 140, 154]);
  const { metrics, benchmark } = found;
  assert.ok(metrics && benchmark && found.chosenBlind !== null);
  assert.ok(metrics.mase < benchmark.mase && metrics.smape < benchmark.smape && metrics.rmse < benchmark.rmse);
  assert.ok(metrics.mase <= found.chosenBlind && found.chosenBlind < benchmark.mase);
  assert.equal(found.competitors[0]?.method, found.method);
  assert.ok(Math.abs((found.competitors[0]?.error ?? 0) - metrics.mase) < 1e-12);
  assert.ok(
    found.competitors.some(
      ({ method, error }) => method === "seasonal-naive" && Math.abs(error - benchmark.mase) < 1e-12,
    ),
  );
});

test("forecast() of airline passengers wins clearly, with a year's error of a few percent", () => {
  const found = forecast(airPassengers, { period: 12, horizon: 12, origins: 5 });
  mustBeSound(found, 12);
  assert.equal(found.status, "ok");
  assert.ok((found.metrics?.smape ?? 200) < 8 && (found.metrics?.owa ?? 2) < 0.6, JSON.stringify(found.metrics));
});

test("forecast() publishes the benchmark where nothing beats it", () => {
  const season = normal(2);
  const week = Array.from({ length: 7 }, () => 100 + 30 * season());
  const found = forecast(
    Array.from({ length: 140 }, (_, day) => week[day % 7] ?? 0),
    days,
  );
  mustBeSound(found, 28);
  assert.deepEqual([found.status, found.method], ["benchmark_wins", "seasonal-naive"]);
  assert.deepEqual(found.metrics, found.benchmark);
  assert.deepEqual(found.mean.slice(0, 7), week);
});

test("forecast() rarely takes luck for skill: on random walks, where today is best, it mostly leaves week or level", () => {
  // Of independent steps the last value is the best forecast; with period 1 that is the benchmark, and whoever wins was lucky.
  let lucky = 0;
  for (let seed = 1; seed <= 40; seed++) {
    const step = normal(seed);
    let level = 1_000;
    const walk = Array.from({ length: 150 }, () => {
      level += step();
      return level;
    });
    if (forecast(walk, { period: 1, horizon: 14 }).status === "ok") lucky++;
  }
  assert.ok(lucky <= 20, `${lucky} of 40`);
});

test("forecast() covers what comes as often as it says, on simulated sales", () => {
  let [inside80, inside95, days80] = [0, 0, 0];
  let [measured80, measured95] = [0, 0];
  const runs = 25;
  for (let seed = 1; seed <= runs; seed++) {
    const all = dailySales(100 + seed, 182 + 28);
    const found = forecast(all.slice(0, 182), days);
    measured80 += (found.metrics?.coverage80 ?? 0) / runs;
    measured95 += (found.metrics?.coverage95 ?? 0) / runs;
    for (const [step, value] of all.slice(182).entries()) {
      days80++;
      if (value >= (found.lower80[step] ?? 0) && value <= (found.upper80[step] ?? 0)) inside80++;
      if (value >= (found.lower95[step] ?? 0) && value <= (found.upper95[step] ?? 0)) inside95++;
    }
  }
  // 700 days; those of one series are not independent, so the bounds are those of 175.
  assert.ok(Math.abs(inside80 / days80 - 0.8) < 4 * Math.sqrt((0.8 * 0.2) / 175), `${inside80 / days80}`);
  assert.ok(Math.abs(inside95 / days80 - 0.95) < 4 * Math.sqrt((0.95 * 0.05) / 175), `${inside95 / days80}`);
  assert.ok(Math.abs(measured80 - 0.8) < 0.05 && Math.abs(measured95 - 0.95) < 0.04, `${measured80} ${measured95}`);
});

test("forecast() says that there are too few data, and makes up no intervals", () => {
  const unknown = new Array<null>(28).fill(null);
  for (const [series, method, first] of [
    [[42], "mean", 42],
    [[1, 2, 3], "mean", 2],
    [[1, 2, 3, 4, 5, 6, 9], "seasonal-naive", 1],
    [dailySales(1, 62), "seasonal-naive", undefined],
  ] as const) {
    const found = forecast(series, days);
    mustBeSound(found, 28);
    assert.deepEqual([found.status, found.method], ["too_few_data", method]);
    assert.equal(found.mean[0], first ?? series.at(-7));
    assert.deepEqual(
      [found.lower80, found.upper80, found.lower95, found.upper95],
      [unknown, unknown, unknown, unknown],
    );
    assert.deepEqual([found.metrics, found.benchmark, found.origins], [null, null, []]);
  }
  assert.notEqual(forecast(dailySales(1, 63), days).status, "too_few_data");
});

test("forecast() of nothing but zeros, and of equal values, is that, with intervals of no width and no error", () => {
  for (const value of [0, 7.3, -12, 1e12]) {
    const found = forecast(new Array<number>(120).fill(value), days);
    mustBeSound(found, 28);
    assert.deepEqual([found.status, found.method], ["benchmark_wins", "seasonal-naive"]);
    for (const each of [found.mean, found.lower95, found.upper80]) assert.deepEqual(each, new Array(28).fill(value));
    const { mase, smape, owa, coverage95 } = found.metrics ?? {};
    assert.deepEqual({ mase, smape, owa, coverage95 }, { mase: 0, smape: 0, owa: 1, coverage95: 1 });
  }
});

const random = uniform(77);
const sales = dailySales(8, 182);
const strange = {
  "returns larger than sales": sales.map((value, day) => (day % 9 === 0 ? -2 * value : value)),
  "huge values": sales.map((value) => value * 1e12),
  "tiny values": sales.map((value) => value * 1e-300),
  "values at the limit": sales.map((_, day) => (day % 2 === 0 ? 1e300 : -1e300)),
  "a level shift": sales.map((value, day) => (day < 150 ? value : value / 10)),
  "a missing month, filled with zeros": sales.map((value, day) => (day >= 100 && day < 130 ? 0 : value)),
  "one absurd day": sales.map((value, day) => (day === 140 ? 1e9 : value)),
  "nothing for a long time, then sales": sales.map((value, day) => (day < 120 ? 0 : value)),
  "sales that end": sales.map((value, day) => (day < 100 ? value : 0)),
  "a single sale": sales.map((_, day) => (day === 90 ? 5 : 0)),
  "few sales": sales.map(() => (random() < 0.2 ? Math.ceil(9 * random()) : 0)),
  "closed on Sundays": sales.map((value, day) => (day % 7 === 6 ? 0 : value)),
  "a straight line": sales.map((_, day) => 3 * day),
  "a line through zero": sales.map((_, day) => 100 - day),
  "doubling every week": sales.map((_, day) => 2 ** (day / 7)),
  "two values in turn": sales.map((_, day) => day % 2),
};

for (const [name, series] of Object.entries(strange))
  test(`forecast() of ${name} is defined and finite`, () => {
    const found = forecast(series, days);
    mustBeSound(found, 28);
    assert.notEqual(found.status, "too_few_data");
    if (series.every((value) => value >= 0))
      for (const each of [found.mean, found.lower80, found.lower95])
        assert.ok(each.every((value) => (value ?? 0) >= 0));
    assert.deepEqual(forecast(series, days), found);
  });

test("forecast() of any short series, period and horizon is defined and finite", () => {
  const value = fc.oneof(
    fc.constant(0),
    fc.integer({ min: -100, max: 100 }),
    fc.double({ min: -1e300, max: 1e300, noNaN: true }),
  );
  const series = fc.array(value, { minLength: 1, maxLength: 60 });
  fc.assert(
    fc.property(series, fc.integer({ min: 1, max: 8 }), fc.integer({ min: 1, max: 12 }), (values, period, horizon) => {
      mustBeSound(forecast(values, { period, horizon, origins: 4 }), horizon);
    }),
    { numRuns: 60 },
  );
});

test("forecast() below zero only where the series was", () => {
  const falling = Array.from({ length: 120 }, (_, day) => 240 - 2 * day);
  assert.ok(Math.min(...forecast(falling, days).mean) === 0);
  const returns = forecast(
    falling.map((value) => value - 5),
    days,
  );
  assert.ok(Math.min(...returns.mean) < -20, `${Math.min(...returns.mean)}`);
});

test("forecast() scales with its series", () => {
  const [one, thousand, eight] = [1, 1_000, 8].map((factor) =>
    forecast(
      sales.map((value) => value * factor),
      days,
    ),
  );
  assert.ok(one && thousand && eight);
  assert.deepEqual(
    eight.mean,
    one.mean.map((value) => 8 * value),
  ); // powers of two: to the last bit
  assert.deepEqual(
    eight.upper95,
    one.upper95.map((value) => 8 * (value ?? 0)),
  );
  for (const measure of ["mae", "rmse", "bias"] as const)
    assert.equal(eight.metrics?.[measure], 8 * (one.metrics?.[measure] ?? Number.NaN));
  assert.equal(thousand.method, one.method);
  for (const [step, value] of one.mean.entries())
    assert.ok(Math.abs((thousand.mean[step] ?? 0) / (1_000 * value) - 1) < 1e-6);
  assert.ok(Math.abs((thousand.metrics?.mase ?? 0) - (one.metrics?.mase ?? 0)) < 1e-6);
});

test("forecast() refuses what is no number, by its place and value, and says so with a code", () => {
  const refused = (message: RegExp) => ({ name: "RangeError", code: "NOT_FORECASTABLE", message });
  assert.throws(() => forecast([1, 2, Number.NaN], days), refused(/value 2 is NaN/));
  assert.throws(() => forecast([Number.NEGATIVE_INFINITY], days), refused(/value 0 is -Infinity/));
  assert.throws(() => forecast([1, 1e301], days), refused(/value 1 is 1e\+301, and must be finite and within 1e\+300/));
  assert.throws(() => forecast([], days), refused(/no values/));
  assert.throws(
    () => forecast([1], { period: 0, horizon: 1 }),
    refused(/period 0: it must be a whole number greater than 0/),
  );
  assert.throws(() => forecast([1], { period: 7, horizon: 1.5 }), refused(/horizon 1\.5/));
  assert.throws(() => forecast([1], { ...days, origins: Number.NaN }), refused(/origins NaN/));
});

test("forecast() expects of an intermittent series what comes on the mean, not that nothing comes", () => {
  const next = uniform(7);
  // A sale on every fourth day or so, of 8 to 12.
  const series = Array.from({ length: 182 }, () => (next() < 0.25 ? 8 + 4 * next() : 0));
  const found = forecast(series, { period: 7, horizon: 28, origins: 8 });
  const expected = found.mean.reduce((sum, value) => sum + value, 0) / found.mean.length;
  const came = series.reduce((sum, value) => sum + value, 0) / series.length;
  assert.equal(found.criterion, "rmsse");
  assert.ok(expected > 0.6 * came && expected < 1.4 * came, `${expected} of ${came}`);
});
