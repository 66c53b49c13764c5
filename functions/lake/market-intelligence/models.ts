// models: what the series of sales lead one to expect, and which of them rise or fall - as the rows of three datasets.

import type { Row } from "../prod/work";
import { forecastRows } from "./forecast-rows";
import type { History } from "./sales-history";
import { trendRows } from "./trend-rows";

/** Of the methods as they are programmed here: what was published by another version is published anew. */
export const version = "1";

export interface Modelled {
  readonly forecasts: readonly Row[];
  readonly trends: readonly Row[];
  readonly model_card: readonly Row[];
}

/** Without a history there is nothing to expect, and the card says why. */
export function modelled(history: History | undefined): Modelled {
  if (history === undefined) return { forecasts: [], trends: [], model_card: ["forecast", "trend"].map(noHistory) };
  const { forecasts, cards } = forecastRows(history, version);
  const { trends, cards: more } = trendRows(history, version);
  return { forecasts, trends, model_card: [...cards, ...more] };
}

const noHistory = (model: string): Row => ({
  model,
  subject: "total",
  version,
  method: "none",
  fit_status: "too_few_data",
  parameters: "{}",
  observations: 0,
  source_rows: 0,
  metric: "none",
});
