-- How much comes back, by category, in the last 90 days with sales? Returns count on the day on which they came back.
WITH days AS (
  SELECT day, row_number() OVER (ORDER BY day DESC) AS age
  FROM (SELECT DISTINCT day FROM market_intelligence_sales_daily) AS every_day
)
SELECT
  sales.currency,
  sales.category,
  CAST(sum(sales.units) AS bigint) AS units,
  CAST(sum(sales.returned_units) AS bigint) AS returned_units,
  round(100e0 * CAST(sum(sales.returned_units) AS double) / nullif(CAST(sum(sales.units) AS double), 0e0), 1) AS returned_percent,
  sum(sales.gross) AS gross,
  sum(sales.returned) AS returned
FROM market_intelligence_sales_daily AS sales
JOIN days ON days.day = sales.day
WHERE days.age <= 90
GROUP BY sales.currency, sales.category
ORDER BY sales.currency, returned_percent DESC NULLS LAST, sales.category
