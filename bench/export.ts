// export: how many rows a second export-tables takes out of a PostgreSQL, against COPY that only reads them, and whether it
// stays within its memory on a table of millions.
//
// The PostgreSQL is the embedded one, slower than one of a machine's own; COPY meets the same. The two take turns. In each the
// function runs in the process of the turn before, but for the first.

import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import postgres = require("postgres");

import type { Exported } from "../functions/lake/export-tables";
import { createTables, openExport } from "../local/export-fixture";
import { postgres as openPostgres } from "../local/services/postgres/postgres";
import type { Column } from "../schemas/tables";
import type { Evaluation } from "../stage/evaluation/evaluate";
import { child } from "./child";
import { type Measurement, median } from "./measurement";

const turns = 3;

export interface ExportOptions {
  readonly rows: number;
}

export async function exporting(evaluation: Evaluation, { rows }: ExportOptions): Promise<Measurement[]> {
  const closing: (() => unknown)[] = [];
  const until = { after: (close: () => unknown) => void closing.push(close) };
  try {
    const url = await shop(until, rows);
    const { lake } = await openExport(until, quiet(evaluation), url);
    const name = String(evaluation.outputs.exportFunction);
    const taken: Turn[] = [];
    for (let turn = 0; turn < turns; turn++) {
      const { ms: copyMs } = await child<{ ms: number }>(["--eval", drain, url], { cwd: process.cwd() });
      const event = { tables: ["orders"], full: true };
      const { payload, functionError, durationMs, maxMemoryUsedMb } = await lake.cloud.lambda.invoke(name, event, {
        source: "operator",
      });
      if (functionError !== undefined) throw new Error(`Cannot measure the export: ${JSON.stringify(payload)}`);
      checkRows(payload as Exported, rows);
      taken.push({ copyMs, exportMs: durationMs, memoryMb: maxMemoryUsedMb });
    }
    return measurements(taken, rows);
  } finally {
    for (let close = closing.pop(); close !== undefined; close = closing.pop()) await close();
  }
}

interface Turn {
  readonly copyMs: number;
  readonly exportMs: number;
  readonly memoryMb: number;
}

/** What stage/lake declares for it. */
const memoryMb = 1_024;

function measurements(taken: readonly Turn[], rows: number): Measurement[] {
  const rate = (ms: number) => (rows / ms) * 1_000;
  const of = (measure: keyof Turn) => median(taken.map((turn) => turn[measure]));
  const peak = Math.max(...taken.map((turn) => turn.memoryMb));
  const millions = `${(rows / 1e6).toFixed(1)} million rows`;
  return [
    {
      what: "export-tables, deployed, against a COPY that only reads",
      measured: rate(of("exportMs")),
      unit: "rows/s",
      baseline: rate(of("copyMs")),
      ratio: median(taken.map((turn) => turn.exportMs / turn.copyMs)),
      note: `${millions}: ${(of("exportMs") / 1_000).toFixed(1)} s, with conversion to Parquet and upload`,
    },
    {
      what: `export-tables' peak memory with ${memoryMb} MB, on a table of ${millions}`,
      measured: peak,
      unit: "MB",
      baseline: memoryMb,
      ratio: peak / memoryMb,
      goal: "< 1",
      met: peak < memoryMb,
    },
  ];
}

/** Gives the connection string of a shop with so many orders. */
async function shop(until: { after: (close: () => unknown) => void }, rows: number): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), "tributary-bench-"));
  until.after(() => rm(directory, { recursive: true, force: true }));
  const server = await openPostgres({ directory, user: "shop", password: "bench", database: "shop" });
  until.after(() => server.end());
  const sql = postgres(server.url, { max: 1, onnotice: () => {} });
  until.after(() => sql.end({ timeout: 0 }));
  const run = async (text: string) => {
    await sql.unsafe(text);
  };
  const typeOf = ({ type }: Column) => ({ varchar: "text" })[type as string] ?? type;
  await createTables({ url: server.url, run, typeOf });
  for (let from = 0; from < rows; from += statementRows) await run(orders(from, Math.min(from + statementRows, rows)));
  await run("CREATE INDEX ON orders (updated_at, order_id)");
  return server.url;
}

const statementRows = 500_000;

const orders = (from: number, to: number) => `INSERT INTO orders
  SELECT n + 1, 1 + n * 7919 % 100000, 'paid', 'web', 'DE', 'Bayern', 'EUR', (n * 31 % 100000) / 100.0,
    CASE WHEN n % 4 = 0 THEN md5(n::text) || ', "please"' END,
    TIMESTAMP '2026-01-01' + n * INTERVAL '1 second', TIMESTAMP '2026-01-01' + n * INTERVAL '1 second'
  FROM generate_series(${from}::bigint, ${to - 1}) AS numbers(n)`;

/** Only what an export needs: no raw file is curated, which would take its share of the machine. */
const quiet = (evaluation: Evaluation): Evaluation => ({
  ...evaluation,
  resources: evaluation.resources.filter(({ type }) => type !== "aws:s3/bucketNotification:BucketNotification"),
});

/** Plain JavaScript: reads all orders to nowhere. */
const drain = `
  const sql = require("postgres")(process.argv[1], { max: 1 });
  (async () => {
    await sql.unsafe("SELECT 1");
    const began = performance.now();
    const stream = await sql.unsafe("COPY orders TO STDOUT").readable();
    for await (const _ of stream);
    console.log(JSON.stringify({ ms: performance.now() - began }));
    process.exit();
  })();
`;

/** A table that failed would look very fast. */
function checkRows({ tables }: Exported, rows: number): void {
  const [result] = tables;
  if (result?.outcome === "exported" && result.rows === rows && result.quarantined === 0) return;
  throw new Error(`Cannot measure the export: it gave ${JSON.stringify(result)}, not ${rows} rows`);
}
