// sales-series: sales per day, category, region and channel over all days, a file per month - what every model reads.
//
//   state/days/dt=D.parquet ─┬─> state/series/YYYY-MM.parquet
//                            └─> sales_weekly/dt=MONDAY/...      a dataset: the same per week

import { ListObjectsV2Command } from "@aws-sdk/client-s3";
import { datasetsOf } from "../../../schemas/datasets";
import { literal } from "../../../schemas/sql-text";
import { datasetFile, datasetKey } from "../prod/dataset-file";
import { fetchAll, filesOf, type Replacement, replaceAll, untilUndisturbed, type Work } from "../prod/work";
import { categoryDayKey, salesOrder } from "./sales-days";
import { dayNumber, dayText, mondayOf } from "./sales-history";

const folder = "state/series/";
const monthOf = (day: string): string => day.slice(0, -3);

/** Puts these days, as they are computed now, into the series of their months. */
export async function updateSeries(work: Work, days: readonly string[]): Promise<void> {
  const months = [...new Set(days.map(monthOf))];
  await untilUndisturbed("the series of sales", async () => {
    // The series first: days that are read after it are as new as whatever stands in it.
    const present = await fetchAll(
      work,
      months.map((month) => `${folder}${month}.parquet`),
    );
    const computed = await fetchAll(work, days.map(categoryDayKey));
    const replacements: Replacement[] = [];
    for (const [index, month] of months.entries()) {
      const before = present[index];
      const own = days.filter((day) => monthOf(day) === month);
      const rows = filesOf(computed.filter((_, at) => own.includes(days[at] ?? "")));
      if (before === undefined || rows === undefined) continue;
      const old = filesOf([before]);
      const list = own.map((day) => `DATE ${literal(day)}`).join(", ");
      const kept = old === undefined ? "" : `UNION ALL SELECT * FROM ${old} WHERE day NOT IN (${list})`;
      const file = `${before.file}.next`;
      await work.connection.run(
        `COPY (SELECT * FROM (FROM ${rows} ${kept}) ORDER BY day, ${salesOrder.join(", ")})
         TO ${literal(file)} (FORMAT parquet, COMPRESSION zstd)`,
      );
      replacements.push({ present: before, file });
    }
    return (await replaceAll(work, replacements)).length === 0;
  });
}

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

const { sales_weekly: salesWeekly = { about: "", columns: {} } } = datasetsOf("market-intelligence");
const sums = ["orders", "lines", "units", "returned_units", "gross", "discount", "returned", "revenue"];

/** The Mondays of the weeks that these days are in. */
export const weeksOf = (days: readonly string[]): string[] => [
  ...new Set(days.map((day) => dayText(mondayOf(dayNumber(day))))),
];

/** Publishes the weeks of these days. */
export async function updateWeeks(work: Work, days: readonly string[]): Promise<void> {
  const weeks = weeksOf(days);
  await untilUndisturbed("the sales of weeks", async () => {
    const present = await fetchAll(
      work,
      weeks.map((week) => datasetKey("sales_weekly", week)),
    );
    const replacements: Replacement[] = [];
    const every = weeks.flatMap((week) => Array.from({ length: 7 }, (_, index) => dayText(dayNumber(week) + index)));
    const computed = await fetchAll(work, every.map(categoryDayKey));
    for (const [index, week] of weeks.entries()) {
      const before = present[index];
      const rows = filesOf(computed.slice(7 * index, 7 * index + 7));
      if (before === undefined || rows === undefined) continue;
      const totals = sums.map((name) => `sum(${name}) AS ${name}`).join(", ");
      const grouped = `(SELECT DATE ${literal(week)} AS week, ${salesOrder.join(", ")}, ${totals} FROM ${rows} GROUP BY ALL)`;
      const file = `${before.file}.next`;
      await work.connection.run(datasetFile(salesWeekly, grouped, salesOrder, file));
      replacements.push({ present: before, file });
    }
    return (await replaceAll(work, replacements)).length === 0;
  });
}
