// sales-history: daily and weekly net revenue of every series that the models look at, out of the sales of all days.
//
// Four levels: everything, per category, per region, per category and region; never across currencies. What the models see is
//
//   ... gap ┃ first ━━━━━━━━━━━━━━ days without a sale are 0 ━━━━━━━━━━━━━━ last ┃ the newest day, still going on ┃ future
//
// A day after today is a wrong date or an order in advance, and no history. More than a week in which nothing at all was sold is a
// gap in the data rather than in sales, and what lies before it is left out. A series begins with its own first sale.

import { literal } from "../../../schemas/sql-text";

export interface SeriesKey {
  readonly level: "total" | "category" | "region" | "category_region";
  readonly currency: string;
  readonly category: string;
  readonly region: string;
}

export interface Series {
  readonly key: SeriesKey;
  /** Of the first value, YYYY-MM-DD: a day, or the Monday of a week. */
  readonly from: string;
  /** Net revenue per period, without a hole. */
  readonly values: readonly number[];
  /** Order lines behind them. */
  readonly lines: number;
}

export interface History {
  /** First and last day, YYYY-MM-DD. */
  readonly from: string;
  readonly to: string;
  /** Days between them without a single sale of the shop. */
  readonly emptyDays: number;
  readonly daily: readonly Series[];
  /** Complete weeks, from Monday. */
  readonly weekly: readonly Series[];
}

/** Half a year of days: what a weekly rhythm can be learnt from, and a bound of what a fit costs. */
const longestDaily = 182;
/** Two years of weeks. */
const longestWeekly = 104;
const longestGap = 7;

/** What `historyOf` reads, as one row per series and day. */
export const historySql = (series: string, today: string): string => `
  SELECT currency, coalesce(category, '*') AS category, coalesce(region, '*') AS region, (day - DATE '1970-01-01')::INTEGER AS day,
    sum(revenue)::DOUBLE AS revenue, sum(lines)::DOUBLE AS lines
  FROM (SELECT currency, category, country || '/' || region AS region, day, revenue, lines FROM ${series}
        WHERE currency <> 'unknown' AND day BETWEEN DATE '1900-01-01' AND DATE ${literal(today)})
  GROUP BY GROUPING SETS ((currency, day), (currency, category, day), (currency, region, day), (currency, category, region, day))
  ORDER BY currency, category, region, day`;

export interface HistoryRow {
  readonly currency: string;
  readonly category: string;
  readonly region: string;
  /** Days since 1970-01-01. */
  readonly day: number;
  readonly revenue: number;
  readonly lines: number;
}

/** Gives nothing where no day is over yet, or where more than a week without sales lies before the newest. */
export function historyOf(rows: readonly HistoryRow[]): History | undefined {
  const sold = [...new Set(rows.map(({ day }) => day))].sort((a, b) => a - b);
  const newest = sold.pop();
  const last = newest === undefined ? undefined : newest - 1;
  const begins = sold.findLastIndex((day, index) => day - (sold[index - 1] ?? Number.NEGATIVE_INFINITY) > longestGap);
  const first = sold[begins];
  if (
    last === undefined ||
    newest === undefined ||
    first === undefined ||
    newest - (sold.at(-1) ?? first) > longestGap
  ) {
    return undefined;
  }
  const from = Math.max(first, last - longestDaily + 1);
  const lastWeek = mondayOf(last + 1) - 7;
  const firstWeek = Math.max(mondayOf(first + 6), lastWeek - 7 * (longestWeekly - 1));
  const grouped = groupsOf(rows);
  return {
    from: dayText(from),
    to: dayText(last),
    emptyDays: last - from + 1 - sold.filter((day) => day >= from).length,
    daily: grouped.flatMap(({ key, days }) => seriesIn(key, days, from, last, 1)),
    weekly: grouped.flatMap(({ key, days }) => seriesIn(key, days, firstWeek, lastWeek + 6, 7)),
  };
}

interface Group {
  readonly key: SeriesKey;
  readonly days: readonly { readonly day: number; readonly revenue: number; readonly lines: number }[];
}

function groupsOf(rows: readonly HistoryRow[]): Group[] {
  const groups = new Map<string, { key: SeriesKey; days: Group["days"][number][] }>();
  for (const { currency, category, region, day, revenue, lines } of rows) {
    const level =
      category === "*" ? (region === "*" ? "total" : "region") : region === "*" ? "category" : "category_region";
    const name = JSON.stringify([currency, category, region]);
    const group = groups.get(name) ?? { key: { level, currency, category, region }, days: [] };
    group.days.push({ day, revenue, lines });
    groups.set(name, group);
  }
  return [...groups.values()];
}

/** The values of periods of `length` days, from the first one with a sale on; nothing where there is no sale. */
function seriesIn(key: SeriesKey, days: Group["days"], from: number, to: number, length: number): Series[] {
  const within = days.filter(({ day }) => day >= from && day <= to);
  const [earliest] = within;
  if (earliest === undefined) return [];
  const start = from + Math.floor((earliest.day - from) / length) * length;
  const values = Array<number>(Math.floor((to - start + 1) / length)).fill(0);
  for (const { day, revenue } of within) {
    const period = Math.floor((day - start) / length);
    values[period] = (values[period] ?? 0) + revenue;
  }
  const lines = within.reduce((total, day) => total + day.lines, 0);
  // Cents, as they were before they became sums of binary fractions.
  return [{ key, from: dayText(start), values: values.map((value) => Math.round(value * 100) / 100), lines }];
}

const dayLength = 86_400_000;

/** Days since 1970-01-01, a Thursday. */
export const dayNumber = (day: string): number => Math.round(Date.parse(`${day}T00:00:00Z`) / dayLength);

/** The Monday on or before a day. */
export const mondayOf = (day: number): number => day - ((((day + 3) % 7) + 7) % 7);

export const dayText = (day: number): string => new Date(day * dayLength).toISOString().slice(0, 10);
