-- How good were the forecasts, on data that they had not seen? Each metric of what was published beside that of the
-- seasonal-naive benchmark, and why it was published.
SELECT subject, method, fit_status, metric, value, benchmark, window_from, window_to, observations
FROM market_intelligence_model_card
WHERE model = 'forecast'
ORDER BY subject, metric
