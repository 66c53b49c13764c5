-- How did each category do last week, against the week before? The last week is the last one that is over:
-- one after which another has begun.
WITH weeks AS (
  SELECT week, row_number() OVER (ORDER BY week DESC) AS age
  FROM (SELECT DISTINCT week FROM market_intelligence_sales_weekly) AS every_week
),
compared AS (
  SELECT
    sales.currency,
    sales.category,
    coalesce(sum(sales.revenue) FILTER (WHERE weeks.age = 2), CAST(0 AS decimal(38, 2))) AS last_week,
    coalesce(sum(sales.revenue) FILTER (WHERE weeks.age = 3), CAST(0 AS decimal(38, 2))) AS week_before
  FROM market_intelligence_sales_weekly AS sales
  JOIN weeks ON weeks.week = sales.week
  WHERE weeks.age IN (2, 3)
  GROUP BY sales.currency, sales.category
)
SELECT
  currency,
  category,
  last_week,
  week_before,
  last_week - week_before AS change,
  round(
    100e0 * CAST(last_week - week_before AS double) / nullif(greatest(CAST(week_before AS double), 0e0), 0e0),
    1
  ) AS change_percent
FROM compared
ORDER BY currency, last_week DESC, category
