// list-page: one page of a seller's transactions, by the day or one by one, in an order that has no ties.
//
// The next page begins behind the last row by its values and not by a count, so that what is uploaded in between moves nothing.

import type { Row, TransactionSql } from "postgres";
import type { AnswerOf } from "../../../schemas/endpoint";
import type { listTransactions, TransactionSort } from "../../../schemas/endpoints/list-transactions";
import type { Seller } from "../../../schemas/seller";
import type { TransactionFilters } from "../../../schemas/transaction-filters";
import { cursorOf, type PositionType, positionOf } from "../../cursor";
import { conditions, listed, wholeOf } from "../sql-parts";

export interface PageAsked extends TransactionFilters {
  readonly level: "day" | "transaction";
  readonly sort: TransactionSort;
  readonly limit: number;
  readonly cursor?: string | undefined;
}

type Page = AnswerOf<typeof listTransactions>;

/** By what rows are ordered: a column of the table, and the field of the answer that holds its value. */
interface OrderColumn {
  readonly column: string;
  readonly field: string;
  readonly type: PositionType;
}

const day: OrderColumn = { column: "rows.day", field: "day", type: "date" };
const seller: OrderColumn = { column: "rows.seller_id", field: "seller", type: "text" };
const product: OrderColumn = { column: "rows.product_id", field: "productId", type: "text" };
const transaction: OrderColumn = { column: "rows.transaction_id", field: "transactionId", type: "text" };

const sorted: Readonly<Record<string, OrderColumn>> = {
  day,
  product,
  quantity: { column: "rows.quantity", field: "quantity", type: "bigint" },
  amount: { column: "rows.amount", field: "amount", type: "numeric" },
  revenue: { column: "rows.revenue", field: "revenue", type: "numeric" },
};

/** What tells any two rows apart, in the order of an index. */
const unique = {
  day: [
    day,
    seller,
    product,
    { column: "rows.category", field: "category", type: "text" },
    { column: "rows.currency", field: "currency", type: "text" },
  ],
  transaction: [transaction, seller],
} as const satisfies Readonly<Record<string, readonly OrderColumn[]>>;

/** `sql` sees the rows of `sellers` and no others. */
export async function listPage(sql: TransactionSql, sellers: readonly Seller[], asked: PageAsked): Promise<Page> {
  const { level, sort, limit, cursor, ...filters } = asked;
  const descending = sort.startsWith("-");
  const first = sorted[sort.replace("-", "")] ?? day;
  const order = [first, ...unique[level].filter((column) => column !== first)];
  const { from, to, category, product: productId, currency } = filters;
  const identity = [level, sort, from, to, category, productId, currency, [...sellers].sort()];
  const types = order.map(({ type }) => type);
  const after = cursor === undefined ? undefined : positionOf(cursor, identity, types);

  const rows = await sql`
    select ${sql.unsafe(level === "day" ? dailyFields : transactionFields)}
    from ${sql(level === "day" ? "transactions.daily_totals" : "transactions.transactions")} rows
    left join transactions.products product
      on product.seller_id = rows.seller_id and product.product_id = rows.product_id
    where ${conditions(sql, filters, sellers)} ${after === undefined ? sql`` : behind(sql, order, after, descending)}
    order by ${listed(
      sql,
      order.map(({ column }) => sql`${sql(column)} ${descending ? sql`desc` : sql`asc`}`),
    )}
    limit ${limit + 1}`;
  const page = rows.slice(0, limit);
  const transactions = level === "day" ? page.map(dailyOf) : page.map(transactionOf);
  const last = rows.length > limit ? rows[limit - 1] : undefined;
  if (last === undefined) return { transactions };
  return {
    transactions,
    cursor: cursorOf(
      identity,
      order.map(({ field }) => String(last[field])),
    ),
  };
}

/** Rows are compared column by column, the first difference decides. */
function behind(sql: TransactionSql, order: readonly OrderColumn[], position: readonly string[], descending: boolean) {
  const columns = order.map(({ column }) => sql`${sql(column)}`);
  const values = order.map(({ type }, index) => sql`${position[index] ?? ""}::text::${sql.unsafe(type)}`);
  return sql`and (${listed(sql, columns)}) ${descending ? sql`<` : sql`>`} (${listed(sql, values)})`;
}

const common = `
  to_char(rows.day, 'YYYY-MM-DD') as "day", rows.seller_id as "seller", rows.product_id as "productId",
  rows.category as "category", rows.currency as "currency", rows.quantity as "quantity", rows.amount::text as "amount",
  rows.revenue::text as "revenue"`;

const dailyFields = `${common},
  coalesce(product.product_name, rows.product_id) as "productName", product.inventory_level as "inventoryLevel",
  rows.transactions as "transactions"`;

const transactionFields = `${common},
  rows.product_name as "productName", product.inventory_level as "inventoryLevel", rows.transaction_id as "transactionId",
  to_char(rows.occurred_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as "occurredAt",
  rows.unit_price::text as "unitPrice", rows.discount::text as "discount", rows.upload_id as "uploadId"`;

const commonOf = (row: Row) => ({
  day: row.day as string,
  seller: row.seller as string,
  productId: row.productId as string,
  productName: row.productName as string,
  category: row.category as string,
  currency: row.currency as string,
  quantity: wholeOf(row.quantity),
  amount: row.amount as string,
  revenue: row.revenue as string,
  inventoryLevel: row.inventoryLevel === null ? null : wholeOf(row.inventoryLevel),
});

const dailyOf = (row: Row) => ({ ...commonOf(row), transactions: wholeOf(row.transactions) });

const transactionOf = (row: Row) => ({
  ...commonOf(row),
  transactionId: row.transactionId as string,
  occurredAt: row.occurredAt as string,
  unitPrice: row.unitPrice as string,
  discount: row.discount as string,
  uploadId: row.uploadId as string,
});
