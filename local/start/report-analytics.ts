// report-analytics: sales, forecast and trends for a person, and the forecast as a picture.

import { writeFileSync } from "node:fs";
import type { Analytics, Forecast, SoldGroup } from "./analytics";
import { forecastPicture } from "./forecast-picture";
import { table, title } from "./report";
import { sparkline } from "./sparkline";
import { styled } from "./styled";

const whole = new Intl.NumberFormat("en", { maximumFractionDigits: 0 });
const signed = new Intl.NumberFormat("en", { maximumFractionDigits: 1, signDisplay: "exceptZero" });
const short = new Intl.NumberFormat("en", { minimumFractionDigits: 2, maximumFractionDigits: 2 });

export function reportAnalytics(found: Analytics): void {
  reportSales(found);
  reportForecasts(found);
  reportTrends(found);
}

function reportSales({ currency, categories, regions, channels, products }: Analytics): void {
  title(`Sales of the last four weeks, from Athena (${currency}, net)`);
  const row = ({ name, revenue, units, change, weeks }: SoldGroup) => [
    name,
    whole.format(revenue),
    whole.format(units),
    change === undefined ? "" : percent(change),
    sparkline(weeks, 26),
  ];
  const part = (name: string, groups: readonly SoldGroup[]) => [
    [styled("dim", name), "", "", "", ""],
    ...groups.map(row),
  ];
  console.log(
    table(
      ["", "revenue", "units", "to the 4 before", "week by week"],
      [
        ...part("category", categories),
        ...part("channel", channels),
        ...part("region, the first five", regions.slice(0, 5)),
      ],
      ["left", "right", "right", "right", "left"],
    ),
  );
  const best = products.map(({ name, revenue }) => `${name} (${whole.format(revenue)})`);
  console.log(`Best sellers of all time: ${best.join(", ")}.`);
}

function reportForecasts({ currency, forecasts }: Analytics): void {
  title("Forecast of the next 28 days, and how far the same method was off before");
  console.log(
    table(
      ["", `revenue, ${currency}`, "method", "MASE", "of last week's", "80 % held", "95 % held"],
      forecasts.map(({ name, sum, method, status, metrics }) => [
        name === "*" ? "everything" : name,
        whole.format(sum),
        status === "ok" ? method : `${method} (${status.replaceAll("_", " ")})`,
        figure(metrics.mase?.value),
        figure(metrics.mase?.benchmark),
        share(metrics.coverage80?.value),
        share(metrics.coverage95?.value),
      ]),
      ["left", "right", "left", "right", "right", "right", "right"],
    ),
  );
}

function reportTrends({ trends }: Analytics): void {
  title("Trends beyond chance, week by week (false discoveries held to 5 %)");
  if (trends.length === 0) {
    console.log("None.");
    return;
  }
  console.log(
    table(
      ["", "", "% a week", "q", "changed in the week of"],
      trends.map(({ name, direction, slopePercent, q, changeWeek }) => [
        name,
        styled(direction === "rising" ? "green" : "red", direction),
        slopePercent === null ? "" : signed.format(slopePercent),
        q.toPrecision(2),
        changeWeek ?? "",
      ]),
      ["left", "left", "right", "right", "left"],
    ),
  );
}

/** Writes the picture of everything and of each category; the first seven are drawn. */
export function writePicture({ currency, forecasts, history }: Analytics, file: string): void {
  const panel = ({ name, days, method, metrics }: Forecast) => ({
    title: name === "*" ? "Everything" : name,
    currency,
    history: (history[name] ?? []).slice(-98),
    forecast: days,
    method,
    metrics: {
      mase: metrics.mase?.value ?? null,
      benchmarkMase: metrics.mase?.benchmark ?? null,
      coverage80: metrics.coverage80?.value ?? null,
      coverage95: metrics.coverage95?.value ?? null,
    },
  });
  const svg = forecastPicture({
    title: "Net revenue, day by day",
    subtitle: `${currency}; what was sold, and what is expected of the next 28 days`,
    panels: forecasts.map(panel),
  });
  writeFileSync(file, svg);
}

function percent(change: number): string {
  const text = `${signed.format(change)} %`;
  return change < 0 ? styled("red", text) : text;
}

const figure = (value: number | null | undefined) => (value == null ? "" : short.format(value));
const share = (value: number | null | undefined) => (value == null ? "" : `${Math.round(100 * value)} %`);
