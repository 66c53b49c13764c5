// throughput: how many rows a second raw-to-curated does as it is deployed, and how many the same SQL does bare.
//
// The two take turns, each as often, so that whatever else the machine does meets both; the ratio is the median of the
// turns' ratios. In each turn the function runs in a new process first (with its cold start) and then in the warm one.
// With `pandas` the way of the project's seed takes its turn as well.

import { mkdir, rm } from "node:fs/promises";
import { join } from "node:path";
import type { Evaluation } from "../stage/evaluation/evaluate";
import { child, type Surroundings } from "./child";
import { deployed } from "./deployed";
import { type Measurement, median } from "./measurement";
import { type RawFile, writeOrders } from "./raw-file";

const turns = 3;
const goal = 1.25;
const pandasGoal = 10;

export interface ThroughputOptions {
  readonly rows: number;
  /** A Python with pandas and pyarrow. */
  readonly pandas?: string;
}

export async function throughput(
  evaluation: Evaluation,
  directory: string,
  { rows, pandas }: ThroughputOptions,
): Promise<Measurement[]> {
  const file = await writeOrders(join(directory, "orders.parquet"), { rows, days: 60 });
  const taken: Turn[] = [];
  for (let turn = 0; turn < turns; turn++) taken.push(await takeTurn(evaluation, directory, file, pandas));

  const rate = (ms: number) => (rows / ms) * 1_000;
  const of = (measure: keyof Turn) => median(taken.map((turn) => turn[measure]));
  const bare = rate(of("bareMs"));
  const against = (measure: "coldMs" | "warmMs") => median(taken.map((turn) => turn[measure] / turn.bareMs));
  const unit = "rows/s";
  const faster = median(taken.map((turn) => turn.pandasMs / turn.warmMs));
  return [
    {
      what: "raw-to-curated, deployed and warm, against bare DuckDB",
      measured: rate(of("warmMs")),
      unit,
      baseline: bare,
      ratio: against("warmMs"),
      goal: `<= ${goal}`,
      met: against("warmMs") <= goal,
      note: `${(rows / 1e6).toFixed(1)} million orders of 60 days: ${seconds(of("warmMs"))}, ${of("memoryMb").toFixed()} MB`,
    },
    {
      what: "raw-to-curated, deployed, with its cold start",
      measured: rate(of("coldMs")),
      unit,
      baseline: bare,
      ratio: against("coldMs"),
      note: `${seconds(of("coldMs"))}, of which ${of("initMs").toFixed()} ms to load`,
    },
    ...(pandas === undefined
      ? []
      : [
          {
            what: "raw-to-curated, deployed and warm, against pandas",
            measured: rate(of("warmMs")),
            unit,
            baseline: rate(of("pandasMs")),
            ratio: 1 / faster,
            goal: `<= ${1 / pandasGoal}`,
            met: faster >= pandasGoal,
            note: `${faster.toFixed(1)} times as fast`,
          },
        ]),
  ];
}

interface Turn {
  readonly coldMs: number;
  readonly initMs: number;
  readonly warmMs: number;
  readonly memoryMb: number;
  readonly bareMs: number;
  readonly pandasMs: number;
}

async function takeTurn(evaluation: Evaluation, directory: string, file: RawFile, pandas?: string): Promise<Turn> {
  const env = { ...process.env, AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(declaredMemory(evaluation)) };
  const bareMs = await alone(["--import", "tsx", join(__dirname, "bare.ts")], { env });
  const pandasMs = pandas === undefined ? 0 : await alone([join(__dirname, "with-pandas.py")], { program: pandas });
  const cloud = await deployed(evaluation);
  try {
    const cold = await cloud.curate(file);
    checkPartitions(await cloud.clear(), file);
    const warm = await cloud.curate(file);
    checkPartitions(await cloud.clear(), file);
    const { initMs } = cold;
    return {
      coldMs: initMs + cold.durationMs,
      initMs,
      warmMs: warm.durationMs,
      memoryMb: warm.memoryMb,
      bareMs,
      pandasMs,
    };
  } finally {
    await cloud.end();
  }

  async function alone(program: readonly string[], surroundings: Surroundings): Promise<number> {
    const folder = join(directory, "alone");
    await mkdir(folder);
    const args = [...program, file.path, folder];
    const { ms, partitions } = await child<{ ms: number; partitions: number }>(args, surroundings);
    checkPartitions(partitions, file);
    await rm(folder, { recursive: true });
    return ms;
  }
}

/** A file that was set aside would look very fast. */
function checkPartitions(found: number, { path, days }: RawFile): void {
  if (found !== days) throw new Error(`Cannot measure "${path}": it gave ${found} partitions, not ${days}`);
}

function declaredMemory({ resources }: Evaluation): number {
  const lambda = resources.find(
    ({ type, name }) => type === "aws:lambda/function:Function" && name === "raw-to-curated",
  );
  return Number(lambda?.inputs.memorySize);
}

const seconds = (ms: number) => `${(ms / 1_000).toFixed(1)} s`;
