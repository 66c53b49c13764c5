// start: the main job. Deploys the program to the embedded AWS, puts files through it and says what came of them.

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { S3Client } from "@aws-sdk/client-s3";
import { evaluate } from "../stage/evaluation/evaluate";
import { systemClock } from "./clock";
import { type Cloud, startCloud } from "./cloud";
import { examples } from "./start/examples";
import { putFiles, rawFiles, type Upload } from "./start/files";
import { lock } from "./start/lock";
import { help, type Options, readOptions } from "./start/options";
import { step } from "./start/progress";
import { reportExample, reportProblems, reportTables, reportWhereabouts } from "./start/report";
import { type Result, resultOf } from "./start/result";
import { styled } from "./start/styled";

/** A function that failed is tried again after one and two minutes; nobody wants to watch that. */
const retriesPassFaster = 60;

main().then(
  () => process.exit(),
  (error: Error) => {
    const usage = ["UsageError", "RunError"].includes(error.name) || "syscall" in error;
    process.stderr.write(`${styled("red", "✖", process.stderr)} ${usage ? error.message : error.stack}\n`);
    process.exit(usage ? 2 : 1);
  },
);

async function main(): Promise<void> {
  const options = readOptions(process.argv.slice(2));
  if (options === undefined) {
    console.log(help.trim());
    return;
  }
  // Card numbers lie in what is written from here on, by this process and by the functions.
  process.umask(0o077);
  const temporary = options.data === undefined;
  const directory = options.data === undefined ? mkdtempSync(join(tmpdir(), "tributary-")) : resolve(options.data);
  const stopped = firstSignal();
  const unlock = lock(directory);
  let looking = false;
  try {
    const { cloud, outputs } = await deploy(options, directory);
    try {
      const outcome = await run(cloud, outputs, options, stopped);
      looking = options.exit && outcome !== "stopped";
      process.exitCode = outcome === "stopped" ? 130 : outcome === "failed" ? 1 : 0;
    } finally {
      await cloud.end();
    }
  } finally {
    unlock();
    // After --exit there is something to look at; after Ctrl-C or a failure the looking is over.
    if (temporary && !looking) rmSync(directory, { recursive: true, force: true });
  }
}

async function run(
  cloud: Cloud,
  outputs: Record<string, string>,
  options: Options,
  stopped: Promise<"stopped">,
): Promise<"done" | "failed" | "stopped"> {
  const work = putThrough(cloud, outputs, options);
  const done = await Promise.race([work, stopped]);
  if (done === "stopped") {
    // What breaks off now is what was asked for.
    work.catch(() => undefined);
    const later = options.data === undefined ? "" : " The next start with this --data goes on with it.";
    process.stderr.write(`\nStopped before everything was through.${later}\n`);
    return "stopped";
  }
  const { result, files } = done;
  if (options.json)
    console.log(JSON.stringify({ url: cloud.url, directory: cloud.directory, outputs, ...result }, undefined, 2));
  else await report(cloud, outputs, options, result, files);
  if (!options.exit) {
    process.stderr.write(`\nThe embedded AWS runs at ${cloud.url} until Ctrl-C.\n`);
    await stopped;
  }
  return result.deadLetters.length > 0 ? "failed" : "done";
}

/** Resolves at the first Ctrl-C (or termination); a second one has the system's own effect. */
function firstSignal(): Promise<"stopped"> {
  return new Promise((resolveSignal) => {
    for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => resolveSignal("stopped"));
  });
}

async function deploy({ port }: Options, directory: string) {
  const evaluating = step("Evaluating the program");
  const evaluation = await evaluate({ stack: "dev", program: async () => require("../index") });
  evaluating.done(`${evaluation.resources.length} resources`);

  const deploying = step("Deploying to the embedded AWS");
  const retryClock = systemClock(retriesPassFaster);
  const cloud = await startCloud(evaluation, { directory, retryClock, ...(port === undefined ? {} : { port }) });
  deploying.done(cloud.url);
  return { cloud, outputs: evaluation.outputs as Record<string, string> };
}

async function putThrough(cloud: Cloud, outputs: Record<string, string>, options: Options) {
  const { rawBucket = "", curatedBucket = "", auditTable = "" } = outputs;
  const s3 = new S3Client({ endpoint: cloud.url, region: cloud.region, credentials: cloud.operator });
  const since = new Date().toISOString();

  const making = step(options.input === undefined ? "Making the sample shop" : "Looking for files");
  const files = await rawFiles(options, join(cloud.directory, "sample"));
  making.done(`${files.length} files`);

  const curating = step("raw -> curated", files.length);
  let put = 0;
  const advance = () => curating.at(Math.max(0, put - cloud.lambda.busy()));
  const silence = cloud.journal.listen(advance);
  await putFiles(s3, rawBucket, files, () => {
    put += 1;
  });
  await cloud.idle();
  silence();
  curating.done(`${cloud.journal.entries.filter(({ operation }) => operation === "Invoke").length} invocations`);

  const result = await resultOf(cloud, s3, { curatedBucket, auditTable }, since);
  s3.destroy();
  return { result, files };
}

async function report(
  cloud: Cloud,
  outputs: Record<string, string>,
  { input, exit }: Options,
  result: Result,
  files: readonly Upload[],
): Promise<void> {
  const { rawBucket = "", curatedBucket = "" } = outputs;
  reportTables(result);
  const spoiled = files.reduce((total, { dirty = 0 }) => total + dirty, 0);
  const found = result.tables.reduce((total, { quarantined }) => total + quarantined, 0);
  if (input === undefined) console.log(`The generator spoiled ${spoiled} rows; ${found} are in quarantine.`);
  for (const example of await examples(cloud, rawBucket, curatedBucket)) reportExample(example, input === undefined);
  reportProblems(cloud, result);
  reportWhereabouts(cloud, outputs, !exit);
}
