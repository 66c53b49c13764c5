// lock-item: an item for oneself until the transaction ends, so that what is seen of it in S3 and what is written of it in the
// database belong together. Whoever writes an item's rows or deletes it takes the lock first.

import type { TransactionSql } from "postgres";

export async function lockItem(sql: TransactionSql, userId: string, itemId: string): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtextextended(${`${userId}/${itemId}`}, 0))`;
}
