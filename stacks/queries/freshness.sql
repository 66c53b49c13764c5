-- How much is in the lake, and how fresh is it? The rows of each of the shop's tables, and when the newest was last changed.
SELECT 'customers' AS table_name, count(*) AS row_count, max(updated_at) AS newest FROM curated_customers
UNION ALL
SELECT 'products' AS table_name, count(*) AS row_count, max(updated_at) AS newest FROM curated_products
UNION ALL
SELECT 'orders' AS table_name, count(*) AS row_count, max(updated_at) AS newest FROM curated_orders
UNION ALL
SELECT 'order_items' AS table_name, count(*) AS row_count, max(updated_at) AS newest FROM curated_order_items
UNION ALL
SELECT 'payments' AS table_name, count(*) AS row_count, max(updated_at) AS newest FROM curated_payments
UNION ALL
SELECT 'search_queries' AS table_name, count(*) AS row_count, max(updated_at) AS newest FROM curated_search_queries
ORDER BY table_name
