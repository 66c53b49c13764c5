// memory: whether a function stays within its memory on a file whose content is ten times what DuckDB may hold.

import { join } from "node:path";
import { memoryLimitMb } from "../stage/duckdb";
import type { Evaluation } from "../stage/evaluation/evaluate";
import { type Curated, deployed } from "./deployed";
import { type Measurement, median } from "./measurement";
import { type RawFile, writeOrders } from "./raw-file";

/** A peak hardly differs from run to run, and a run takes a minute. */
const runs = 1;
const times = 10;

/** A function of `memoryMb`, whatever the stage declares. */
export async function memory(evaluation: Evaluation, directory: string, memoryMb: number): Promise<Measurement> {
  const file = await tenfold(directory, memoryLimitMb(memoryMb));
  const what = `raw-to-curated's peak memory with ${memoryMb} MB, on a file of ${megabytes(file.contentBytes)} MB`;
  const seen: Curated[] = [];
  const cloud = await deployed(evaluation, memoryMb);
  try {
    for (let run = 0; run < runs; run++) {
      seen.push(await cloud.curate(file));
      await cloud.clear();
    }
  } finally {
    await cloud.end();
  }
  const peak = Math.max(...seen.map((run) => run.memoryMb));
  const rate = (file.rows / median(seen.map(({ durationMs }) => durationMs))) * 1_000;
  const spill = Math.max(...seen.map(({ spillMb }) => spillMb));
  return {
    what,
    measured: peak,
    unit: "MB",
    baseline: memoryMb,
    ratio: peak / memoryMb,
    goal: "< 1",
    met: peak < memoryMb,
    note: `DuckDB's limit is ${memoryLimitMb(memoryMb).toFixed()} MB; it spilled ${spill.toFixed()} MB; ${Math.round(rate).toLocaleString("en")} rows/s`,
  };
}

/** What a row of `padding` 500 takes in the file before compression. */
const rowBytes = 173;

function tenfold(directory: string, limitMb: number): Promise<RawFile> {
  const rows = Math.ceil((times * limitMb * 1e6) / rowBytes);
  return writeOrders(join(directory, "large.parquet"), { rows, days: 60, padding: 500 });
}

const megabytes = (bytes: number) => Math.round(bytes / 1e6).toLocaleString("en");
