// database-fixture: a PostgreSQL of a test's own with the project's migrations.

import type { Sql } from "postgres";
import { migrations } from "../schemas/migrations";
import { applyMigrations } from "./operations/migrate/apply-migrations";
import { ownPostgres } from "./postgres-fixture";

/** `Role` is one of those that a pipeline's migration makes. */
export interface MigratedDatabase<Role extends string> {
  /** Its owner, whom row-level security does not concern. */
  readonly sql: Sql;
  /** The same client as one of the roles, for as long as the work takes. */
  as<T>(role: Role, work: (sql: Sql) => Promise<T>): Promise<T>;
  end(): Promise<void>;
}

/** One client: a role that one client takes is every other one's as well. */
export async function migratedDatabase<Role extends string>(): Promise<MigratedDatabase<Role>> {
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
