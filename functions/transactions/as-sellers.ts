// as-sellers: a transaction that sees and writes the rows of some sellers and of nobody else, by the policies of
// schemas/migrations/0002_transactions.sql.

import type { Sql, TransactionSql } from "postgres";
import type { Seller } from "../../schemas/seller";
import { inTransaction } from "../../stage/postgres";

export const asSellers = <T>(
  sql: Sql,
  sellers: readonly Seller[],
  work: (transaction: TransactionSql) => Promise<T>,
): Promise<T> =>
  inTransaction(sql, async (transaction) => {
    await transaction`select set_config('tributary.sellers', ${sellers.join(",")}, true)`;
    return work(transaction);
  });
