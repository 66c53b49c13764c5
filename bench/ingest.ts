// ingest: how many rows of a seller's feed a second aggregate-transactions takes into PostgreSQL - read, checked, newest
// version of each, totals and stock kept - against a bare COPY of the same rows into a table that is made alike, with all
// its indexes.
//
// The PostgreSQL is the embedded one, slower than one of a machine's own; COPY meets the same. The two take turns, and each
// begins with empty tables. In each turn the function runs in the process of the turn before, but for the first.

import { randomUUID } from "node:crypto";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";

import postgres = require("postgres");

import { openMarketplace } from "../local/marketplace-fixture";
import { ownColumns } from "../schemas/feed";
import type { Evaluation } from "../stage/evaluation/evaluate";
import { child } from "./child";
import { type Measurement, median } from "./measurement";

const turns = 3;

export async function ingest(evaluation: Evaluation, directory: string, rows: number): Promise<Measurement[]> {
  const closing: (() => unknown)[] = [];
  const until = { after: (close: () => unknown) => void closing.push(close) };
  try {
    const { cloud, put, totals } = await openMarketplace(until, quiet(evaluation));
    const sql = postgres(cloud.postgres?.url ?? "", { max: 1, onnotice: () => undefined });
    closing.push(() => sql.end({ timeout: 0 }));
    await sql`create table transactions.copied (like transactions.transactions including all)`;
    const file = join(directory, "feed.csv");
    const feed = feedOf(rows);
    await writeFile(file, feed.slice(feed.indexOf("\n") + 1));
    const function_ = stage(evaluation);

    const taken: Turn[] = [];
    for (let turn = 0; turn < turns; turn++) {
      await sql`truncate transactions.copied, transactions.transactions, transactions.daily_totals, transactions.products`;
      const { ms: copyMs } = await child<{ ms: number }>(["--eval", copy, cloud.postgres?.url ?? "", file], {
        cwd: process.cwd(),
      });
      const key = `uploads/bench/${randomUUID()}/feed.csv`;
      const event = eventOf(evaluation, key, await put(key, feed), feed.length);
      const { payload, functionError, durationMs } = await cloud.lambda.invoke(function_, event, {
        source: "operator",
      });
      if (functionError !== undefined) throw new Error(`Cannot measure the feed: ${JSON.stringify(payload)}`);
      const { transactions = 0 } = (await totals())["bench EUR"] ?? {};
      if (transactions !== rows)
        throw new Error(`Cannot measure the feed: ${transactions} of ${rows} rows came through`);
      taken.push({ copyMs, feedMs: durationMs });
    }
    return [measurement(taken, rows)];
  } finally {
    for (let close = closing.pop(); close !== undefined; close = closing.pop()) await close();
  }
}

interface Turn {
  readonly copyMs: number;
  readonly feedMs: number;
}

const goal = 0.8;

function measurement(taken: readonly Turn[], rows: number): Measurement {
  const rate = (ms: number) => (rows / ms) * 1_000;
  const ratio = median(taken.map(({ feedMs, copyMs }) => copyMs / feedMs));
  return {
    what: "aggregate-transactions, deployed, rows into PostgreSQL against a bare COPY of them",
    measured: rate(median(taken.map(({ feedMs }) => feedMs))),
    unit: "rows/s",
    baseline: rate(median(taken.map(({ copyMs }) => copyMs))),
    ratio,
    goal: `> ${goal}`,
    met: ratio > goal,
    note: `${rows.toLocaleString("en")} rows; here more is better`,
  };
}

function feedOf(rows: number): string {
  const lines = [ownColumns.join(",")];
  for (let n = 0; n < rows; n++) {
    const day = String(1 + (n % 28)).padStart(2, "0");
    const price = ((n * 31) % 10_000) / 100 + 1;
    lines.push(
      `T-${n},2026-02-${day}T10:15:00Z,P-${(n * 7_919) % 500},"Garden chair, ${n % 500}",Garden,${1 + (n % 4)},${price.toFixed(2)},0.50,EUR,${n % 1_000}`,
    );
  }
  return `${lines.join("\n")}\n`;
}

/** Plain JavaScript: copies the rows of a file, and nothing else. */
const copy = `
  const [, url, file] = process.argv;
  const sql = require("postgres")(url, { max: 1 });
  (async () => {
    await sql.unsafe("alter table transactions.copied alter seller_id set default 'bench', alter uploaded_at set default now(), " +
      "alter upload_id set default 'u', alter upload_version set default 'v', alter source_row set default 1");
    const began = performance.now();
    const stream = await sql.unsafe("COPY transactions.copied (${ownColumns.join(", ")}) FROM STDIN (FORMAT csv)").writable();
    await require("node:stream/promises").pipeline(require("node:fs").createReadStream(file), stream);
    console.log(JSON.stringify({ ms: performance.now() - began }));
    process.exit();
  })();
`;

const stage = ({ resources }: Evaluation): string =>
  String(
    resources.find(({ type, name }) => type === "aws:lambda/function:Function" && name === "aggregate-transactions")
      ?.outputs.name,
  );

const eventOf = ({ outputs }: Evaluation, key: string, versionId: string, size: number) => ({
  Records: [
    {
      eventTime: new Date().toISOString(),
      s3: { bucket: { name: String(outputs.feedsBucket) }, object: { key, versionId, size } },
    },
  ],
});

/** Nobody is told of a feed: it is handed to the function. */
const quiet = (evaluation: Evaluation): Evaluation => ({
  ...evaluation,
  resources: evaluation.resources.filter(({ type }) => type !== "aws:s3/bucketNotification:BucketNotification"),
});
