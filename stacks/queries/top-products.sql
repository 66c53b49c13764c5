-- Which twenty products of each currency brought most in the last 28 days with sales?
WITH days AS (
  SELECT day, row_number() OVER (ORDER BY day DESC) AS age
  FROM (SELECT DISTINCT day FROM market_intelligence_sales_daily) AS every_day
),
sold AS (
  SELECT
    sales.currency,
    sales.product_id,
    max(sales.product) AS product,
    max(sales.category) AS category,
    CAST(sum(sales.units) AS bigint) AS units,
    CAST(sum(sales.returned_units) AS bigint) AS returned_units,
    sum(sales.revenue) AS revenue
  FROM market_intelligence_sales_daily AS sales
  JOIN days ON days.day = sales.day
  WHERE days.age <= 28
  GROUP BY sales.currency, sales.product_id
),
ranked AS (
  SELECT sold.*, row_number() OVER (PARTITION BY currency ORDER BY revenue DESC, product_id) AS place
  FROM sold
)
SELECT currency, place, product, category, units, returned_units, revenue
FROM ranked
WHERE place <= 20
ORDER BY currency, place
