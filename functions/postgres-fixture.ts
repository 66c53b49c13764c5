// postgres-fixture: a PostgreSQL of a test's own, in its process, spoken to by the wire protocol as the one on AWS is. It is
// empty but for what RDS brings.

import { type AddressInfo, createServer } from "node:net";
import { PGlite } from "@electric-sql/pglite";
import { vector } from "@electric-sql/pglite-pgvector";
import { PGLiteSocketServer } from "@electric-sql/pglite-socket";

import postgres = require("postgres");

export interface OwnPostgres {
  /** Its owner. */
  readonly sql: postgres.Sql;
  end(): Promise<void>;
}

/** Of a client: what this server has is one session, which all its clients share. */
export const oneSession = { max: 1, fetch_types: false, prepare: false, onnotice: () => undefined };

export async function ownPostgres(): Promise<OwnPostgres> {
  const db = await PGlite.create({ extensions: { vector } });
  await db.exec("create role rds_iam");
  const server = new PGLiteSocketServer({ db, port: await freePort(), maxConnections: 2 });
  await server.start();
  const [host, port] = server.getServerConn().split(":");
  const sql = postgres(`postgres://postgres@${host}:${port}/postgres`, oneSession);
  return {
    sql,
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
