// mysql-source: tables of a MySQL or a MariaDB, row by row.

import type { Readable } from "node:stream";
import type { Connection, RowDataPacket } from "mysql2";
import { literal, quoted } from "../../../schemas/sql-text";
import { encodeRecord } from "./record";
import type { Source } from "./source";
import type { SourceAddress } from "./source-address";
import { type Dialect, selectFingerprint, selectRecords } from "./source-sql";

export const mysqlDialect: Dialect = {
  textOf: (column) => column,
  // A bit would come as the byte that it is.
  value: ({ source }) => (source.type.startsWith("bit") ? `${quoted(source.name)} + 0` : quoted(source.name)),
  // 0000-00-00 is a value of its own, before all moments.
  dated: (column) => `(${column} >= '0001-01-01')`,
  fingerprint: (columns) => {
    const row = `CONCAT_WS('#', ${columns.map((column) => `QUOTE(${column})`).join(", ")})`;
    return `CONCAT(COUNT(*), ':', COALESCE(SUM(CAST(CONV(LEFT(MD5(${row}), 15), 16, 10) AS UNSIGNED)), 0))`;
  },
};

export async function openMysql(address: SourceAddress): Promise<Source> {
  const { host, port, database, user, password, schema = database, tls } = address;
  // Loaded only where the source is one: it would take a quarter of every cold start.
  const { createConnection } = require("mysql2") as typeof import("mysql2");
  const connection = createConnection({
    host,
    port,
    user,
    password,
    database,
    charset: "utf8mb4",
    connectTimeout: 10_000,
    ...(tls ? { ssl: { minVersion: "TLSv1.2", rejectUnauthorized: true, verifyIdentity: true } } : {}),
  });
  let reading: Readable | undefined;
  // A connection that breaks tells this neither to the stream of a query nor to anybody who has not asked yet.
  connection.on("error", (error) => reading?.destroy(error));
  const texts = (sql: string) => asTexts(connection, sql);
  try {
    await texts("SET SESSION sql_mode = 'ANSI_QUOTES,NO_BACKSLASH_ESCAPES'");
    // While a file is converted and uploaded the server waits; after a minute it would take the client for gone.
    await texts("SET SESSION time_zone = '+00:00', SESSION net_write_timeout = 900");
    await texts("SET SESSION TRANSACTION ISOLATION LEVEL REPEATABLE READ");
    await texts("START TRANSACTION WITH CONSISTENT SNAPSHOT, READ ONLY");
    const [[now = ""] = []] = await texts("SELECT UTC_TIMESTAMP(6)");
    const from = (table: string) => `${quoted(schema)}.${quoted(table)}`;

    return {
      now,
      async columns(table) {
        const rows = await texts(
          `SELECT column_name, column_type FROM information_schema.columns
           WHERE table_schema = ${literal(schema)} AND table_name = ${literal(table)} ORDER BY ordinal_position`,
        );
        return rows.map(([name = "", type = ""]) => ({ name, type }));
      },
      async fingerprint(plan, range) {
        const [[text = ""] = []] = await texts(selectFingerprint(plan, from(plan.name), range, mysqlDialect));
        return text;
      },
      async records(plan, range) {
        const query = { sql: selectRecords(plan, from(plan.name), range, mysqlDialect), rowsAsArray: true, typeCast };
        const stream = connection.query(query).stream({ highWaterMark: 1_000 });
        reading = stream;
        return { stream, recordOf: encodeRecord };
      },
      end: async () => connection.destroy(),
    };
  } catch (error) {
    connection.destroy();
    throw error;
  }
}

const asTexts = (connection: Connection, sql: string): Promise<string[][]> =>
  new Promise((resolve, reject) => {
    connection.query<RowDataPacket[]>({ sql, rowsAsArray: true, typeCast }, (error, rows) => {
      if (error) reject(error);
      else resolve(Array.isArray(rows) ? rows.map((row) => Object.values(row).map(String)) : []);
    });
  });

/** Every value as the server wrote it: a number or a date of JavaScript would hold less. */
const typeCast = (field: { string(encoding?: "utf-8"): string | null }) => field.string("utf-8");
