import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { dayAxis, dayNumber } from "./day-axis";

const number = (day: string) => dayNumber(day) ?? Number.NaN;
const labels = (from: string, to: string, most = 12) =>
  dayAxis([number(from), number(to)], most).ticks.map(({ label }) => label);

test("dayNumber() takes a day of the calendar and nothing else", () => {
  assert.equal(dayNumber("1970-01-02"), 1);
  assert.equal(dayNumber("2028-02-29"), 21_243);
  for (const day of ["", "2026-02-29", "2026-13-01", "2026-1-1", "2026-01-01T00:00:00Z", "soon"]) {
    assert.equal(dayNumber(day), undefined, day);
  }
});

test("dayAxis() labels the Mondays of weeks, the firsts of months and the years of decades", () => {
  assert.deepEqual(labels("2026-11-02", "2026-11-20"), ["2 Nov", "9 Nov", "16 Nov"]);
  assert.deepEqual(labels("2026-11-20", "2027-02-10"), ["Dec 2026", "Jan 2027", "Feb"]);
  assert.deepEqual(labels("2026-06-01", "2026-09-30"), ["Jun 2026", "Jul", "Aug", "Sep"]);
  assert.deepEqual(labels("2026-01-15", "2027-12-15", 8), ["Apr 2026", "Jul", "Oct", "Jan 2027", "Apr", "Jul", "Oct"]);
  assert.deepEqual(labels("2001-05-01", "2026-05-01", 6), ["2005", "2010", "2015", "2020", "2025"]);
});

test("dayAxis() puts a label where its day is", () => {
  const { ticks } = dayAxis([number("2026-01-15"), number("2026-04-15")], 12);
  assert.deepEqual(
    ticks.map(({ day }) => day),
    ["2026-02-01", "2026-03-01", "2026-04-01"].map(number),
  );
});

test("dayAxis() puts a single day into the middle, and has no ticks without days", () => {
  const { from, to } = dayAxis([100], 5);
  assert.deepEqual([from, to], [97, 103]);
  assert.deepEqual(dayAxis([], 5).ticks, []);
});

test("dayAxis() keeps its ticks inside the span and few, for any span", () => {
  const day = fc.integer({ min: number("0001-01-01"), max: number("9999-12-31") });
  fc.assert(
    fc.property(fc.array(day, { minLength: 1, maxLength: 5 }), fc.integer({ min: 3, max: 16 }), (days, most) => {
      const { from, to, ticks } = dayAxis(days, most);
      for (const one of [...days, ...ticks.map((tick) => tick.day)]) assert.ok(from <= one && one <= to);
      assert.ok(ticks.length <= Math.max(most + 1, 5), `${ticks.length} of ${most}`);
    }),
  );
});
