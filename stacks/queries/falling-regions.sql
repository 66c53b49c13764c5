-- Which regions fall, beyond chance? Weekly revenue with a significant downward trend (Mann-Kendall, false discoveries
-- held to 5 %), steepest first, and since when, where there was a break.
SELECT
  currency,
  region,
  weeks,
  round(slope, 2) AS change_per_week,
  round(slope_percent, 2) AS change_per_week_percent,
  q_value,
  change_week,
  round(mean_before, 2) AS mean_week_before,
  round(mean_after, 2) AS mean_week_after
FROM market_intelligence_trends
WHERE level = 'region' AND direction = 'falling'
ORDER BY currency, slope_percent NULLS LAST, region
