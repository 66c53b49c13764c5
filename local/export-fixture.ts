// export-fixture: a shop's database, the program that exports it, and short words for what the tests of export-tables do with
// the two. The same tests run on PostgreSQL and on MySQL.

import { createServer, connect as dial, type Socket } from "node:net";
import type { TestContext } from "node:test";
import { GetItemCommand, PutItemCommand } from "@aws-sdk/client-dynamodb";
import { marshall, unmarshall } from "@aws-sdk/util-dynamodb";
import type { Exported } from "../functions/lake/export-tables";
import { literal, quoted } from "../schemas/sql-text";
import { type Column, type TableName, tableNames, tables } from "../schemas/tables";
import type { Evaluation } from "../stage/evaluation/evaluate";
import { type Lake, openLake, query } from "./lake-fixture";

type Row = Readonly<Record<string, string | number | boolean | null>>;

/** A database of a test's own. Its tables lie in schema or database `shop`. */
export interface ShopDatabase {
  /** The connection string that export-tables is given. */
  readonly url: string;
  run(sql: string): Promise<void>;
  typeOf(column: Column): string;
}

/** All tables as the lake declares them, every column nullable, with `own` types for some columns (`orders.total`). */
export async function createTables(shop: ShopDatabase, own: Readonly<Record<string, string>> = {}): Promise<void> {
  for (const table of tableNames) {
    const columns = Object.entries(tables[table].columns).map(([name, column]) => {
      const key = (tables[table].primaryKey as readonly string[]).includes(name) ? " NOT NULL" : "";
      return `${quoted(name)} ${own[`${table}.${name}`] ?? shop.typeOf(column)}${key}`;
    });
    await shop.run(
      `CREATE TABLE ${quoted(table)} (${columns.join(", ")}, PRIMARY KEY (${tables[table].primaryKey.map(quoted).join(", ")}))`,
    );
  }
}

export async function insert(shop: ShopDatabase, table: TableName, rows: readonly Row[]): Promise<void> {
  const columns = Object.keys(tables[table].columns);
  for (let start = 0; start < rows.length; start += 1_000) {
    const lines = rows
      .slice(start, start + 1_000)
      .map((row) => `(${columns.map((column) => sql(row[column] ?? null)).join(", ")})`);
    await shop.run(`INSERT INTO ${quoted(table)} (${columns.map(quoted).join(", ")}) VALUES ${lines.join(", ")}`);
  }
}

const sql = (value: Row[string]): string => (typeof value === "string" ? literal(value) : String(value));

export interface Export {
  readonly lake: Lake;
  /** Runs the stage once and waits for all that follows in the lake. */
  run(event?: object): Promise<Exported>;
  /** Runs it when it is to fail; gives the error. */
  fail(event?: object): Promise<{ errorType: string; errorMessage: string }>;
  /** The rows of a table's files in raw, every value as text, in the order of the key. */
  raw(table: TableName): Promise<Readonly<Record<string, string | null>>[]>;
  position(source: string, table: TableName): Promise<Readonly<Record<string, unknown>> | undefined>;
  setPosition(source: string, table: TableName, position: Readonly<Record<string, unknown>>): Promise<void>;
}

