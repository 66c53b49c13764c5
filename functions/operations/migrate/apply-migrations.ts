// apply-migrations: the migrations that a database lacks, run in it.

import type { Sql, TransactionSql } from "postgres";
import type { Migration } from "../../../schemas/migrations";
import type { SqlStatement } from "../../../schemas/sql-statements";
import { inTransaction } from "../../../stage/postgres";
import { migrationChanged, migrationFailed } from "./migration-errors";

export interface Outcome {
  /** The files that ran now. */
  readonly applied: readonly string[];
  /** How many had run before. */
  readonly present: number;
}

/** Of the advisory lock that whoever migrates holds: "trib" in ASCII. */
const lock = 0x74_72_69_62;

/** `sql` has one connection. Throws `MigrationFailed` or `MigrationChanged`. */
export async function applyMigrations(sql: Sql, migrations: readonly Migration[]): Promise<Outcome> {
  await inTransaction(sql, async (transaction) => {
    await alone(transaction);
    await transaction`create schema if not exists tributary`;
    await transaction`
      create table if not exists tributary.migrations (
        name text primary key,
        sha256 text not null,
        applied_at timestamptz not null default now()
      )`;
  });

  const applied: string[] = [];
  for (const migration of migrations) if (await apply(sql, migration)) applied.push(migration.name);
  return { applied, present: migrations.length - applied.length };
}

/** Whether it ran now: another deployment may have been faster. */
async function apply(sql: Sql, migration: Migration): Promise<boolean> {
  let at: SqlStatement | "end" | undefined;
  try {
    return await inTransaction(sql, async (transaction) => {
      await alone(transaction);
      if (await isPresent(transaction, migration)) return false;
      // What an earlier file has set for itself is not meant for this one.
      await transaction`reset all`;
      // A table in use is waited for so long: behind a statement that waits for it, everybody else would wait as well.
      await transaction`set local lock_timeout = '30s'`;
      for (const statement of migration.statements) {
        at = statement;
        await transaction.unsafe(statement.sql);
      }
      at = "end";
      const { name, sha256 } = migration;
      await transaction`insert into tributary.migrations (name, sha256) values (${name}, ${sha256})`;
      return true;
    });
  } catch (error) {
    throw at === undefined ? error : migrationFailed(migration, at, error);
  }
}

/** Until the transaction ends. */
async function alone(transaction: TransactionSql): Promise<void> {
  await transaction`select pg_advisory_xact_lock(${lock})`;
}

async function isPresent(transaction: TransactionSql, migration: Migration): Promise<boolean> {
  const [row] = await transaction<{ sha256: string; applied_at: Date }[]>`
    select sha256, applied_at from tributary.migrations where name = ${migration.name}`;
  if (row !== undefined && row.sha256 !== migration.sha256) throw migrationChanged(migration, row);
  return row !== undefined;
}
