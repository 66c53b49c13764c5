// forecast-rows: every daily series with what is expected of its next four weeks, as rows of `forecasts` and of the model card.

import { forecast, type Metrics } from "../forecasting/choose";
import type { Row } from "../prod/work";
import { dayNumber, dayText, type History } from "./sales-history";
import { seriesName } from "./series-name";

/** Days ahead. */
const horizon = 28;
/** The week: what differs is Saturday from Tuesday. A year of seasons needs more years than are kept here. */
const period = 7;
/** How many earlier days a forecast is tried from, and held against what came. */
const origins = 8;

export function forecastRows({ daily, emptyDays }: History, version: string): { forecasts: Row[]; cards: Row[] } {
  const forecasts: Row[] = [];
  const cards: Row[] = [];
  for (const { key, from, values, lines } of daily) {
    const found = forecast(values, { period, horizon, origins });
    const last = dayNumber(from) + values.length - 1;
    for (let ahead = 1; ahead <= horizon; ahead++) {
      const at = ahead - 1;
      forecasts.push({
        ...key,
        day: dayText(last + ahead),
        horizon: ahead,
        method: found.method,
        forecast: found.mean[at],
        lower_80: found.lower80[at],
        upper_80: found.upper80[at],
        lower_95: found.lower95[at],
        upper_95: found.upper95[at],
      });
    }
    const card = {
      model: "forecast",
      subject: seriesName(key),
      version,
      method: found.method,
      fit_status: found.status,
      parameters: JSON.stringify({ ...found.parameters, period, horizon, origins: found.origins.length }),
      window_from: from,
      window_to: dayText(last),
      observations: values.length,
      source_rows: lines,
    };
    for (const [metric, value] of Object.entries(found.metrics ?? {})) {
      cards.push({ ...card, metric, value, benchmark: found.benchmark?.[metric as keyof Metrics] });
    }
    const { criterion, chosenBlind } = found;
    const benchmark = found.benchmark?.[criterion];
    cards.push({ ...card, metric: `${criterion}_chosen_blind`, value: chosenBlind, benchmark });
    cards.push({ ...card, metric: "empty_days", value: emptyDays, benchmark: null });
  }
  return { forecasts, cards };
}
