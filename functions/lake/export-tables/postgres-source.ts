// postgres-source: tables of a PostgreSQL, as its own COPY streams them.

import { once } from "node:events";
import { connect, isIP, type Socket } from "node:net";
import type { Readable } from "node:stream";
import { literal, quoted } from "../../../schemas/sql-text";
import { exportProblem } from "./export-problem";
import type { Source } from "./source";
import type { SourceAddress } from "./source-address";
import { type Dialect, selectFingerprint, selectRecords } from "./source-sql";

import postgres = require("postgres");

export const postgresDialect: Dialect = {
  textOf: (column) => `CAST(${column} AS text)`,
  value: ({ source }) => quoted(source.name),
  dated: (column) => `isfinite(${column})`,
  // A hash that differs from version to version of PostgreSQL costs one overlap that is exported again.
  fingerprint: (columns) =>
    `count(*) || ':' || coalesce(sum(hashtextextended(CAST(ROW(${columns.join(", ")}) AS text), 0)), 0)`,
};

export async function openPostgresSource(address: SourceAddress): Promise<Source> {
  const { database, user, password, schema } = address;
  let socket: Socket | undefined;
  const sql = postgres({
    ...server(address, (opened) => {
      socket = opened;
    }),
    database,
    username: user,
    password,
    max: 1,
    connect_timeout: connectSeconds,
    // Of types that nobody asks for here: every value comes as text.
    fetch_types: false,
    prepare: false,
    connection: { application_name: "tributary export-tables" },
    onnotice: () => {},
  });
  try {
    // A query comes first: to reserve a connection that is not open yet, without types to fetch, takes for ever (postgres 3.4.9).
    const [settings] = await sql.unsafe("SELECT current_setting('server_encoding') AS encoding");
    if (settings?.encoding === "SQL_ASCII") {
      const why = "its encoding is SQL_ASCII, which says of no text what it is";
      throw exportProblem("BadAddress", `Cannot read "${database}": ${why}`);
    }
    const connection = await sql.reserve();
    const texts = async (query: string) =>
      (await connection.unsafe(query)).map((row) => Object.values(row).map((value) => String(value)));

    await connection.unsafe("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY");
    // What a value looks like is not to depend on how server, database and user are set up.
    await connection.unsafe(
      "SET LOCAL TimeZone = 'UTC'; SET LOCAL DateStyle = 'ISO, YMD'; SET LOCAL extra_float_digits = 1; " +
        "SET LOCAL bytea_output = 'hex'; SET LOCAL standard_conforming_strings = on",
    );
    const [[now = ""] = []] = await texts("SELECT to_char(now() AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS.US')");
    const from = (table: string) => (schema === undefined ? quoted(table) : `${quoted(schema)}.${quoted(table)}`);

    return {
      now,
      async columns(table) {
        const rows = await texts(
          `SELECT attname, format_type(atttypid, atttypmod) FROM pg_attribute
           WHERE attrelid = to_regclass(${literal(from(table))}) AND attnum > 0 AND NOT attisdropped ORDER BY attnum`,
        );
        return rows.map(([name = "", type = ""]) => ({ name, type }));
      },
      async fingerprint(plan, range) {
        const [[text = ""] = []] = await texts(selectFingerprint(plan, from(plan.name), range, postgresDialect));
        return text;
      },
      async records(plan, range) {
        const select = selectRecords(plan, from(plan.name), range, postgresDialect);
        const copy = `COPY (${select}) TO STDOUT (FORMAT csv, NULL '\\N', FORCE_QUOTE *)`;
        const stream: Readable = await connection.unsafe(copy).readable();
        // The client stops reading while the stream is full, and where the rows end meanwhile it never begins again: whatever
        // is asked next would wait for ever (postgres 3.4.9). This is how the stream itself tells it to read.
        stream.once("end", () => stream._read(0));
        // "Always one per row", PostgreSQL says of COPY's messages (54.2.6), and the client hands each on as a chunk.
        return { stream, recordOf: (chunk: Buffer) => chunk };
      },
      end,
    };
  } catch (error) {
    await end();
    throw error;
  }

  /** At once: the client itself would wait for all that the server has still to send of a table. */
  async function end(): Promise<void> {
    socket?.destroy();
    await sql.end({ timeout: 0 });
  }
}

const connectSeconds = 10;

/** How the server is reached. `opened` is told of each connection, which the client would keep to itself. */
function server({ host, port, tls }: SourceAddress, opened: (socket: Socket) => void) {
  const socket = async () => {
    const made = connect(port, host);
    opened(made);
    const late = new Error(`Cannot connect to ${host}:${port}: no answer in ${connectSeconds} seconds`);
    const timer = setTimeout(
      () => made.destroy(Object.assign(late, { code: "CONNECT_TIMEOUT" })),
      connectSeconds * 1_000,
    );
    try {
      await once(made, "connect");
      return made;
    } finally {
      clearTimeout(timer);
    }
  };
  // Against this name the certificate is held; a number is no name to ask for.
  const ssl = tls ? (isIP(host) ? { host } : { servername: host }) : (false as const);
  return { host, port, socket, ssl };
}
