// naive2: the last value once more, of the seasonally adjusted series. The M4 competition's OWA counts in it.

import type { SeasonallyAdjusted } from "./decomposition";
import { seasonalNaive } from "./seasonal-naive";

export function naive2({ series, withSeason }: SeasonallyAdjusted, horizon: number): number[] {
  return withSeason(seasonalNaive(series, 1, horizon));
}
