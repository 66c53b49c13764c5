// analytics: what market-intelligence has made of the shop, asked for in Athena.

import { type Answer, type Athena, ask } from "./ask";

export interface SoldGroup {
  readonly name: string;
  /** Net revenue and pieces of the last four weeks that are over. */
  readonly revenue: number;
  readonly units: number;
  /** Against the four weeks before, in %. */
  readonly change: number | undefined;
  /** Net revenue of every week. */
  readonly weeks: readonly number[];
}

export interface Forecast {
  /** The category, or `*` for all of them. */
  readonly name: string;
  readonly method: string;
  /** `ok`, or why a fallback was published. */
  readonly status: string;
  /** Net revenue of the days ahead, together. */
  readonly sum: number;
  readonly days: readonly ForecastDay[];
  readonly metrics: Readonly<Record<string, { readonly value: number | null; readonly benchmark: number | null }>>;
}

export interface ForecastDay {
  readonly day: string;
  readonly mean: number;
  readonly lower80: number | null;
  readonly upper80: number | null;
  readonly lower95: number | null;
  readonly upper95: number | null;
}

export interface Trend {
  readonly level: string;
  readonly name: string;
  readonly direction: string;
  readonly slopePercent: number | null;
  readonly q: number;
  readonly changeWeek: string | null;
}

export interface Analytics {
  /** The one in which most was sold; all that follows is in it. */
  readonly currency: string;
  readonly categories: readonly SoldGroup[];
  readonly regions: readonly SoldGroup[];
  readonly channels: readonly SoldGroup[];
  readonly products: readonly { readonly name: string; readonly revenue: number; readonly units: number }[];
  readonly forecasts: readonly Forecast[];
  /** Daily net revenue of the last weeks, by category and `*`. */
  readonly history: Readonly<Record<string, readonly { readonly day: string; readonly value: number }[]>>;
  readonly trends: readonly Trend[];
}

/** Gives nothing where nothing was sold. */
export async function analyticsOf(athena: Athena): Promise<Analytics | undefined> {
  const found = await ask(
    athena,
    `SELECT table_name FROM information_schema.tables WHERE table_schema = '${athena.database}'`,
  );
  if (!found.some(({ table_name }) => table_name === "market_intelligence_sales_weekly")) return undefined;
  const [most] = await ask(
    athena,
    "SELECT currency, sum(revenue) AS revenue FROM market_intelligence_sales_weekly GROUP BY currency ORDER BY revenue DESC LIMIT 1",
  );
  if (most?.currency == null) return undefined;
  const currency = most.currency;
  const own = `currency = '${currency.replaceAll("'", "''")}'`;
  const groups = async (name: string) => soldGroups(await ask(athena, weeklySql(name, own)));
  const [categories, regions, channels] = [
    await groups("category"),
    await groups("concat(country, '/', region)"),
    await groups("channel"),
  ];
  const products = await ask(athena, productsSql(own));
  const history = await ask(athena, historySql(own));
  const forecasts = forecastsOf(currency, await ask(athena, forecastSql(own)), await ask(athena, cardSql));
  const trends = await ask(athena, trendSql(own));
  return {
    currency,
    categories,
    regions,
    channels,
    products: products.map(({ product, revenue, units }) => ({
      name: String(product),
      revenue: Number(revenue),
      units: Number(units),
    })),
    forecasts,
    history: historyOf(history),
    trends: trends.map(({ level, category, region, direction, slope_percent, q_value, change_week }) => ({
      level: String(level),
      name: [category, region].filter((each) => each !== "*").join(", ") || "everything",
      direction: String(direction),
      slopePercent: numberOf(slope_percent),
      q: Number(q_value),
      changeWeek: change_week ?? null,
    })),
  };
}

/** Per week; the newest is not over yet. */
const weeklySql = (name: string, own: string) => `
  SELECT week, ${name} AS name, sum(revenue) AS revenue, sum(units) AS units
  FROM market_intelligence_sales_weekly WHERE ${own} AND week < (SELECT max(week) FROM market_intelligence_sales_weekly)
  GROUP BY week, ${name} ORDER BY name, week`;

