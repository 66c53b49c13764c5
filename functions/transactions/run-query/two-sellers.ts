// two-sellers: a PostgreSQL with the migrations of the project and the rows of two sellers, for tests. The connection is that of
// transactions_query: it may do what that role may, and nothing else.

import type { Sql } from "postgres";
import { transactionsDatabase } from "../database-fixture";

export interface TwoSellers {
  readonly sql: Sql;
  end(): Promise<void>;
}

/** Day, seller, product, name, category, currency, quantity, unit price, discount, what is left. */
const rows = [
  ["2025-12-30", "acme", "k1", "Kettle", "Kitchen", "EUR", 2, "30.00", "0", 50],
  ["2026-05-04", "acme", "k1", "Kettle", "Kitchen", "EUR", 3, "30.00", "5.00", 47],
  ["2026-05-20", "acme", "b1", "Garden Bench", "Garden & Patio", "EUR", 1, "199.90", "0", 4],
  ["2026-06-01", "acme", "k1", "Kettle", "Kitchen", "EUR", -1, "30.00", "0", 48],
  ["2026-06-10", "acme", "p1", "Pan", "Kitchen", "EUR", 10, "12.34", "0", 0],
  ["2026-06-10", "acme", "p1", "Pan", "Kitchen", "USD", 4, "14.00", "0", 0],
  ["2026-07-13", "acme", "b1", "Garden Bench", "Garden & Patio", "EUR", -1, "199.90", "0", 5],
  ["2026-07-14", "acme", "m1", "Mug", "Kitchen", "EUR", 6, "4.50", "1.50", 94],
  ["2026-07-15", "acme", "m1", "Mug", "Kitchen", "USD", 1, "5.00", "0", 93],
  ["2026-07-15", "berg", "k1", "Berg's Kettle", "Kitchen", "EUR", 1000, "1.00", "0", 7],
] as const;

export async function twoSellers(): Promise<TwoSellers> {
  const database = await transactionsDatabase();
  const { sql } = database;
  for (const [index, row] of rows.entries()) {
    const [day, seller, product, name, category, currency, quantity, price, discount, left] = row;
    await sql`
      insert into transactions.transactions values (
        ${seller}, ${`t${index}`}, ${`${day}T12:00:00Z`}, default, ${product}, ${name}, ${category}, ${currency}, ${quantity},
        ${price}, ${discount}, default, default, ${left}, now(), 'u', 'v', ${index})`;
  }
  await sql`
    insert into transactions.daily_totals
    select seller_id, day, product_id, category, currency, count(*), sum(quantity), sum(amount), sum(revenue)
    from transactions.transactions group by 1, 2, 3, 4, 5`;
  await sql`
    insert into transactions.products
    select distinct on (seller_id, product_id) seller_id, product_id, product_name, category, inventory_level, occurred_at
    from transactions.transactions order by seller_id, product_id, occurred_at desc, transaction_id desc`;
  await sql`set role transactions_query`;
  return { sql, end: database.end };
}
