// datasets: what the five systems publish, defined once - a folder of Parquet in the system's prod bucket each.
//
//   {dataset}/{dataset}.parquet                    one file, replaced as a whole
//   {dataset}/dt=YYYY-MM-DD/{dataset}.parquet      one file per day or week (its Monday), where the dataset is partitioned
//
// The systems write these columns with these types and no others, the crawlers find them, Athena shows them as the table
// `{system}_{dataset}`, hyphens as underscores. Nothing here depends on in how many runs it was computed, or when but for what is future.

import type { ColumnType } from "./tables";

export interface DatasetColumn {
  readonly type: ColumnType;
  /** What it means, with its unit. */
  readonly about: string;
}

export interface Dataset {
  readonly about: string;
  readonly columns: Readonly<Record<string, DatasetColumn>>;
  /** Whether there is one file per day or week, `dt`; Athena sees `dt` as a column of its own, a string. */
  readonly partitioned?: true;
}

/** Of every system: what was fitted, how well it does against the benchmark, and on what. One row per metric. */
const modelCard: Dataset = {
  about: "What was fitted, how well it does against the benchmark, and on which data",
  columns: {
    model: { type: "varchar", about: "What kind of model: forecast, trend" },
    subject: { type: "varchar", about: "What it is about: the series, as level:currency:category:region" },
    version: { type: "varchar", about: "Of the method as it is programmed; another one is not comparable" },
    method: { type: "varchar", about: "What was chosen and published" },
    fit_status: { type: "varchar", about: "ok, or why a fallback was published: too_few_data, benchmark_wins" },
    parameters: { type: "varchar", about: "The fitted parameters, as JSON" },
    window_from: { type: "date", about: "First day of the data" },
    window_to: { type: "date", about: "Last day of the data" },
    observations: { type: "bigint", about: "Periods in the window" },
    source_rows: { type: "bigint", about: "Order lines behind them" },
    metric: { type: "varchar", about: "Name of the metric" },
    value: { type: "double", about: "Of the published method; NULL where it could not be measured" },
    benchmark: { type: "double", about: "The same metric of the benchmark" },
  },
};

const money = "in units of the currency";

/** Whose sales: one value of each, or `*` where a row speaks of all of them together. Currencies are never added up. */
const series = {
  level: { type: "varchar", about: "total, category, region or category_region" },
  currency: { type: "varchar", about: "ISO 4217" },
  category: { type: "varchar", about: "Of the products, or *" },
  region: { type: "varchar", about: "Country and region, as DE/Hamburg, or *" },
} as const satisfies Dataset["columns"];

const dimensions = {
  category: { type: "varchar", about: "Of the product; unknown where the product is not known" },
  country: { type: "varchar", about: "ISO 3166-1 alpha-2; unknown where the order is not known" },
  region: { type: "varchar", about: "Of the order; unknown where the order is not known" },
  channel: { type: "varchar", about: "web, app, store or marketplace; unknown where the order is not known" },
  currency: { type: "varchar", about: "ISO 4217; unknown where the order is not known" },
} as const satisfies Dataset["columns"];

const measures = {
  orders: { type: "bigint", about: "Orders with a line that counts here" },
  lines: { type: "bigint", about: "Order lines, returns included" },
  units: { type: "bigint", about: "Pieces sold, before returns" },
  returned_units: { type: "bigint", about: "Pieces sent back" },
  gross: { type: "decimal(38,2)", about: `Quantity times price of what was sold, ${money}` },
  discount: { type: "decimal(38,2)", about: `Discount on it, ${money}` },
  returned: { type: "decimal(38,2)", about: `Value of what was sent back, on the day it came back, ${money}` },
  revenue: { type: "decimal(38,2)", about: `Net: gross - discount - returned, ${money}` },
} as const satisfies Dataset["columns"];

const marketIntelligence = {
  sales_daily: {
    about: "Sales and returns per day, product, region and channel; cancelled orders are left out",
    partitioned: true,
    columns: {
      day: { type: "date", about: "Of the order line, UTC" },
      product_id: { type: "bigint", about: "Of the shop" },
      product: { type: "varchar", about: "Its name; unknown where the product is not known" },
      ...dimensions,
      ...measures,
    },
  },
  sales_weekly: {
    about: "The same per week, category, region and channel; orders per day, added up",
    partitioned: true,
    columns: { week: { type: "date", about: "Its Monday (ISO 8601)" }, ...dimensions, ...measures },
  },
  forecasts: {
    about: "Expected net revenue per day, with intervals whose coverage was measured",
    columns: {
      ...series,
      day: { type: "date", about: "Forecast for this day" },
      horizon: { type: "integer", about: "Days after the last day of the data" },
      method: { type: "varchar", about: "What was chosen for this series by its backtest" },
      forecast: { type: "double", about: `Net revenue, ${money}` },
      lower_80: {
        type: "double",
        about: "Four of five days lie between lower_80 and upper_80; NULL where there are too few errors to tell",
      },
      upper_80: { type: "double", about: "See lower_80" },
      lower_95: { type: "double", about: "Nineteen of twenty days lie between lower_95 and upper_95" },
      upper_95: { type: "double", about: "See lower_95" },
    },
  },
  trends: {
    about: "Which weekly series rise or fall beyond chance, and where they changed",
    columns: {
      ...series,
      weeks: { type: "integer", about: "Complete weeks in the series" },
      direction: { type: "varchar", about: "rising, falling or none, at a false discovery rate of 5 %" },
      slope: { type: "double", about: `Theil-Sen, per week, ${money}` },
      slope_percent: { type: "double", about: "The same per week in % of the median week" },
      s: { type: "double", about: "Mann-Kendall's S" },
      z: {
        type: "double",
        about: "Its standard score, variance corrected for first-order autocorrelation (after Hamed and Rao 1998)",
      },
      p_value: { type: "double", about: "Two-sided" },
      q_value: { type: "double", about: "After Benjamini-Hochberg over all series" },
      change_week: {
        type: "date",
        about: "First week after the most likely change (Pettitt 1979), where it is significant",
      },
      change_p_value: { type: "double", about: "Of that change" },
      change_q_value: { type: "double", about: "After Benjamini-Hochberg over all series" },
      mean_before: { type: "double", about: `Mean week before it, ${money}` },
      mean_after: { type: "double", about: `Mean week from then on, ${money}` },
    },
  },
  model_card: modelCard,
} as const satisfies Record<string, Dataset>;

/** The systems, each with a prod bucket and a crawler of its own. */
export const systems = {
  "market-intelligence": marketIntelligence,
  "demand-insights": { model_card: modelCard },
  "compliance-guardian": { model_card: modelCard },
  "global-market": { model_card: modelCard },
  "retail-copilot": { model_card: modelCard },
} as const satisfies Record<string, Record<string, Dataset>>;

export type System = keyof typeof systems;

export const systemNames = Object.keys(systems) as System[];

/** The datasets of a system by name. */
export const datasetsOf = (system: System): Readonly<Record<string, Dataset>> => systems[system];

/** What Athena calls the table of a dataset. */
export const athenaTable = (system: System, dataset: string): string => `${system.replaceAll("-", "_")}_${dataset}`;
