import assert from "node:assert/strict";
import { test } from "node:test";
import { dayNumber, type HistoryRow, historyOf } from "./sales-history";

/** Rows of the total of one currency, a sale of `revenue(index)` on each of so many days; 2026-03-02 is a Monday. */
const days = (from: string, count: number, revenue: (index: number) => number | undefined): HistoryRow[] =>
  Array.from({ length: count }, (_, index) => ({
    day: dayNumber(from) + index,
    revenue: revenue(index),
  })).flatMap(({ day, revenue: value }) =>
    value === undefined ? [] : [{ currency: "EUR", category: "*", region: "*", day, revenue: value, lines: 2 }],
  );

test("the newest day is still going on and is no history", () => {
  const history = historyOf(days("2026-03-02", 15, (index) => index));
  assert.deepEqual([history?.from, history?.to], ["2026-03-02", "2026-03-15"]);
  assert.deepEqual(history?.daily[0]?.values, [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13]);
  assert.deepEqual(history?.weekly[0], { ...history?.daily[0], lines: 28, values: [21, 70] });
});

test("weeks are whole weeks from Monday on", () => {
  const [weekly] = historyOf(days("2026-03-05", 20, () => 1))?.weekly ?? [];
  assert.deepEqual([weekly?.from, weekly?.values], ["2026-03-09", [7, 7]]);
});

test("a day without a sale is zero and is counted", () => {
  const history = historyOf(days("2026-03-02", 5, (index) => (index === 1 ? undefined : 10)));
  assert.deepEqual([history?.daily[0]?.values, history?.emptyDays], [[10, 0, 10, 10], 1]);
});

test("what lies before more than a week without any sale is left out", () => {
  const gone = days("2026-01-01", 30, () => 5);
  const history = historyOf([...gone, ...days("2026-03-02", 10, () => 1)]);
  assert.deepEqual([history?.from, history?.daily[0]?.values.length], ["2026-03-02", 9]);
});

test("a newest day that stands alone after a gap gives no history", () => {
  assert.equal(historyOf([...days("2026-01-01", 30, () => 5), ...days("2026-03-02", 1, () => 1)]), undefined);
});

test("one day, and no day at all, are no history", () => {
  assert.equal(historyOf(days("2026-03-02", 1, () => 1)), undefined);
  assert.equal(historyOf([]), undefined);
});

test("a series begins with its own first sale and ends with all others", () => {
  const late = days("2026-03-06", 2, () => 7).map((row) => ({ ...row, category: "Toys" }));
  const history = historyOf([...days("2026-03-02", 8, () => 1), ...late]);
  const toys = history?.daily.find(({ key }) => key.category === "Toys");
  assert.deepEqual([toys?.key.level, toys?.from, toys?.values, toys?.lines], ["category", "2026-03-06", [7, 7, 0], 4]);
});

test("no more than half a year of days and two years of weeks is looked at", () => {
  const history = historyOf(days("2020-01-01", 2_000, () => 1));
  assert.deepEqual([history?.daily[0]?.values.length, history?.weekly[0]?.values.length], [182, 104]);
});
