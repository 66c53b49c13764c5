-- Through which channels do we sell, week by week? Each channel's share of the net revenue of the last twelve weeks that
-- are over.
WITH weeks AS (
  SELECT week, row_number() OVER (ORDER BY week DESC) AS age
  FROM (SELECT DISTINCT week FROM market_intelligence_sales_weekly) AS every_week
),
channels AS (
  SELECT sales.week, sales.currency, sales.channel, CAST(sum(sales.units) AS bigint) AS units, sum(sales.revenue) AS revenue
  FROM market_intelligence_sales_weekly AS sales
  JOIN weeks ON weeks.week = sales.week
  WHERE weeks.age BETWEEN 2 AND 13
  GROUP BY sales.week, sales.currency, sales.channel
)
SELECT
  week,
  currency,
  channel,
  units,
  revenue,
  round(
    100e0 * CAST(revenue AS double) / nullif(CAST(sum(revenue) OVER (PARTITION BY week, currency) AS double), 0e0),
    1
  ) AS share_percent
FROM channels
ORDER BY week DESC, currency, revenue DESC, channel
