// database-fixture: a PostgreSQL of a test's own with the project's migrations.

import type { Sql } from "postgres";
import { migrations } from "../../schemas/migrations";
import { applyMigrations } from "../operations/migrate/apply-migrations";
import { ownPostgres } from "../postgres-fixture";

export type Role = "transactions_ingest" | "transactions_api" | "transactions_query";

export interface TransactionsDatabase {
  /** Its owner, whom row-level security does not concern. */
  readonly sql: Sql;
  /** The same client as one of the roles, for as long as the work takes. */
  as<T>(role: Role, work: (sql: Sql) => Promise<T>): Promise<T>;
  end(): Promise<void>;
}

/** One client: a role that one client takes is every other one's as well. */
export async function transactionsDatabase(): Promise<TransactionsDatabase> {
  const { sql, end } = await ownPostgres();
  await applyMigrations(sql, migrations);
  return {
    sql,
    async as(role, work) {
      await sql.unsafe(`set role ${role}`);
      try {
        return await work(sql);
      } finally {
        await sql`reset role`;
      }
    },
    end,
  };
}
