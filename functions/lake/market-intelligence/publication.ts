// publication: the datasets that are made from the series of the last two years.
//
//   state/series/*.parquet ──> history ──> models ──> forecasts, trends, model_card
//
// Each is a function of the series up to today and of nothing else, so a dataset that says it was made from the series as it is stays as it is.

import { writeFile } from "node:fs/promises";
import { duckdbType } from "../../../schemas/column-types";
import { type Dataset, systems } from "../../../schemas/datasets";
import { literal, quoted } from "../../../schemas/sql-text";
import { datasetFile, datasetKey, digestOf } from "../prod/dataset-file";
import {
  type Fetched,
  fetchAll,
  filesOf,
  type Replacement,
  type Row,
  replaceAll,
  untilUndisturbed,
  type Work,
} from "../prod/work";
import { lookUp } from "../stored-file";
import { type Modelled, modelled, version } from "./models";
import { type HistoryRow, historyOf, historySql } from "./sales-history";
import { seriesKeys } from "./sales-series";

/** What each dataset is ordered by. */
const orders: Readonly<Record<keyof Modelled, readonly string[]>> = {
  forecasts: ["level", "currency", "category", "region", "day"],
  trends: ["level", "currency", "category", "region"],
  model_card: ["model", "subject", "metric"],
};
const names = Object.keys(orders) as (keyof Modelled)[];

/** Two years and the month that has begun. */
const months = 25;

/** Publishes what is not published yet. `today` (YYYY-MM-DD) tells what is future. */
export async function publish(work: Work, today: string): Promise<void> {
  await untilUndisturbed("the published datasets", async () => {
    // The datasets first: a series that is read after them is as new as whatever they were made from.
    const present = await presentDatasets(work);
    const series = await fetchAll(work, await seriesKeys(work, { until: today.slice(0, 7), count: months }));
    const history = historyOf(await soldUntil(work, series, today));
    const made = { series: fingerprint(series), until: history?.to ?? "none", version };
    const stale = present.filter((each) => JSON.stringify(each.made) !== JSON.stringify(made));
    if (stale.length === 0) return true;

    const models = modelled(history);
    const replacements: Replacement[] = [];
    for (const { name, dataset, object } of stale) {
      const file = `${work.directory}/${name}.parquet`;
      const from = await rowsIn(dataset, models[name], `${work.directory}/${name}.ndjson`);
      await work.connection.run(
        datasetFile(dataset, { rows: from, by: orders[name], madeOf: JSON.stringify(made), file }),
      );
      replacements.push({ present: object, file, metadata: made });
    }
    return (await replaceAll(work, replacements)).length === 0;
  });
}

async function soldUntil(work: Work, series: readonly Fetched[], today: string): Promise<HistoryRow[]> {
  const rows = filesOf(series);
  if (rows === undefined) return [];
  const sold = await work.connection.runAndReadAll(historySql(rows, today));
  return sold.getRowObjectsJS() as unknown as HistoryRow[];
}

interface Present {
  readonly name: keyof Modelled;
  readonly dataset: Dataset;
  readonly object: Fetched;
  readonly made: Readonly<Record<string, string>>;
}

const presentDatasets = (work: Work): Promise<Present[]> =>
  Promise.all(
    names.map(async (name) => {
      const key = datasetKey(name);
      const found = await lookUp(work.prod, key);
      const { series = "", until = "", version: by = "" } = found?.metadata ?? {};
      const made = { series, until, version: by };
      return {
        name,
        dataset: systems["market-intelligence"][name],
        object: { key, file: "", etag: found?.etag },
        made,
      };
    }),
  );

const fingerprint = (files: readonly Fetched[]): string => digestOf(files.map(({ key, etag }) => `${key} ${etag}`));

/** Rows of a dataset as a FROM clause, by way of a file of JSON lines. */
async function rowsIn({ columns }: Dataset, rows: readonly Row[], file: string): Promise<string> {
  await writeFile(file, rows.map((row) => `${JSON.stringify(row)}\n`).join(""));
  const types = Object.entries(columns).map(([name, { type }]) => `${quoted(name)}: ${literal(duckdbType(type))}`);
  return `read_json(${literal(file)}, format = 'newline_delimited', columns = {${types.join(", ")}})`;
}
