// The rows of one seller, out of reach of a transaction that was opened for another one, for each role that functions take.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type { TransactionSql } from "postgres";
import type { Seller } from "../../schemas/seller";
import { asSellers } from "./as-sellers";
import { type Role, type TransactionsDatabase, transactionsDatabase } from "./database-fixture";

let database: TransactionsDatabase;

before(async () => {
  database = await transactionsDatabase();
  for (const seller of ["acme", "berg"])
    for (const insert of Object.values(inserts)) await database.sql.unsafe(insert(seller));
});
after(() => database.end());

/** A row of a seller, per table. */
const inserts: Readonly<Record<string, (seller: string) => string>> = {
  uploads: (seller) => `
    insert into transactions.uploads (seller_id, upload_id, version, object, file_name, uploaded_at, outcome,
      rows_in, rows_accepted, rows_duplicate, rows_rejected)
    values ('${seller}', gen_random_uuid(), 'v', 'uploads/${seller}/u/a.csv', 'a.csv', now(), 'processed', 1, 1, 0, 0)`,
  transactions: (seller) => `
    insert into transactions.transactions (seller_id, transaction_id, occurred_at, product_id, product_name, category,
      currency, quantity, unit_price, discount, uploaded_at, upload_id, upload_version, source_row)
    values ('${seller}', gen_random_uuid(), now(), 'p', 'Lamp', 'light', 'EUR', 1, 2.5, 0, now(), 'u', 'v', 1)`,
  daily_totals: (seller) => `
    insert into transactions.daily_totals (seller_id, day, product_id, category, currency, transactions, quantity, amount,
      revenue)
    values ('${seller}', '2026-01-01', gen_random_uuid(), 'light', 'EUR', 1, 1, 2.5, 2.5)`,
  products: (seller) => `
    insert into transactions.products (seller_id, product_id, product_name, category)
    values ('${seller}', gen_random_uuid(), 'Lamp', 'light')`,
};

const tables = Object.keys(inserts);
const may: Readonly<Record<Role, { readonly read: readonly string[]; readonly remove: readonly string[] }>> = {
  transactions_ingest: { read: tables, remove: ["transactions", "daily_totals", "products"] },
  transactions_api: { read: tables, remove: [] },
  transactions_query: { read: ["transactions", "daily_totals", "products"], remove: [] },
};
const roles = Object.keys(may) as Role[];

/** What `work` gives in a transaction of these sellers, which is undone. */
async function undone<T>(
  role: Role,
  sellers: readonly Seller[],
  work: (sql: TransactionSql) => Promise<T>,
): Promise<T> {
  const given: T[] = [];
  const rollback = new Error("undone");
  await assert.rejects(
    database.as(role, (sql) =>
      asSellers(sql, sellers, async (transaction) => {
        given.push(await work(transaction));
        throw rollback;
      }),
    ),
    rollback,
  );
  const [result] = given;
  assert.ok(result !== undefined);
  return result;
}

const owners = (sql: TransactionSql, table: string) =>
  sql<
    { seller: string }[]
  >`select distinct seller_id as seller from ${sql("transactions")}.${sql(table)} order by 1`.then((rows) =>
    rows.map(({ seller }) => seller),
  );

for (const role of roles) {
  test(`${role} sees the rows of its transaction's sellers, and none without one`, async () => {
    for (const table of may[role].read) {
      for (const sellers of [["acme"], ["berg"], ["acme", "berg"], [], ["other"], ["acm"], ["%"]]) {
        const expected = sellers.filter((seller) => ["acme", "berg"].includes(seller));
        assert.deepEqual(await undone(role, sellers, (sql) => owners(sql, table)), expected, `${table} of ${sellers}`);
      }
      await assert.doesNotReject(
        database.as(role, async (sql) =>
          assert.equal((await sql.unsafe(`select from transactions.${table}`)).length, 0),
        ),
      );
    }
  });
}

test("transactions_ingest writes rows of its transaction's seller, and neither makes, takes nor gives away another one's", async () => {
  for (const [table, insert] of Object.entries(inserts)) {
    const name = `transactions.${table}`;
    const berg = (statement: string) => undone("transactions_ingest", ["berg"], (sql) => sql.unsafe(statement));
    assert.equal((await berg(insert("berg"))).count, 1, table);
    await assert.rejects(
      database.as("transactions_ingest", (sql) => asSellers(sql, ["berg"], (own) => own.unsafe(insert("acme")))),
      { code: "42501", message: `new row violates row-level security policy for table "${table}"` },
    );
    await assert.rejects(
      database.as("transactions_ingest", (sql) =>
        asSellers(sql, ["berg"], (own) => own.unsafe(`update ${name} set seller_id = 'acme'`)),
      ),
      { code: "42501", message: `new row violates row-level security policy for table "${table}"` },
    );
    assert.equal((await berg(`update ${name} set seller_id = 'berg' where seller_id = 'acme'`)).count, 0, table);
  }
  for (const table of may.transactions_ingest.remove) {
    const removed = await undone("transactions_ingest", ["berg"], (sql) =>
      sql.unsafe(`delete from transactions.${table}`),
    );
    assert.equal(removed.count, 1, table);
  }
});

test("transactions_api and transactions_query write nothing", async () => {
  for (const role of ["transactions_api", "transactions_query"] as const) {
    for (const [table, insert] of Object.entries(inserts)) {
      for (const statement of [insert("acme"), `delete from transactions.${table}`, `truncate transactions.${table}`]) {
        await assert.rejects(
          database.as(role, (sql) => asSellers(sql, ["acme"], (own) => own.unsafe(statement))),
          { code: "42501", message: `permission denied for table ${table}` },
          `${role}: ${statement}`,
        );
      }
    }
  }
});

test("every table of the schema has a policy, and none of the roles stands above it", async () => {
  const open = await database.sql`
    select relname as table from pg_class where relnamespace = 'transactions'::regnamespace and relkind in ('r', 'p')
      and (not relrowsecurity or not exists (select from pg_policy where polrelid = pg_class.oid))`;
  assert.deepEqual([...open], []);
  const above = await database.sql`
    select rolname from pg_roles where rolname in ${database.sql(roles)}
      and (rolsuper or rolbypassrls or rolcreaterole or not rolcanlogin or not pg_has_role(oid, 'rds_iam', 'member'))`;
  assert.deepEqual([...above], []);
});
