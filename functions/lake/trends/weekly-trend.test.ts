import assert from "node:assert/strict";
import { test } from "node:test";
import { nile } from "./golden-series";
import { simulate } from "./simulated-series";
import { type WeeklyTrend, weeklyTrends } from "./weekly-trend";

const named = (series: readonly (readonly number[])[]) => series.map((weeks, index) => ({ key: `s${index}`, weeks }));

function trendOf(weeks: readonly number[]): WeeklyTrend {
  const [trend] = weeklyTrends([{ key: "only", weeks }]);
  assert.ok(trend);
  return trend;
}

test("weeklyTrends() tells rising from falling from neither, in the order of the series", () => {
  const wave = (slope: number) =>
    Array.from({ length: 52 }, (_, week) => 100 + slope * week + 9 * Math.sin(week * week));
  const trends = weeklyTrends([
    { key: "up", weeks: wave(1) },
    { key: "flat", weeks: wave(0) },
    { key: "down", weeks: wave(-1) },
  ]);
  assert.deepEqual(
    trends.map(({ key, direction }) => [key, direction]),
    [
      ["up", "rising"],
      ["flat", "none"],
      ["down", "falling"],
    ],
  );
  const [up] = trends;
  assert.ok(up?.slope && Math.abs(up.slope - 1) < 0.1 && up.slopePercent && Math.abs(up.slopePercent - 0.8) < 0.1);
});

test("weeklyTrends() reports a level that changed, with its first week and both means", () => {
  const { change } = trendOf(nile);
  assert.equal(change?.index, 28);
  assert.equal(change?.meanBefore, 1097.75);
  assert.equal(change?.meanAfter, 849.9722222222222);
  assert.ok(change && change.p < 0.001 && change.q === change.p);
});

test("weeklyTrends() takes no promotion for a trend", () => {
  const weeks = Array.from(
    { length: 52 },
    (_, week) => 100 + 9 * Math.sin(week * week) + (week > 40 && week < 45 ? 400 : 0),
  );
  const { direction, change } = trendOf(weeks);
  assert.deepEqual([direction, change], ["none", null]);
});

test("weeklyTrends() counts how many series it looks at", () => {
  const quiet = simulate(300, { n: 30 });
  const faint = Array.from({ length: 30 }, (_, week) => week + 45 * Math.sin(week * week));
  assert.equal(trendOf(faint).direction, "none");
  const clear = Array.from({ length: 30 }, (_, week) => week + 24 * Math.sin(week * week));
  assert.equal(trendOf(clear).direction, "rising");
  const [among] = weeklyTrends([{ key: "clear", weeks: clear }, ...named(quiet)]);
  assert.equal(among?.direction, "none");
  assert.ok(among?.q && among.p && among.q > among.p);
});

test("weeklyTrends() finds next to nothing in hundreds of series that have nothing", () => {
  for (const memory of [0, 0.3]) {
    const found = weeklyTrends(named(simulate(300, { n: 52, memory })));
    assert.ok(found.filter(({ direction }) => direction !== "none").length <= 3);
    assert.ok(found.filter(({ change }) => change !== null).length <= 3);
  }
});

test("weeklyTrends() finds the few series that have something among many", () => {
  const series = [
    ...simulate(20, { n: 52, memory: 0.3, slope: 0.08 }),
    ...simulate(180, { n: 52, memory: 0.3 }, 104_729),
  ];
  const found = weeklyTrends(named(series)).map(({ direction }) => direction);
  assert.ok(found.slice(0, 20).filter((direction) => direction === "rising").length >= 16);
  assert.ok(found.slice(20).filter((direction) => direction !== "none").length <= 4);
});

test("weeklyTrends() says nothing about a series that is too short, and does not count it", () => {
  const line = [1, 2, 3, 4, 5, 6, 7, 8];
  const [short, long] = weeklyTrends([
    { key: "short", weeks: line.slice(1) },
    { key: "long", weeks: line },
  ]);
  assert.deepEqual(short, {
    key: "short",
    n: 7,
    s: null,
    z: null,
    p: null,
    q: null,
    slope: null,
    slopePercent: null,
    direction: "none",
    change: null,
  });
  assert.equal(long?.q, long?.p);
  assert.equal(long?.direction, "rising");
  assert.deepEqual(weeklyTrends([]), []);
});

test("weeklyTrends() is defined for equal, empty, negative and huge weeks", () => {
  for (const [weeks, direction, slopePercent] of [
    [Array<number>(20).fill(0), "none", null],
    [Array<number>(20).fill(7), "none", 0],
    [Array.from({ length: 20 }, (_, week) => -100 - week), "falling", (-1 / 109.5) * 100],
    [Array.from({ length: 20 }, (_, week) => week * 5e298), "rising", 100 / 9.5],
    [Array.from({ length: 21 }, (_, week) => (week === 10 ? 1e-300 : (week - 10) * 1e298)), "rising", null],
  ] as const) {
    const found = trendOf(weeks);
    assert.equal(found.direction, direction);
    assert.ok(
      found.slopePercent === slopePercent || Math.abs((found.slopePercent ?? 0) - (slopePercent ?? 1)) < 1e-9,
      `${found.slopePercent}`,
    );
    for (const value of Object.values({ ...found, ...found.change })) {
      assert.ok(typeof value !== "number" || Number.isFinite(value));
    }
  }
});

test("weeklyTrends() refuses a week that is no number by series, place and value", () => {
  assert.throws(
    () =>
      weeklyTrends([
        { key: "total:EUR", weeks: [1, 2] },
        { key: "region:DE", weeks: [1, 2, Number.NaN] },
      ]),
    { code: "NotFinite", message: /^Cannot analyse "region:DE": value 2 of 3 is NaN\./ },
  );
});
