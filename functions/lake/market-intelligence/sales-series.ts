// sales-series: sales per day, category, region and channel over all days, a file per month - what every model reads.
//
//   state/days/dt=D.parquet ─┬─> state/series/YYYY-MM.parquet
//                            └─> sales_weekly/dt=MONDAY/...      a dataset: the same per week

import { ListObjectsV2Command } from "@aws-sdk/client-s3";
import { datasetsOf } from "../../../schemas/datasets";
import { literal } from "../../../schemas/sql-text";
import { datasetFile, datasetKey } from "../prod/dataset-file";
import {
  type Fetched,
  fetchAll,
  filesOf,
  type Replacement,
  replaceAll,
  untilUndisturbed,
  type Work,
} from "../prod/work";
import { categoryDayKey, salesOrder } from "./sales-days";
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
      await replace(series[index], own, (rows, file) => seriesFile(series[index], own, rows, file));
    }
    for (const [index, week] of weeks.entries()) {
      await replace(published[index], daysOfWeek(week), (rows, file) => weekFile(week, rows, file));
    }
    return (await replaceAll(work, replacements)).length === 0;
  });
}

async function daysOf(work: Work, days: readonly string[]): Promise<Readonly<Record<string, Fetched>>> {
  const fetched = await fetchAll(work, days.map(categoryDayKey));
  return Object.fromEntries(fetched.map((each, index) => [days[index] ?? "", each]));
}

/** The rows of these days in place of those that the month's series has of them. */
function seriesFile(present: Fetched | undefined, days: readonly string[], rows: string, file: string): string {
  const old = present && filesOf([present]);
  const list = days.map((day) => `DATE ${literal(day)}`).join(", ");
  const kept = old === undefined ? "" : `UNION ALL SELECT * FROM ${old} WHERE day NOT IN (${list})`;
  return `COPY (SELECT * FROM (FROM ${rows} ${kept}) ORDER BY day, ${salesOrder.join(", ")})
    TO ${literal(file)} (FORMAT parquet, COMPRESSION zstd)`;
}

function weekFile(week: string, rows: string, file: string): string {
  const totals = sums.map((name) => `sum(${name}) AS ${name}`).join(", ");
  const grouped = `(SELECT DATE ${literal(week)} AS week, ${salesOrder.join(", ")}, ${totals} FROM ${rows} GROUP BY ALL)`;
  return datasetFile(salesWeekly, grouped, salesOrder, file);
}

/** The Mondays of the weeks that these days are in. */
export const weeksOf = (days: readonly string[]): string[] => [
  ...new Set(days.map((day) => dayText(mondayOf(dayNumber(day))))),
];

const daysOfWeek = (week: string): string[] =>
  Array.from({ length: 7 }, (_, index) => dayText(dayNumber(week) + index));

/** The keys of the series of the `count` newest months up to `until` (YYYY-MM), the oldest first; of all where neither is said. */
export async function seriesKeys(
  { prod: { s3, bucket } }: Work,
  { until = "9999-12", count = Number.POSITIVE_INFINITY } = {},
): Promise<string[]> {
  const keys: string[] = [];
  let ContinuationToken: string | undefined;
  do {
    const page = await s3.send(new ListObjectsV2Command({ Bucket: bucket, Prefix: folder, ContinuationToken }));
    for (const { Key } of page.Contents ?? []) if (Key !== undefined) keys.push(Key);
    ContinuationToken = page.NextContinuationToken;
  } while (ContinuationToken !== undefined);
  return keys
    .filter((key) => key <= `${folder}${until}.parquet`)
    .sort()
    .slice(-count);
}
