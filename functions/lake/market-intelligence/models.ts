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

/** Without a history there is nothing to say, and the card has no rows. */
export function modelled(history: History | undefined): Modelled {
  if (history === undefined) return { forecasts: [], trends: [], model_card: [] };
  const { forecasts, cards } = forecastRows(history, version);
  const { trends, cards: more } = trendRows(history, version);
  return { forecasts, trends, model_card: [...cards, ...more] };
}