const productsSql = (own: string) => `
  SELECT product, sum(revenue) AS revenue, sum(units) AS units FROM market_intelligence_sales_daily
  WHERE ${own} GROUP BY product_id, product ORDER BY revenue DESC LIMIT 5`;

const historySql = (own: string) => `
  SELECT day, category, sum(revenue) AS revenue FROM market_intelligence_sales_daily WHERE ${own}
  AND day < (SELECT max(day) FROM market_intelligence_sales_daily) GROUP BY day, category ORDER BY day, category`;

const forecastSql = (own: string) => `
  SELECT category, day, method, forecast, lower_80, upper_80, lower_95, upper_95 FROM market_intelligence_forecasts
  WHERE ${own} AND level IN ('total', 'category') ORDER BY category, day`;

const cardSql = `
  SELECT subject, fit_status, metric, value, benchmark FROM market_intelligence_model_card WHERE model = 'forecast'`;

const trendSql = (own: string) => `
  SELECT level, category, region, direction, slope_percent, q_value, change_week FROM market_intelligence_trends
  WHERE ${own} AND direction <> 'none' ORDER BY q_value, level, category, region LIMIT 8`;

function soldGroups(rows: readonly Answer[]): SoldGroup[] {
  const weeks = [...new Set(rows.map(({ week }) => String(week)))].sort();
  const names = [...new Set(rows.map(({ name }) => String(name)))];
  const groups = names.map((name) => {
    const own = new Map(rows.filter((row) => row.name === name).map((row) => [String(row.week), row]));
    const revenues = weeks.map((week) => Number(own.get(week)?.revenue ?? 0));
    const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);
    const before = sum(revenues.slice(-8, -4));
    const revenue = sum(revenues.slice(-4));
    return {
      name,
      revenue,
      units: sum(weeks.slice(-4).map((week) => Number(own.get(week)?.units ?? 0))),
      change: before > 0 ? (100 * (revenue - before)) / before : undefined,
      weeks: revenues,
    };
  });
  return groups.sort((one, other) => other.revenue - one.revenue);
}

function forecastsOf(currency: string, rows: readonly Answer[], cards: readonly Answer[]): Forecast[] {
  const names = [...new Set(rows.map(({ category }) => String(category)))];
  const forecasts = names.map((name) => {
    const days = rows.filter(({ category }) => category === name);
    const own = name === "*" ? `total:${currency}:*:*` : `category:${currency}:${name}:*`;
    const card = cards.filter(({ subject }) => subject === own);
    return {
      name,
      method: String(days[0]?.method),
      status: String(card[0]?.fit_status),
      sum: days.reduce((total, { forecast }) => total + Number(forecast), 0),
      days: days.map(({ day, forecast, lower_80, upper_80, lower_95, upper_95 }) => ({
        day: String(day),
        mean: Number(forecast),
        lower80: numberOf(lower_80),
        upper80: numberOf(upper_80),
        lower95: numberOf(lower_95),
        upper95: numberOf(upper_95),
      })),
      metrics: Object.fromEntries(
        card.map(({ metric, value, benchmark }) => [
          String(metric),
          { value: numberOf(value), benchmark: numberOf(benchmark) },
        ]),
      ),
    };
  });
  return forecasts.sort((one, other) => Number(other.name === "*") - Number(one.name === "*") || other.sum - one.sum);
}

/** Days without a sale are zero. */
function historyOf(rows: readonly Answer[]): Analytics["history"] {
  const days = [...new Set(rows.map(({ day }) => String(day)))].sort();
  const names = [...new Set(rows.map(({ category }) => String(category)))];
  const of = (matches: (row: Answer) => boolean) => {
    const sums = new Map<string, number>();
    for (const row of rows.filter(matches))
      sums.set(String(row.day), (sums.get(String(row.day)) ?? 0) + Number(row.revenue));
    return days.map((day) => ({ day, value: sums.get(day) ?? 0 }));
  };
  return Object.fromEntries([
    ["*", of(() => true)],
    ...names.map((name) => [name, of(({ category }) => category === name)]),
  ]);
}

const numberOf = (value: string | null | undefined): number | null => (value == null ? null : Number(value));
