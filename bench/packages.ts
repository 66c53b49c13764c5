// packages: how large each stage's package is, how long a new process takes to load it, and how long the whole program takes
// to be evaluated and deployed.

import { mkdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Evaluation, Registered } from "../stage/evaluation/evaluate";
import { bundleOf } from "../stage/serialization/bundle-of";
import { layOutLayers } from "../stage/serialization/layers";
import { child } from "./child";
import { type Measurement, median } from "./measurement";

const runs = 5;
const starts = 3;
const goal = { bytes: 1_000_000, loadMs: 150 };

export async function packages(evaluation: Evaluation, directory: string): Promise<Measurement[]> {
  const stages = evaluation.resources.filter(({ type }) => type === "aws:lambda/function:Function");
  const measured: Measurement[] = [];
  for (const stage of stages) measured.push(...(await packageOf(stage, evaluation, join(directory, stage.name))));
  return [...measured, ...(await start())];
}

async function packageOf(stage: Registered, { resources, region }: Evaluation, folder: string): Promise<Measurement[]> {
  const bundle = await bundleOf(stage);
  await mkdir(folder);
  await writeFile(join(folder, "__index.js"), bundle);
  await layOutLayers(stage, resources, join(folder, "opt"));
  const { variables = {} } = (stage.inputs.environment ?? {}) as { variables?: Record<string, string> };
  const env = { ...variables, AWS_REGION: region, NODE_PATH: join(folder, "opt", "nodejs", "node_modules") };

  const loads: Load[] = [];
  for (let run = 0; run < runs; run++) loads.push(await child<Load>(["--eval", loader], { env, cwd: folder }));
  await rm(folder, { recursive: true });

  const bytes = Buffer.byteLength(bundle);
  const of = (measure: keyof Load) => median(loads.map((load) => load[measure]));
  const { name } = stage;
  const native = `${Math.round(of("nativeMs"))} ms for the native layer come to it`;
  return [
    {
      what: `${name}'s package, without native parts`,
      measured: bytes,
      unit: "bytes",
      baseline: goal.bytes,
      ratio: bytes / goal.bytes,
      goal: "<= 1 MB",
      met: bytes <= goal.bytes,
    },
    {
      what: `${name}'s load time, without native parts`,
      measured: of("bundleMs"),
      unit: "ms",
      goal: `<= ${goal.loadMs} ms`,
      met: of("bundleMs") <= goal.loadMs,
      ...(of("nativeMs") > 1 ? { note: native } : {}),
    },
  ];
}

interface Load {
  readonly nativeMs: number;
  readonly bundleMs: number;
}

/** Plain JavaScript for a plain Node. The native binding, where there is one, is loaded first and counted apart. */
const loader = `
  const began = performance.now();
  try { require("@duckdb/node-bindings"); } catch {}
  const loaded = performance.now();
  require(process.cwd() + "/__index.js");
  console.log(JSON.stringify({ nativeMs: loaded - began, bundleMs: performance.now() - loaded }));
  process.exit();
`;

async function start(): Promise<Measurement[]> {
  const taken: Start[] = [];
  for (let run = 0; run < starts; run++)
    taken.push(await child<Start>(["--import", "tsx", join(__dirname, "start.ts")]));
  const of = (measure: keyof Start) => median(taken.map((one) => one[measure]));
  return [
    { what: "the program, evaluated", measured: of("evaluatedMs"), unit: "ms", note: "bundles from the cache" },
    { what: "the program, deployed to the embedded AWS", measured: of("deployedMs"), unit: "ms" },
  ];
}

interface Start {
  readonly evaluatedMs: number;
  readonly deployedMs: number;
}
