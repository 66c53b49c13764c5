// start: the main job. Deploys the program to the embedded AWS, puts files through it and says what came of them.

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { S3Client } from "@aws-sdk/client-s3";
import { evaluate } from "../stage/evaluation/evaluate";
import { systemClock } from "./clock";
import { type Cloud, startCloud } from "./cloud";
import { examples } from "./start/examples";
import { putFiles, type RawFile, rawFiles } from "./start/files";
import { help, type Options, readOptions, styled } from "./start/options";
import { step } from "./start/progress";
import { reportExample, reportProblems, reportTables, reportWhereabouts } from "./start/report";
import { type Result, resultOf } from "./start/result";

/** A function that failed is tried again after one and two minutes; nobody wants to watch that. */
const waitsPassFaster = 60;

main().catch((error: Error) => {
  const usage = error.name === "UsageError" || error.name === "RunError";
  process.stderr.write(`${styled("red", "✖", process.stderr)} ${usage ? error.message : error.stack}\n`);
  process.exit(usage ? 2 : 1);
});

async function main(): Promise<void> {
  const options = readOptions(process.argv.slice(2));
  if (options === undefined) {
    console.log(help.trim());
    return;
  }
  const directory = options.data === undefined ? mkdtempSync(join(tmpdir(), "tributary-")) : resolve(options.data);
  const { cloud, outputs } = await deploy(options, directory);
  const stopped = firstSignal();

  const work = putThrough(cloud, outputs, options);
  const done = await Promise.race([work, stopped]);
  if (done === undefined) {
    // What breaks off now is what was asked for.
    work.catch(() => undefined);
    process.stderr.write("\nStopped before everything was through; --data DIR would have kept what is left to do.\n");
  } else {
    const { result, files } = done;
    if (options.json) console.log(JSON.stringify({ url: cloud.url, directory, outputs, ...result }, undefined, 2));
    else await report(cloud, outputs, options, result, files);
    if (!options.exit) {
      process.stderr.write(`\nThe embedded AWS runs at ${cloud.url} until Ctrl-C.\n`);
      await stopped;
    }
  }
  await cloud.end();
  // After --exit there is something to look at; after Ctrl-C the looking is over.
  if (options.data === undefined && !options.exit) rmSync(directory, { recursive: true });
  process.exit(done === undefined ? 130 : done.result.deadLetters.length > 0 ? 1 : 0);
}

/** Resolves at the first Ctrl-C (or termination); a second one has the system's own effect. */
const firstSignal = (): Promise<undefined> =>
  new Promise((resolveSignal) => {
    for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => resolveSignal(undefined));
  });

async function deploy({ port }: Options, directory: string) {
  const evaluating = step("Evaluating the program");
  const settings = {
    "tributary:nativePlatform": process.platform,
    "tributary:architecture": process.arch === "arm64" ? "arm64" : "x86_64",
  };
  const evaluation = await evaluate({ stack: "dev", settings });
  evaluating.done(`${evaluation.resources.length} resources`);

  const deploying = step("Deploying to the embedded AWS");
  const clock = systemClock(waitsPassFaster);
  const cloud = await startCloud(evaluation, { directory, clock, ...(port === undefined ? {} : { port }) });
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
  files: readonly RawFile[],
): Promise<void> {
  const { rawBucket = "", curatedBucket = "" } = outputs;
  reportTables(result);
  const spoiled = files.reduce((total, { dirty = 0 }) => total + dirty, 0);
  const found = result.tables.reduce((total, { quarantined }) => total + quarantined, 0);
  if (input === undefined) console.log(`The generator had spoiled ${spoiled} rows; ${found} are in quarantine.`);
  for (const example of await examples(cloud, rawBucket, curatedBucket)) reportExample(example, input === undefined);
  reportProblems(result);
  reportWhereabouts(cloud, outputs, !exit);
}
