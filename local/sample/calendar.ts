// calendar: the days that the shop has been open, and how busy each of them is.

import { between, chance, firstAbove, weighted } from "./draw";
import type { Order } from "./rows";
import type { Random } from "./xoshiro128";

export const second = 1_000;
export const minute = 60 * second;
export const hour = 60 * minute;
export const day = 24 * hour;

export interface Calendar {
  /** The first midnight (UTC) and the midnight after the last day. */
  readonly start: number;
  readonly end: number;
  readonly days: number;
  /** The week with prices cut. */
  readonly promotion: { readonly from: number; readonly to: number };
  /** The moment at which so many average days' worth of custom have gone by; nothing when that is after the end. */
  momentOf(averageDays: number): number | undefined;
  /** The inverse, for a moment of the calendar. */
  averageDaysAt(moment: number): number;
}

/** @param endDate the last day, YYYY-MM-DD */
export function calendarOf(endDate: string, days: number): Calendar {
  const end = Date.parse(`${endDate}T00:00:00Z`) + day;
  if (!/^\d{4}-\d\d-\d\d$/.test(endDate) || Number.isNaN(end)) {
    throw new RangeError(`Cannot open the sample shop: endDate is "${endDate}", not a date like 2026-10-31`);
  }
  const start = end - days * day;
  const promotion = promotionWeek(start, days);

  const busyness = Array.from({ length: days }, (_, index) => busynessOf(start + index * day, promotion));
  const mean = busyness.reduce((sum, value) => sum + value, 0) / days;
  const sums: number[] = [];
  busyness.reduce((sum, value) => {
    sums.push(sum + value / mean);
    return sum + value / mean;
  }, 0);

  return {
    start,
    end,
    days,
    promotion,
    momentOf(averageDays) {
      if (averageDays >= days) return undefined;
      const index = firstAbove(sums, averageDays);
      const before = sums[index - 1] ?? 0;
      return start + (index + (averageDays - before) / ((sums[index] ?? days) - before)) * day;
    },
    averageDaysAt(moment) {
      const index = Math.floor((moment - start) / day);
      const before = sums[index - 1] ?? 0;
      return before + ((moment - start) / day - index) * ((sums[index] ?? days) - before);
    },
  };
}

/** From Monday to Sunday, after seven tenths of the time. */
function promotionWeek(start: number, days: number) {
  const about = start + Math.floor(days * 0.7) * day;
  const from = about - ((new Date(about).getUTCDay() + 6) % 7) * day;
  return { from, to: from + 7 * day };
}

const byWeekday = [1.18, 1.12, 0.98, 0.94, 0.96, 0.92, 0.9];

function busynessOf(midnight: number, promotion: Calendar["promotion"]): number {
  const promoted = midnight >= promotion.from && midnight < promotion.to ? 1.7 : 1;
  const yearly = season(midnight, { peak: 335, strength: 0.12 });
  return (byWeekday[new Date(midnight).getUTCDay()] ?? 1) * yearly * promoted;
}

export interface Season {
  /** The day of the year at its height. */
  readonly peak: number;
  /** 0 is no season; the best day sells e^(2 x strength) times the worst. */
  readonly strength: number;
}

export function season(moment: number, { peak, strength }: Season): number {
  const dayOfYear = (moment - Date.UTC(new Date(moment).getUTCFullYear(), 0, 1)) / day;
  return Math.exp(strength * Math.cos((2 * Math.PI * (dayOfYear - peak)) / 365.25));
}

// How much is bought in each hour of the day, from midnight on.
const online = [2, 1, 1, 1, 1, 2, 4, 7, 9, 10, 11, 12, 13, 12, 11, 11, 12, 14, 17, 21, 23, 20, 13, 6];
const onThePhone = [3, 1, 1, 1, 1, 3, 8, 13, 11, 8, 8, 9, 13, 11, 8, 8, 10, 14, 16, 18, 21, 24, 18, 9];
const overTheCounter = [0, 0, 0, 0, 0, 0, 0, 0, 0, 4, 8, 10, 9, 8, 9, 10, 12, 13, 10, 4, 0, 0, 0, 0];

const hours = Array.from({ length: 24 }, (_, index) => index);
const hourOf = {
  web: weighted(hours, (at) => online[at] ?? 0),
  app: weighted(hours, (at) => onThePhone[at] ?? 0),
  store: weighted(hours, (at) => overTheCounter[at] ?? 0),
  marketplace: weighted(hours, (at) => online[at] ?? 0),
} as const satisfies Record<Order["channel"], (random: Random) => number>;

/** A moment on the same day, at an hour at which that channel is used. */
export function momentOfDay(random: Random, moment: number, channel: Order["channel"]): number {
  return midnight(moment) + hourOf[channel](random) * hour + Math.floor(random() * hour);
}

export const midnight = (moment: number) => moment - (moment % day);

export const isSunday = (moment: number) => new Date(moment).getUTCDay() === 0;

/** The next moment in the working hours of a weekday, after about so many days. */
export function workday(random: Random, after: number, days: number): number {
  let date = midnight(after + Math.max(1, Math.round(days)) * day);
  while ([0, 6].includes(new Date(date).getUTCDay())) date += day;
  return date + Math.floor(between(random, chance(random, 0.1) ? 17 : 8, 18) * hour);
}

export const isoDate = (moment: number) => new Date(moment).toISOString().slice(0, 10);
