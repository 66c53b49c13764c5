// Shops that no model was made for: what market-intelligence publishes of them is defined, finite and says what it rests on.

import assert from "node:assert/strict";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { dayNumber, dayText } from "../functions/lake/market-intelligence/sales-history";
import { systems } from "../schemas/datasets";
import { literal } from "../schemas/sql-text";
import {
  type Ground,
  ground,
  type Line,
  linesFile,
  ordersFile,
  productsFile,
  put,
  taken,
  type Version,
} from "./curated-shop";
import { query } from "./lake-fixture";

interface Day {
  readonly day: string;
  readonly lines: readonly Omit<Line, "order" | "line">[];
  readonly currency?: string;
}

/** One order of one customer on each of those days. */
async function opened(t: TestContext, days: readonly Day[]): Promise<Ground> {
  const versions: Version[] = [];
  for (const [index, { day, lines, currency = "EUR" }] of days.entries()) {
    const order = { id: index + 1, day, status: "paid", region: "Hesse", updated: day, currency };
    const numbered = lines.map((line, at) => ({ ...line, order: order.id, line: at + 1 }));
    versions.push({ table: "orders", dt: day, body: await ordersFile([order]) });
    versions.push({ table: "order_items", dt: day, body: await linesFile(numbered) });
  }
  versions.push({
    table: "products",
    dt: "2026-01-01",
    body: await productsFile([[1, "Mug", "Kitchen"]], "2026-01-01"),
  });
  const shop = await ground(t, "odd");
  for (const version of versions) await put(shop, version);
  await taken(shop, versions);
  return shop;
}

const dataset = ({ harness, prod }: Ground, name: string, columns = "*") =>
  query(
    `SELECT ${columns} FROM read_parquet(${literal(join(harness.directory, prod, name, "**", "*.parquet"))}) ORDER BY ALL`,
  );

const daysFrom = (from: string, count: number, lines: (index: number) => Day["lines"], currency = "EUR"): Day[] =>
  Array.from({ length: count }, (_, index) => ({
    day: dayText(dayNumber(from) + index),
    lines: lines(index),
    currency,
  }));

const sale = (price: string, quantity = 1) => [{ product: 1, quantity, price }];

async function allFinite(shop: Ground): Promise<void> {
  for (const name of ["forecasts", "trends", "model_card"] as const) {
    const doubles = Object.entries(systems["market-intelligence"][name].columns).filter(
      ([, { type }]) => type === "double",
    );
    const wrong = doubles.map(([column]) => `count_if(NOT isfinite(${column})) AS ${column}`);
    const [counts = {}] = await dataset(shop, name, wrong.join(", "));
    assert.deepEqual([...new Set(Object.values(counts).map(Number))], [0], name);
  }
}

test("without a single order the card says that there are too few data", async (t) => {
  const shop = await opened(t, []);
  assert.deepEqual(await dataset(shop, "model_card", "model, fit_status, observations, metric"), [
    { model: "forecast", fit_status: "too_few_data", observations: "0", metric: "none" },
    { model: "trend", fit_status: "too_few_data", observations: "0", metric: "none" },
  ]);
  assert.deepEqual(await dataset(shop, "forecasts"), []);
});

test("one day of history has its sales, no forecast, and a card that says why", async (t) => {
  const shop = await opened(
    t,
    daysFrom("2026-03-02", 1, () => sale("9.99")),
  );
  assert.deepEqual(await dataset(shop, "sales_daily", "revenue"), [{ revenue: "9.89" }]);
  assert.deepEqual(await dataset(shop, "model_card", "DISTINCT fit_status"), [{ fit_status: "too_few_data" }]);
});

