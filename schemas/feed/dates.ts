// dates: when a transaction happened, as sellers' feeds write it: ISO 8601 with its distance from UTC, or a day, which
// begins at midnight UTC. What could be read in two ways is not read at all.

import type { Unreadable } from "./unreadable";

/** Before that a date is a default value that slipped in. */
const earliest = Date.UTC(2000, 0, 1);

const day = 86_400_000;

/** A moment in UTC as PostgreSQL takes it, to the microsecond at most; `now` in milliseconds. */
export function readMoment(text: string, now: number): string | Unreadable {
  const found = iso.exec(text);
  if (found === null) return { reason: howToWrite(text) };
  const [, year = "", month = "", date = "", hour = "00", minute = "00", second = "00", fraction = "", zone = "Z"] =
    found;
  const ahead = offsetOf(zone);
  const exists = +date >= 1 && +date <= daysOf(+year, +month) && +hour < 24 && +minute < 60 && +second < 60;
  if (!exists || ahead === undefined) return { reason: "is a day or a time that does not exist" };
  const moment = Date.UTC(+year, +month - 1, +date, +hour, +minute, +second) - ahead;
  if (moment < earliest) return { reason: "is before 2000-01-01" };
  if (moment > now + day) {
    const latest = new Date(now + day).toISOString().slice(0, 10);
    return { reason: `is in the future: ${latest} is the latest that is taken` };
  }
  const utc =
    ahead === 0 ? `${year}-${month}-${date}T${hour}:${minute}:${second}` : new Date(moment).toISOString().slice(0, 19);
  return `${utc}${fraction.slice(0, 7)}Z`;
}

/** 0 where there is no such month. */
function daysOf(year: number, month: number): number {
  if (month === 2) return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28;
  if (month < 1 || month > 12) return 0;
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31;
}

const iso = /^(\d{4})-(\d\d)-(\d\d)(?:[Tt ](\d\d):(\d\d)(?::(\d\d)(\.\d{1,9})?)?([Zz]|[+-]\d\d(?::?\d\d)?))?$/;

/** In milliseconds; nothing where no clock is so far from UTC. */
function offsetOf(zone: string): number | undefined {
  if (zone === "Z" || zone === "z") return 0;
  const hours = +zone.slice(1, 3);
  const minutes = +zone.slice(3).replace(":", "");
  if (hours > 14 || minutes > 59) return undefined;
  return (zone.startsWith("-") ? -1 : 1) * (hours * 60 + minutes) * 60_000;
}

function howToWrite(text: string): string {
  const general = "must be written as 2026-12-31, or with a time as 2026-12-31T18:30:00Z or 2026-12-31T18:30:00+01:00";
  if (/^\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d(:\d\d(\.\d+)?)?$/.test(text)) {
    return `must say how far its clock is from UTC: ${text}Z where it is UTC, or ${text}+01:00`;
  }
  const [, one, separator, other, year] = /^(\d{1,2})([/.-])(\d{1,2})\2(\d{4})$/.exec(text) ?? [];
  if (one === undefined || other === undefined) return general;
  // With a time, because a spreadsheet would turn a day alone into its own way of writing it again.
  const written = (month: string, date: string) =>
    `${year}-${month.padStart(2, "0")}-${date.padStart(2, "0")}T00:00:00Z`;
  const readings = [
    ...(+other <= 12 ? [written(other, one)] : []),
    // With points the day always comes first.
    ...(+one <= 12 && separator !== "." && one !== other ? [written(one, other)] : []),
  ];
  return readings.length === 0 ? general : `must begin with the year: write ${readings.join(" or ")}`;
}
