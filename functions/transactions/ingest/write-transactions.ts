// write-transactions: a batch of a feed's rows into the database, with what they change in the totals.
//
//   rows ──> those that are newer than what is there ──> transactions
//                └── what they add, less what stood there before ──> daily_totals
//
// One statement: all of it sees what was there before. A seller's feeds come one after another (see ingest-feed.ts), so that
// nobody else changes in between what a total stands on.

import type { TransactionSql } from "postgres";
import type { Seller } from "../../../schemas/seller";
import type { Transaction } from "../feed/read-feed";
import type { FeedObject } from "./feed-object";
import { textArray } from "./text-array";

export interface Written {
  /** Rows that changed something: a new transaction, or another value of one. */
  readonly accepted: number;
  /** Products whose newest transaction may be another one now. */
  readonly products: readonly string[];
}

type Source = Pick<FeedObject, "uploadedAt" | "uploadId" | "version"> & { readonly seller: Seller };

export async function writeTransactions(
  sql: TransactionSql,
  { seller, uploadedAt, uploadId, version }: Source,
  rows: readonly Transaction[],
): Promise<Written> {
  if (rows.length === 0) return { accepted: 0, products: [] };
  const column = (of: (row: Transaction) => string | number | null) => textArray(rows.map(of));
  const [counts] = await sql<{ accepted: string; products: string[] | null }[]>`
    with incoming as materialized (
      -- Of a transaction that is there twice the later row.
      select distinct on (transaction_id) *
      from unnest(
        ${column(({ row }) => row)}::bigint[],
        ${column(({ transactionId }) => transactionId)}::text[],
        ${column(({ occurredAt }) => occurredAt)}::timestamptz[],
        ${column(({ productId }) => productId)}::text[],
        ${column(({ productName }) => productName)}::text[],
        ${column(({ category }) => category)}::text[],
        ${column(({ currency }) => currency)}::text[],
        ${column(({ quantity }) => quantity)}::bigint[],
        ${column(({ unitPrice }) => unitPrice)}::numeric[],
        ${column(({ discount }) => discount)}::numeric[],
        ${column(({ inventoryLevel }) => inventoryLevel)}::bigint[]
      ) as feed (
        source_row, transaction_id, occurred_at, product_id, product_name, category, currency, quantity, unit_price,
        discount, inventory_level
      )
      order by transaction_id, source_row desc
    ),
    present as materialized (
      select stored.*
      from incoming
      join transactions.transactions stored
        on stored.seller_id = ${seller} and stored.transaction_id = incoming.transaction_id
    ),
    newer as materialized (
      select
        incoming.*,
        present.transaction_id is not null as replaces,
        -- A row of the same feed was counted when it came.
        present.transaction_id is null or (
          (present.upload_id, present.upload_version) is distinct from (${uploadId}, ${version})
          and (
            present.occurred_at, present.product_id, present.product_name, present.category, present.currency,
            present.quantity, present.unit_price, present.discount, present.inventory_level
          ) is distinct from (
            incoming.occurred_at, incoming.product_id, incoming.product_name, incoming.category, incoming.currency,
            incoming.quantity, incoming.unit_price, incoming.discount, incoming.inventory_level
          )
        ) as changes
      from incoming
      left join present using (transaction_id)
      where present.transaction_id is null
        or (present.uploaded_at, present.upload_id, present.upload_version, present.source_row)
          < (${uploadedAt}::timestamptz, ${uploadId}, ${version}, incoming.source_row)
    ),
    written as (
      insert into transactions.transactions (
        seller_id, transaction_id, occurred_at, product_id, product_name, category, currency, quantity, unit_price,
        discount, inventory_level, uploaded_at, upload_id, upload_version, source_row
      )
      select
        ${seller}, transaction_id, occurred_at, product_id, product_name, category, currency, quantity, unit_price,
        discount, inventory_level, ${uploadedAt}::timestamptz, ${uploadId}, ${version}, source_row
      from newer
      on conflict (seller_id, transaction_id) do update set
        occurred_at = excluded.occurred_at,
        product_id = excluded.product_id,
        product_name = excluded.product_name,
        category = excluded.category,
        currency = excluded.currency,
        quantity = excluded.quantity,
        unit_price = excluded.unit_price,
        discount = excluded.discount,
        inventory_level = excluded.inventory_level,
        uploaded_at = excluded.uploaded_at,
        upload_id = excluded.upload_id,
        upload_version = excluded.upload_version,
        source_row = excluded.source_row
      returning day, product_id, category, currency, quantity, amount, revenue
    ),
    replaced as (
      select present.* from present join newer using (transaction_id)
    ),
    change as (
      select day, product_id, category, currency, 1 as transactions, quantity, amount, revenue from written
      union all
      select day, product_id, category, currency, -1, -quantity, -amount, -revenue from replaced
    ),
    totals as (
      insert into transactions.daily_totals as total
        (seller_id, day, product_id, category, currency, transactions, quantity, amount, revenue)
      select
        ${seller}, day, product_id, category, currency, sum(transactions), sum(quantity), sum(amount), sum(revenue)
      from change
      group by day, product_id, category, currency
      having (sum(transactions), sum(quantity), sum(amount), sum(revenue)) <> (0, 0, 0, 0)
      on conflict (seller_id, day, product_id, category, currency) do update set
        transactions = total.transactions + excluded.transactions,
        quantity = total.quantity + excluded.quantity,
        amount = total.amount + excluded.amount,
        revenue = total.revenue + excluded.revenue
    )
    select
      (select count(*) from newer where changes) as accepted,
      (select json_agg(distinct product_id)
       from (select product_id from written union all select product_id from replaced) as touched) as products`;
  return { accepted: Number(counts?.accepted), products: counts?.products ?? [] };
}

/** Days of which nothing is left. */
export const removeEmptyTotals = (sql: TransactionSql, seller: Seller) =>
  sql`delete from transactions.daily_totals where seller_id = ${seller} and transactions = 0`;

/** What the newest transactions of these products say of them. */
export async function writeProducts(sql: TransactionSql, seller: Seller, products: readonly string[]): Promise<void> {
  const ids = textArray(products);
  await sql`
    insert into transactions.products as product
      (seller_id, product_id, product_name, category, inventory_level, inventory_at)
    select ${seller}, touched.product_id, newest.product_name, newest.category, stock.inventory_level, stock.occurred_at
    from unnest(${ids}::text[]) as touched (product_id)
    cross join lateral (
      select product_name, category
      from transactions.transactions each
      where each.seller_id = ${seller} and each.product_id = touched.product_id
      order by occurred_at desc, uploaded_at desc, upload_id desc, upload_version desc, source_row desc
      limit 1
    ) as newest
    left join lateral (
      select inventory_level, occurred_at
      from transactions.transactions each
      where each.seller_id = ${seller} and each.product_id = touched.product_id and inventory_level is not null
      order by occurred_at desc, uploaded_at desc, upload_id desc, upload_version desc, source_row desc
      limit 1
    ) as stock on true
    on conflict (seller_id, product_id) do update set
      product_name = excluded.product_name,
      category = excluded.category,
      inventory_level = excluded.inventory_level,
      inventory_at = excluded.inventory_at
    where (product.product_name, product.category, product.inventory_level, product.inventory_at)
      is distinct from (excluded.product_name, excluded.category, excluded.inventory_level, excluded.inventory_at)`;
  await sql`
    delete from transactions.products
    where seller_id = ${seller} and product_id = any (${ids}::text[]) and not exists (
      select from transactions.transactions each
      where each.seller_id = ${seller} and each.product_id = products.product_id
    )`;
}
