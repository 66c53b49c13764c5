// write-transactions: a feed's rows into the database, batch by batch, and at its end what they change in the totals.
//
//   rows ──┬── new ones ──────────────────────> transactions
//          └── those newer than what is there ──^      └──> change (a temporary table) ──(at the end)──> daily_totals, products
//
// A seller's feeds come one after another (see load-feed.ts), so that nobody else changes in between what a total stands on.

import type { TransactionSql } from "postgres";
import type { Seller } from "../../../schemas/seller";
import type { Transaction } from "../feed/read-feed";
import type { FeedObject } from "./feed-object";
import { textArray } from "./text-array";

type Source = Pick<FeedObject, "uploadedAt" | "uploadId" | "version"> & { readonly seller: Seller };

/** Before the first batch, in the transaction of all of them. */
export const beginChange = (sql: TransactionSql) => sql`
  create temporary table change on commit drop as
  select day, product_id, category, currency, transactions, quantity, amount, revenue
  from transactions.daily_totals
  with no data`;

/** Gives how many rows changed something: a new transaction, or another value of one. */
export async function writeTransactions(
  sql: TransactionSql,
  source: Source,
  rows: readonly Transaction[],
): Promise<number> {
  if (rows.length === 0) return 0;
  // Of a transaction that is there twice the later row.
  const newest = [...new Map(rows.map((row) => [row.transactionId, row])).values()];
  const added = await add(sql, source, newest);
  return added === newest.length ? added : added + (await replace(sql, source, newest));
}

/** Those whose transaction is not there yet, which in most feeds are all. */
async function add(sql: TransactionSql, source: Source, rows: readonly Transaction[]): Promise<number> {
  const { seller, uploadedAt, uploadId, version } = source;
  const [counts] = await sql<{ added: string }[]>`
    with added as (
      insert into transactions.transactions (
        seller_id, transaction_id, occurred_at, product_id, product_name, category, currency, quantity, unit_price,
        discount, inventory_level, uploaded_at, upload_id, upload_version, source_row
      )
      select
        ${seller}, transaction_id, occurred_at, product_id, product_name, category, currency, quantity, unit_price,
        discount, inventory_level, ${uploadedAt}::timestamptz, ${uploadId}, ${version}, source_row
      from ${incoming(sql, rows)}
      on conflict (seller_id, transaction_id) do nothing
      returning day, product_id, category, currency, quantity, amount, revenue
    ),
    noted as (
      insert into change select day, product_id, category, currency, 1, quantity, amount, revenue from added
    )
    select count(*) as added from added`;
  return Number(counts?.added);
}

/** Those that are newer than what stands there, which a row just added is not. */
async function replace(sql: TransactionSql, source: Source, rows: readonly Transaction[]): Promise<number> {
  const { seller, uploadedAt, uploadId, version } = source;
  const [counts] = await sql<{ changed: string }[]>`
    with present as materialized (
      select *
      from transactions.transactions
      where seller_id = ${seller}
        and transaction_id = any (${textArray(rows.map(({ transactionId }) => transactionId))}::text[])
    ),
    newer as materialized (
      select
        incoming.*,
        -- A row of the same feed was counted when it came.
        (present.upload_id, present.upload_version) is distinct from (${uploadId}, ${version})
          and (
            present.occurred_at, present.product_id, present.product_name, present.category, present.currency,
            present.quantity, present.unit_price, present.discount, present.inventory_level
          ) is distinct from (
            incoming.occurred_at, incoming.product_id, incoming.product_name, incoming.category, incoming.currency,
            incoming.quantity, incoming.unit_price, incoming.discount, incoming.inventory_level
          ) as changes
      from ${incoming(sql, rows)}
      join present using (transaction_id)
      where (present.uploaded_at, present.upload_id, present.upload_version, present.source_row)
        < (${uploadedAt}::timestamptz, ${uploadId}, ${version}, incoming.source_row)
    ),
    written as (
      update transactions.transactions as stored set
        occurred_at = newer.occurred_at,
        product_id = newer.product_id,
        product_name = newer.product_name,
        category = newer.category,
        currency = newer.currency,
        quantity = newer.quantity,
        unit_price = newer.unit_price,
        discount = newer.discount,
        inventory_level = newer.inventory_level,
        uploaded_at = ${uploadedAt}::timestamptz,
        upload_id = ${uploadId},
        upload_version = ${version},
        source_row = newer.source_row
      from newer
      where stored.seller_id = ${seller} and stored.transaction_id = newer.transaction_id
      returning stored.day, stored.product_id, stored.category, stored.currency, stored.quantity, stored.amount,
        stored.revenue
    ),
    noted as (
      insert into change
      select day, product_id, category, currency, 1, quantity, amount, revenue from written
      union all
      select
        present.day, present.product_id, present.category, present.currency, -1, -present.quantity, -present.amount,
        -present.revenue
      from present join newer using (transaction_id)
    )
    select count(*) as changed from newer where changes`;
  return Number(counts?.changed);
}

function incoming(sql: TransactionSql, rows: readonly Transaction[]) {
  const column = (of: (row: Transaction) => string | number | null) => textArray(rows.map(of));
  return sql`unnest(
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
  ) as incoming (
    source_row, transaction_id, occurred_at, product_id, product_name, category, currency, quantity, unit_price,
    discount, inventory_level
  )`;
}

/** After the last batch: brings the totals and the products to where the transactions are. */
export async function applyChange(sql: TransactionSql, seller: Seller): Promise<void> {
  await sql`
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
      revenue = total.revenue + excluded.revenue`;
  await sql`delete from transactions.daily_totals where seller_id = ${seller} and transactions = 0`;
  await writeProducts(sql, seller);
}

/** What the newest transactions of the changed products say of them. */
async function writeProducts(sql: TransactionSql, seller: Seller): Promise<void> {
  await sql`
    insert into transactions.products as product
      (seller_id, product_id, product_name, category, inventory_level, inventory_at)
    select ${seller}, changed.product_id, newest.product_name, newest.category, stock.inventory_level, stock.occurred_at
    from (select distinct product_id from change) as changed
    cross join lateral (
      select product_name, category
      from transactions.transactions each
      where each.seller_id = ${seller} and each.product_id = changed.product_id
      order by occurred_at desc, uploaded_at desc, upload_id desc, upload_version desc, source_row desc
      limit 1
    ) as newest
    left join lateral (
      select inventory_level, occurred_at
      from transactions.transactions each
      where each.seller_id = ${seller} and each.product_id = changed.product_id and inventory_level is not null
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
    where seller_id = ${seller} and product_id in (select product_id from change) and not exists (
      select from transactions.transactions each
      where each.seller_id = ${seller} and each.product_id = products.product_id
    )`;
}
