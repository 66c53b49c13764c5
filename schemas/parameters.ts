// parameters: what many routes take in a query string, each a text there.

import {
  check,
  description,
  is,
  isoDate,
  maxLength,
  metadata,
  optional,
  pipe,
  regex,
  string,
  transform,
} from "valibot";
import { Seller } from "./seller";

const likeDay = pipe(string(), isoDate("must be a day like 2026-03-01"));

/** Of the calendar of PostgreSQL, which begins with the year 1. */
export const Day = pipe(
  likeDay,
  check((text) => !is(likeDay, text) || isDay(text), "must be a day of the calendar"),
);

/** Both days are in the same calendar, with four digits of a year: as texts they are in the order of time. */
export const endsAfterItBegins = ({ from = "", to }: DayRange): boolean => to === undefined || from <= to;

interface DayRange {
  readonly from?: string | undefined;
  readonly to?: string | undefined;
}

/** What a feed calls something (schemas/feed.ts): tabs and line ends may be in it, and no other control characters. */
export const Name = pipe(
  string(),
  metadata({ minLength: 1, maxLength: 200 }),
  regex(/^(?:\P{Cc}|[\t\r\n]){1,200}$/u, "must be a text of 1 to 200 characters, with no control characters in it"),
);

export const Currency = pipe(
  string(),
  regex(/^[A-Z]{3}$/, "must be a currency's code like EUR"),
  description("Code of ISO 4217, such as EUR"),
);

/** How much of a list; 100 where nothing is said. */
export const Limit = optional(
  pipe(
    string(),
    metadata({ type: "integer", minimum: 1, maximum: 500, description: "How many of them a page has at most" }),
    regex(/^(?:[1-9]\d?|[1-4]\d\d|500)$/, "must be a whole number from 1 to 500"),
    transform(Number),
  ),
  "100",
);

/** Of the last page. Of what is in it functions/cursor.ts knows. */
export const Cursor = optional(
  pipe(
    string(),
    maxLength(4_000, "is no cursor of this list"),
    description("The `cursor` of the page before, asked for with the same filters and order; none for the first page"),
  ),
);

/** Where the next page begins. */
export const NextCursor = optional(pipe(string(), description("Where the next page begins. Missing on the last page")));

/** Whose data is shown. */
export const AnySeller = optional(
  pipe(Seller, description("One of the token's sellers; where none is named, all of them")),
);

/** For whom something is done. */
export const OneSeller = optional(
  pipe(Seller, description("For which of the token's sellers; to be named where it has several")),
);

function isDay(text: string): boolean {
  return text >= "0001" && new Date(`${text}T00:00:00Z`).toJSON()?.startsWith(text) === true;
}
