// as-user: a transaction that sees and writes the rows of one user and of nobody else, by the policies of
// schemas/migrations/0003_collections.sql.

import type { Sql, TransactionSql } from "postgres";
import { inTransaction } from "../../stage/postgres";

/** `settings` hold for the transaction, too. */
export const asUser = <T>(
  sql: Sql,
  userId: string,
  work: (transaction: TransactionSql) => Promise<T>,
  settings: Readonly<Record<string, string>> = {},
): Promise<T> =>
  inTransaction(sql, async (transaction) => {
    const all = JSON.stringify({ ...settings, "tributary.user": userId });
    await transaction`select set_config(key, value, true) from jsonb_each_text(${all}::text::jsonb)`;
    return work(transaction);
  });
