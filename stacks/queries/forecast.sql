-- What do we expect to sell on each of the next 28 days, in all? Four of five days should end between lower_80 and
-- upper_80, nineteen of twenty between lower_95 and upper_95.
SELECT
  currency,
  day,
  method,
  round(forecast, 2) AS forecast,
  round(lower_80, 2) AS lower_80,
  round(upper_80, 2) AS upper_80,
  round(lower_95, 2) AS lower_95,
  round(upper_95, 2) AS upper_95
FROM market_intelligence_forecasts
WHERE level = 'total' AND horizon <= 28
ORDER BY currency, day
