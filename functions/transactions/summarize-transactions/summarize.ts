// summarize: what a seller's transactions add up to, from the daily totals.

import type { Row, TransactionSql } from "postgres";
import type { AnswerOf } from "../../../schemas/endpoint";
import type { Dimension, summarizeTransactions } from "../../../schemas/endpoints/summarize-transactions";
import type { Seller } from "../../../schemas/seller";
import type { TransactionFilters } from "../../../schemas/transaction-filters";
import { conditions, listed, wholeOf } from "../sql-parts";

type Summary = AnswerOf<typeof summarizeTransactions>;

const most = 1_000;

/** By field of the answer: by what it is grouped. */
const expressions: Readonly<Record<string, string>> = {
  day: "to_char(rows.day, 'YYYY-MM-DD')",
  // Of a timestamp without zone: nothing of it depends on the session's.
  week: "to_char(date_trunc('week', rows.day::timestamp), 'YYYY-MM-DD')",
  month: "to_char(rows.day, 'YYYY-MM')",
  category: "rows.category",
  productId: "rows.product_id",
  currency: "rows.currency",
  seller: "rows.seller_id",
};

/** `sql` sees the rows of `sellers` and no others. */
export async function summarize(
  sql: TransactionSql,
  sellers: readonly Seller[],
  filters: TransactionFilters,
  dimensions: readonly Dimension[],
): Promise<Summary> {
  const byProduct = dimensions.includes("product");
  const named = dimensions.flatMap((dimension) => (dimension === "product" ? ["productId", "seller"] : [dimension]));
  const fields = [...new Set([...named, "currency"])];
  const key = (field: string) => sql.unsafe(expressions[field] ?? "null");
  const rows = await sql`
    select
      ${listed(
        sql,
        fields.map((field) => sql`${key(field)} as ${sql(field)}`),
      )},
      sum(rows.transactions)::text as transactions, sum(rows.quantity)::text as quantity,
      sum(rows.amount)::text as amount, sum(rows.revenue)::text as revenue
      ${byProduct ? inventory(sql) : sql``}
    from transactions.daily_totals rows
    ${byProduct ? products(sql) : sql``}
    where ${conditions(sql, filters, sellers)}
    group by ${listed(sql, fields.map(key))}
    order by ${listed(sql, fields.map(key))}
    limit ${most + 1}`;
  return {
    filters: Object.fromEntries(Object.entries(filters).filter(([, value]) => value !== undefined)),
    groups: rows.slice(0, most).map((row) => groupOf(row, fields, byProduct)),
    truncated: rows.length > most,
  };
}

/** Each group is of one product, and so these are the same in all of its rows. */
const inventory = (sql: TransactionSql) => sql`,
  coalesce(min(product.product_name), min(rows.product_id)) as "productName",
  min(product.inventory_level)::text as "inventoryLevel",
  to_char(min(product.inventory_at) at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as "inventoryAt"`;

const products = (sql: TransactionSql) => sql`
  left join transactions.products product
    on product.seller_id = rows.seller_id and product.product_id = rows.product_id`;

const groupOf = (row: Row, fields: readonly string[], byProduct: boolean): Summary["groups"][number] => ({
  ...Object.fromEntries(fields.map((field) => [field, row[field] as string])),
  ...(byProduct ? { productName: row.productName as string } : {}),
  currency: row.currency as string,
  transactions: wholeOf(row.transactions),
  quantity: wholeOf(row.quantity),
  amount: row.amount as string,
  revenue: row.revenue as string,
  ...(byProduct ? { inventory: inventoryOf(row) } : {}),
});

const inventoryOf = ({ inventoryLevel, inventoryAt }: Row) => ({
  level: inventoryLevel === null ? null : wholeOf(inventoryLevel),
  at: inventoryAt as string | null,
});