/** The program on an embedded AWS of a test's own, its secret holding `connectionString`. */
export async function openExport(
  t: Pick<TestContext, "after">,
  program: Evaluation,
  connectionString?: string,
): Promise<Export> {
  const part = partOf(program);
  const lake = await openLake(t, connectionString === undefined ? part : withSource(part, connectionString));
  const { exportFunction } = program.outputs as Record<string, string>;
  const [watermarks] = program.resources.filter(
    ({ name, type }) => name === "export-watermarks" && type.endsWith(":Table"),
  );
  const TableName = String(watermarks?.outputs.name);
  const invoke = (event: object) => lake.cloud.lambda.invoke(exportFunction ?? "", event, { source: "operator" });

  return {
    lake,
    async run(event = {}) {
      const { payload, functionError, logTail } = await invoke(event);
      if (functionError !== undefined) throw new Error(`The export failed: ${JSON.stringify(payload)}\n${logTail}`);
      await lake.cloud.idle();
      return payload as Exported;
    },
    async fail(event = {}) {
      const { payload, functionError } = await invoke(event);
      if (functionError === undefined) throw new Error(`The export did not fail: ${JSON.stringify(payload)}`);
      await lake.cloud.idle();
      return payload as { errorType: string; errorMessage: string };
    },
    async raw(table) {
      const { raw } = lake.buckets;
      const keys = await lake.keys(raw, `raw/${table}/`);
      if (keys.length === 0) return [];
      const files = keys.map((key) => literal(lake.cloud.s3.pathOf(raw, key) ?? ""));
      const order = tables[table].primaryKey.map(quoted).join(", ");
      const rows = await query(
        `SELECT COLUMNS(*)::VARCHAR FROM (FROM read_parquet([${files.join(", ")}], hive_partitioning = false) ORDER BY ${order})`,
      );
      return rows as Readonly<Record<string, string | null>>[];
    },
    async position(source, table) {
      const { Item } = await lake.dynamodb.send(new GetItemCommand({ TableName, Key: marshall({ source, table }) }));
      return Item === undefined ? undefined : unmarshall(Item).position;
    },
    async setPosition(source, table, position) {
      const Item = marshall({ source, table, revision: position.revision, position });
      await lake.dynamodb.send(new PutItemCommand({ TableName, Item }));
    },
  };
}

/** Without what takes seconds to start and has no part in an export. */
function partOf(program: Evaluation): Evaluation {
  const other = /^aws:(rds|glue|athena|scheduler|ec2|vpc)|^awsx:|^aws:lambda\/invocation|^aws:cloudwatch\/event/;
  const resources = program.resources.filter(
    ({ type, name }) => !other.test(type) && !/^(database|migrate)/.test(name),
  );
  return { ...program, resources };
}

function withSource(program: Evaluation, secretString: string): Evaluation {
  const [secret] = program.resources.filter(({ name, type }) => name === "source-database" && type.endsWith(":Secret"));
  const inputs = { secretId: secret?.outputs.arn, secretString };
  const type = "aws:secretsmanager/secretVersion:SecretVersion";
  const version = { type, name: "source-database", inputs, outputs: inputs, secrets: ["secretString"] };
  return { ...program, resources: [...program.resources, version] };
}

export interface Way {
  /** The connection string that leads through it. */
  readonly url: string;
  /** Closes the next connection, or that which is open, once so many bytes have come from the server. */
  cutAfter(bytes: number): void;
  /** Lets nothing more through once so many bytes have come; resolves when that is so. */
  holdAfter(bytes: number): Promise<void>;
  release(): void;
}

/** A way to the database that can be closed. */
export async function wayTo(t: Pick<TestContext, "after">, url: string): Promise<Way> {
  const target = new URL(url);
  const sockets = new Set<Socket>();
  let [cut, hold, came] = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY, 0];
  let held: (() => void) | undefined;
  let waiting: Socket[] = [];
  const server = createServer((client) => {
    const upstream = dial(Number(target.port), target.hostname);
    for (const socket of [client, upstream]) {
      sockets.add(socket);
      socket.on("error", () => {});
      socket.on("close", () => {
        client.destroy();
        upstream.destroy();
      });
    }
    client.pipe(upstream);
    upstream.on("data", (chunk) => {
      came += chunk.length;
      if (came >= cut) {
        [cut, came] = [Number.POSITIVE_INFINITY, 0];
        client.destroy();
        return;
      }
      client.write(chunk);
      if (came < hold) return;
      [hold, came] = [Number.POSITIVE_INFINITY, 0];
      upstream.pause();
      waiting.push(upstream);
      held?.();
    });
  });
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  t.after(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  const own = new URL(url);
  own.port = String((server.address() as { port: number }).port);
  return {
    url: own.href,
    cutAfter(bytes) {
      [cut, came] = [bytes, 0];
    },
    holdAfter: (bytes) =>
      new Promise((resolve) => {
        [hold, came, held] = [bytes, 0, resolve];
      }),
    release() {
      for (const upstream of waiting) upstream.resume();
      waiting = [];
    },
  };
}
