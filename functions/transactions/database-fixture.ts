// database-fixture: the database, as the roles of the transactions know it.

import { type MigratedDatabase, migratedDatabase } from "../database-fixture";

export type Role = "transactions_ingest" | "transactions_api" | "transactions_query";

export type TransactionsDatabase = MigratedDatabase<Role>;

export const transactionsDatabase = (): Promise<TransactionsDatabase> => migratedDatabase<Role>();
