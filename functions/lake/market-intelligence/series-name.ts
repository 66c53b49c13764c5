// series-name: what a series is called in a model card.

import type { SeriesKey } from "./sales-history";

export const seriesName = ({ level, currency, category, region }: SeriesKey): string =>
  [level, currency, category, region].join(":");
