// parameters: what many routes take in a query string, each a text there.

import { check, is, isoDate, maxLength, maxValue, optional, pipe, regex, string, transform } from "valibot";

const likeDay = pipe(string(), isoDate("must be a day like 2026-03-01"));

/** Of the calendar of PostgreSQL, which begins with the year 1. */
export const Day = pipe(
  likeDay,
  check((text) => !is(likeDay, text) || isDay(text), "must be a day of the calendar"),
);

/** What a feed calls something (schemas/feed.ts): tabs and line ends may be in it, and no other control characters. */
export const Name = pipe(
  string(),
  regex(/^(?:\P{Cc}|[\t\r\n]){1,200}$/u, "must be a text of 1 to 200 characters, with no control characters in it"),
);

export const Currency = pipe(string(), regex(/^[A-Z]{3}$/, "must be a currency's code like EUR"));

/** How much of a list; 100 where nothing is said. */
export const Limit = optional(
  pipe(
    string(),
    regex(/^[1-9]\d{0,3}$/, "must be a whole number from 1 to 500"),
    transform(Number),
    maxValue(500, "must be 500 at most"),
  ),
  "100",
);

/** Of the last page. Of what is in it functions/transactions/cursor.ts knows. */
export const Cursor = optional(pipe(string(), maxLength(4_000, "is no cursor of this list")));

function isDay(text: string): boolean {
  return text >= "0001" && new Date(`${text}T00:00:00Z`).toJSON()?.startsWith(text) === true;
}
