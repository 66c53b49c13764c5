// trend-rows: the weekly series, tested for trends and changes, as rows of `trends` and of the model card.

import type { Row } from "../prod/work";
import { weeklyTrends } from "../trends/weekly-trend";
import { dayNumber, dayText, type History } from "./sales-history";
import { seriesName } from "./series-name";

export function trendRows({ weekly, to }: History, version: string): { trends: Row[]; cards: Row[] } {
  const found = weeklyTrends(weekly.map(({ key, values }) => ({ key: seriesName(key), weeks: values })));
  const trends = weekly.map(({ key, from, values }, index) => {
    const trend = found[index];
    const change = trend?.change;
    return {
      ...key,
      weeks: values.length,
      direction: trend?.direction,
      slope: trend?.slope,
      slope_percent: trend?.slopePercent,
      s: trend?.s,
      z: trend?.z,
      p_value: trend?.p,
      q_value: trend?.q,
      change_week: change ? dayText(dayNumber(from) + 7 * change.index) : null,
      change_p_value: change?.p,
      change_q_value: change?.q,
      mean_before: change?.meanBefore,
      mean_after: change?.meanAfter,
    };
  });
  const cards = weekly.map(({ key, from, values, lines }, index) => ({
    model: "trend",
    subject: seriesName(key),
    version,
    method: "Mann-Kendall and Pettitt corrected for AR(1), Theil-Sen",
    fit_status: found[index]?.p == null ? "too_few_data" : "ok",
    parameters: JSON.stringify({ false_discovery_rate: 0.05 }),
    window_from: from,
    window_to: to,
    observations: values.length,
    source_rows: lines,
    metric: "q_value",
    value: found[index]?.q,
    benchmark: null,
  }));
  return { trends, cards };
}
