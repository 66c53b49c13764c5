import assert from "node:assert/strict";
import { test } from "node:test";
import { is, safeParse } from "valibot";
import { Currency, Day, endsAfterItBegins, Limit, Name } from "./parameters";

test("Day takes the days of the calendar", () => {
  for (const good of ["2026-03-01", "2024-02-29", "0001-01-01", "9999-12-31"]) assert.ok(is(Day, good), good);
  for (const bad of [
    "2026-02-29",
    "2026-04-31",
    "2026-13-01",
    "0000-01-01",
    "2026-3-1",
    "01.03.2026",
    "",
    "now()",
    "infinity",
  ])
    assert.ok(!is(Day, bad), bad);
});

test("Name takes any text that PostgreSQL does, SQL or not", () => {
  for (const good of ["toys", "'; drop table x; --", "a\tb\r\nc", "\u{1f6d2}".repeat(200)])
    assert.ok(is(Name, good), good);
  for (const bad of ["", "a\0b", "\x1b[2J", "x".repeat(201)]) assert.ok(!is(Name, bad), bad);
});

test("Currency takes three capitals", () => {
  assert.ok(is(Currency, "EUR"));
  for (const bad of ["eur", "EURO", "E1R", ""]) assert.ok(!is(Currency, bad), bad);
});

test("Limit reads a number from 1 to 500, and is 100 where nothing is said", () => {
  assert.equal(safeParse(Limit, undefined).output, 100);
  assert.equal(safeParse(Limit, "500").output, 500);
  for (const bad of ["0", "501", "-1", "1.5", "1e2", "0x10", " 1", "٣", ""]) assert.ok(!is(Limit, bad), bad);
});

test("endsAfterItBegins() takes a day, days and an open end, and nothing that ends before", () => {
  for (const good of [
    {},
    { from: "2026-03-01" },
    { to: "0001-01-01" },
    { from: "2026-03-01", to: "2026-03-01" },
    { from: "0999-12-31", to: "1000-01-01" },
  ])
    assert.ok(endsAfterItBegins(good));
  assert.ok(!endsAfterItBegins({ from: "2026-03-01", to: "2026-02-28" }));
});
