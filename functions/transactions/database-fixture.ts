// database-fixture: a PostgreSQL of a test's own with the project's migrations, spoken to by the wire protocol.

import { type AddressInfo, createServer } from "node:net";
import { PGlite } from "@electric-sql/pglite";
import { vector } from "@electric-sql/pglite-pgvector";
import { PGLiteSocketServer } from "@electric-sql/pglite-socket";

import postgres = require("postgres");

import { migrations } from "../../schemas/migrations";
import { applyMigrations } from "../operations/migrate/apply-migrations";

export type Role = "transactions_ingest" | "transactions_api" | "transactions_query";

export interface TransactionsDatabase {
  /** Its owner, whom row-level security does not concern. */
  readonly sql: postgres.Sql;
  /** The same client as one of the roles, for as long as the work takes. */
  as<T>(role: Role, work: (sql: postgres.Sql) => Promise<T>): Promise<T>;
  end(): Promise<void>;
}

const own = { max: 1, fetch_types: false, prepare: false, onnotice: () => undefined };

/** One client: what this server has is one session, and a role that one client takes is every other one's as well. */
export async function transactionsDatabase(): Promise<TransactionsDatabase> {
  const db = await PGlite.create({ extensions: { vector } });
  // RDS brings it.
  await db.exec("create role rds_iam");
  const server = new PGLiteSocketServer({ db, port: await freePort(), maxConnections: 2 });
  await server.start();
  const [host, port] = server.getServerConn().split(":");
  const sql = postgres(`postgres://postgres@${host}:${port}/postgres`, own);
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
    async end() {
      await sql.end({ timeout: 0 });
      await server.stop();
      await db.close();
    },
  };
}

const freePort = () =>
  new Promise<number>((resolve) => {
    const probe = createServer().listen(0, "127.0.0.1", () => {
      const { port } = probe.address() as AddressInfo;
      probe.close(() => resolve(port));
    });
  });
