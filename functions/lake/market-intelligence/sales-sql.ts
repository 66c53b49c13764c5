// sales-sql: what the shop sold on some days, from the rows of those days.
//
// One statement in the words that DuckDB and Trino share (a test parses it as Trino): inside the function it runs over files, in
// Athena over the catalog's tables. Only where `lines`, `orders` and `products` come from differs, and is said by the caller:
//
//   lines     day, order_id, product_id, quantity, unit_price, discount      every line of those days
//   orders    day, order_id, status, country, region, channel, currency     the order of each line of `day`, once, as far as known
//   products  product_id, product, category                                  once
//
// A line counts on the day on which it was written: what is sent back on the day it came back. Lines of cancelled orders do not
// count, and a line without its order or product does, as unknown, until that is there.

/** The columns of `lines` that the statement needs, as curated calls them. */
export const lineColumns = ["order_id", "product_id", "quantity", "unit_price", "discount"] as const;

/** The columns of `orders`. */
export const orderColumns = ["order_id", "status", "country", "region", "channel", "currency"] as const;

/** What the rows speak of: with the product, and without (`product_id` is NULL there). */
const dimensions = ["category", "country", "region", "channel", "currency"] as const;

const sum = (condition: string, value: string, type: string, name: string) =>
  `CAST(sum(CASE WHEN ${condition} THEN ${value} ELSE 0 END) AS ${type}) AS ${name}`;

const value = "CAST(quantity AS DECIMAL(10,0)) * unit_price";

/** Rows per day, product, region and channel, and rows per day, category, region and channel. */
export const salesSql = `
SELECT day, product_id, product, ${dimensions.join(", ")},
  count(DISTINCT CASE WHEN quantity >= 0 THEN order_id END) AS orders,
  count(*) AS lines,
  ${sum("quantity >= 0", "quantity", "BIGINT", "units")},
  ${sum("quantity < 0", "-quantity", "BIGINT", "returned_units")},
  ${sum("quantity >= 0", value, "DECIMAL(38,2)", "gross")},
  ${sum("quantity >= 0", "discount", "DECIMAL(38,2)", "discount")},
  ${sum("quantity < 0", `discount - ${value}`, "DECIMAL(38,2)", "returned")},
  CAST(sum(${value} - discount) AS DECIMAL(38,2)) AS revenue
FROM (
  SELECT l.day, l.order_id, l.product_id, l.quantity, l.unit_price, l.discount,
    coalesce(p.product, 'unknown') AS product,
    coalesce(p.category, 'unknown') AS category,
    coalesce(o.country, 'unknown') AS country,
    coalesce(o.region, 'unknown') AS region,
    coalesce(o.channel, 'unknown') AS channel,
    coalesce(o.currency, 'unknown') AS currency
  FROM lines l
  LEFT JOIN orders o ON o.day = l.day AND o.order_id = l.order_id
  LEFT JOIN products p ON p.product_id = l.product_id
  WHERE coalesce(o.status, 'unknown') <> 'cancelled'
) counted
GROUP BY GROUPING SETS (
  (day, product_id, product, ${dimensions.join(", ")}),
  (day, ${dimensions.join(", ")})
)`;

/**
 * The same in Athena, for these days (YYYY-MM-DD each): the lines as they are curated, orders and products as the state has
 * them (state-tables.ts). */
export const athenaSalesSql = (days: readonly string[]): string => `WITH lines AS (
  SELECT CAST(dt AS DATE) AS day, ${lineColumns.join(", ")} FROM curated_order_items WHERE dt IN (${listed(days)})
), candidates AS (
  SELECT l.day, ${orderColumns.map((column) => `o.${column}`).join(", ")},
    row_number() OVER (
      PARTITION BY l.day, o.order_id
      ORDER BY CASE WHEN o.dt = l.day THEN 0 ELSE 1 END, o.updated_at DESC, o.dt DESC
    ) AS choice
  FROM (SELECT DISTINCT day, order_id FROM lines) l
  JOIN market_intelligence_state_orders o ON o.order_id = l.order_id
), orders AS (
  SELECT day, ${orderColumns.join(", ")} FROM candidates WHERE choice = 1
), versions AS (
  SELECT product_id, product, category,
    row_number() OVER (PARTITION BY product_id ORDER BY updated_at DESC, dt DESC) AS version
  FROM market_intelligence_state_products
), products AS (
  SELECT product_id, product, category FROM versions WHERE version = 1
)${salesSql}`;

/** Which lines of these days have their order in another day's partition, or nowhere yet. */
export const athenaForeignSql = (
  days: readonly string[],
): string => `SELECT DISTINCT l.order_id, CAST(l.dt AS DATE) AS day
FROM curated_order_items l
LEFT JOIN market_intelligence_state_orders o ON o.dt = CAST(l.dt AS DATE) AND o.order_id = l.order_id
WHERE l.dt IN (${listed(days)}) AND o.order_id IS NULL`;

const listed = (days: readonly string[]): string => days.map((day) => `'${day}'`).join(", ");