test("ten days of one customer are forecast by the last week, without intervals, and the card says why", async (t) => {
  const shop = await opened(
    t,
    daysFrom("2026-03-02", 10, (index) => sale(`${10 + (index % 7)}.10`)),
  );
  const total = "DISTINCT method, lower_80, upper_95";
  assert.deepEqual(await dataset(shop, "forecasts", total), [
    { method: "seasonal-naive", lower_80: null, upper_95: null },
  ]);
  const [first] = await dataset(shop, "forecasts", "day, forecast, level");
  assert.deepEqual([first?.day, first?.forecast], ["2026-03-11", 12]);
  assert.deepEqual(await dataset(shop, "model_card", "DISTINCT fit_status"), [{ fit_status: "too_few_data" }]);
});

test("equal amounts are expected to stay, and are no trend", async (t) => {
  const shop = await opened(
    t,
    daysFrom("2026-01-05", 120, () => sale("10.10")),
  );
  assert.deepEqual(await dataset(shop, "forecasts", "DISTINCT forecast, lower_95, upper_95"), [
    { forecast: 10, lower_95: 10, upper_95: 10 },
  ]);
  assert.deepEqual(await dataset(shop, "trends", "DISTINCT direction, slope"), [{ direction: "none", slope: 0 }]);
  await allFinite(shop);
});

test("returns larger than sales make revenue, forecasts and their bounds negative, and finite", async (t) => {
  const shop = await opened(
    t,
    daysFrom("2026-01-05", 90, (index) => [...sale("5.00"), ...sale("9.00", index % 2 ? -3 : -1)]),
  );
  const [sums] = await dataset(shop, "sales_weekly", "sum(revenue) < 0 AS negative, sum(gross) > 0 AS sold");
  assert.deepEqual(sums, { negative: true, sold: true });
  const [forecast] = await dataset(shop, "forecasts", "max(forecast) < 0 AS negative");
  assert.deepEqual(forecast, { negative: true });
  await allFinite(shop);
});

test("an absurd amount on one day is kept exactly, and every number stays finite", async (t) => {
  const shop = await opened(
    t,
    daysFrom("2026-01-05", 90, (index) => sale(index === 40 ? "9999999999.99" : "10.00", index === 40 ? 10_000 : 1)),
  );
  const [most] = await dataset(shop, "sales_daily", "max(gross) AS gross");
  assert.deepEqual(most, { gross: "99999999999900.00" });
  await allFinite(shop);
});

test("orders of the future are sales, and no history", async (t) => {
  const shop = await opened(t, [
    ...daysFrom("2026-03-02", 70, () => sale("10.00")),
    ...daysFrom("2031-01-01", 1, () => sale("7.00")),
  ]);
  assert.deepEqual(await dataset(shop, "sales_daily", "max(day) AS day"), [{ day: "2031-01-01" }]);
  const [window] = await dataset(shop, "model_card", "max(window_to) AS last");
  assert.deepEqual(window, { last: "2026-05-09" });
  assert.deepEqual(await dataset(shop, "forecasts", "min(day) AS day"), [{ day: "2026-05-10" }]);
});

test("currencies have series of their own", async (t) => {
  const shop = await opened(
    t,
    [
      ...daysFrom("2026-03-02", 70, () => sale("10.00")),
      ...daysFrom("2026-03-02", 70, () => sale("20.00"), "GBP"),
    ].filter(({ currency }, index) => (currency === "GBP") === (index % 2 === 1)),
  );
  assert.deepEqual(await dataset(shop, "forecasts", "DISTINCT currency"), [{ currency: "EUR" }, { currency: "GBP" }]);
  const perCurrency = await dataset(shop, "sales_weekly", "DISTINCT currency");
  assert.deepEqual(perCurrency, [{ currency: "EUR" }, { currency: "GBP" }]);
});

test("after a month without anything the history begins anew", async (t) => {
  const shop = await opened(t, [
    ...daysFrom("2026-01-05", 40, () => sale("10.00")),
    ...daysFrom("2026-03-20", 30, () => sale("30.00")),
  ]);
  const [window] = await dataset(shop, "model_card", "min(window_from) FILTER (model = 'forecast') AS first");
  assert.deepEqual(window, { first: "2026-03-20" });
});
