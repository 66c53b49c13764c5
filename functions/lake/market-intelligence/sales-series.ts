// sales-series: sales per day, category, region and channel over all days, a file per month - what every model reads.
//
//   state/days/dt=D.parquet ─┬─> state/series/YYYY-MM.parquet
//                            └─> sales_weekly/dt=MONDAY/...      a dataset: the same per week

import { datasetsOf } from "../../../schemas/datasets";
import { literal } from "../../../schemas/sql-text";
import { type DatasetFile, datasetFile, datasetKey, digestOf } from "../prod/dataset-file";
import {
  type Fetched,
  fetchAll,
  filesOf,
  type Replacement,
  replaceAll,
  untilUndisturbed,
  type Work,
} from "../prod/work";
import { listBelow } from "../stored-file";
import { categoryDay, categoryDayKey, salesOrder } from "./sales-days";
import { dayNumber, dayText, mondayOf } from "./sales-history";

const folder = "state/series/";
const monthOf = (day: string): string => day.slice(0, -3);

const { sales_weekly: salesWeekly = { about: "", columns: {} } } = datasetsOf("market-intelligence");
const sums = ["orders", "lines", "units", "returned_units", "gross", "discount", "returned", "revenue"];

/** Puts these days, as they are computed now, into the series of their months, and publishes their weeks. */
export async function updateSeries(work: Work, days: readonly string[]): Promise<void> {
  const [months, weeks] = [[...new Set(days.map(monthOf))], weeksOf(days)];
  await untilUndisturbed("the series of sales", async () => {
    // What is to be replaced first: days that are read after it are as new as whatever stands in it.
    const series = await fetchAll(
      work,
      months.map((month) => `${folder}${month}.parquet`),
    );
    const published = await fetchAll(
      work,
      weeks.map((week) => datasetKey("sales_weekly", week)),
    );
    const computed = await daysOf(work, [...new Set([...days, ...weeks.flatMap(daysOfWeek)])]);
    const replacements: Replacement[] = [];
    const replace = async (
      present: Fetched | undefined,
      of: readonly string[],
      sql: (rows: string, to: string) => string,
    ) => {
      const rows = filesOf(of.flatMap((day) => computed[day] ?? []));
      if (present === undefined || rows === undefined) return;
      const file = `${present.file}.next`;
      await work.connection.run(sql(rows, file));
      replacements.push({ present, file });
    };
    for (const [index, month] of months.entries()) {
      const own = days.filter((day) => monthOf(day) === month);
      const whole = digestOf(
        (await listBelow(work.prod, `state/days/dt=${month}-`)).map(({ key, etag }) => `${key} ${etag}`),
      );
      await replace(series[index], own, (rows, file) => seriesFile(series[index], own, { rows, madeOf: whole, file }));
    }
    for (const [index, week] of weeks.entries()) {
      const own = daysOfWeek(week);
      const madeOf = digestOf(own.map((day) => computed[day]?.etag));
      await replace(published[index], own, (rows, file) => weekFile(week, { rows, madeOf, file }));
    }
    return (await replaceAll(work, replacements)).length === 0;
  });
}

async function daysOf(work: Work, days: readonly string[]): Promise<Readonly<Record<string, Fetched>>> {
  const fetched = await fetchAll(work, days.map(categoryDayKey));
  return Object.fromEntries(fetched.map((each, index) => [days[index] ?? "", each]));
}

type Rows = Pick<DatasetFile, "rows" | "madeOf" | "file">;

/** The rows of these days in place of those that the month's series has of them. */
function seriesFile(present: Fetched | undefined, days: readonly string[], { rows, madeOf, file }: Rows): string {
  const old = present && filesOf([present]);
  const list = days.map((day) => `DATE ${literal(day)}`).join(", ");
  const kept = old === undefined ? "" : `UNION ALL SELECT * FROM ${old} WHERE day NOT IN (${list})`;
  const all = `(SELECT * FROM ${rows} ${kept})`;
  return datasetFile(categoryDay, { rows: all, by: ["day", ...salesOrder], madeOf, file });
}

function weekFile(week: string, { rows, madeOf, file }: Rows): string {
  const totals = sums.map((name) => `sum(${name}) AS ${name}`).join(", ");
  const grouped = `(SELECT DATE ${literal(week)} AS week, ${salesOrder.join(", ")}, ${totals} FROM ${rows} GROUP BY ALL)`;
  return datasetFile(salesWeekly, { rows: grouped, by: salesOrder, madeOf, file });
}

/** The Mondays of the weeks that these days are in. */
export const weeksOf = (days: readonly string[]): string[] => [
  ...new Set(days.map((day) => dayText(mondayOf(dayNumber(day))))),
];

const daysOfWeek = (week: string): string[] =>
  Array.from({ length: 7 }, (_, index) => dayText(dayNumber(week) + index));

/** The keys of the series of the `count` newest months up to `until` (YYYY-MM), the oldest first; of all where neither is said. */
export async function seriesKeys(
  { prod }: Work,
  { until = "9999-12", count = Number.POSITIVE_INFINITY } = {},
): Promise<string[]> {
  const keys = (await listBelow(prod, folder)).map(({ key }) => key);
  return keys.filter((key) => key <= `${folder}${until}.parquet`).slice(-count);
}
