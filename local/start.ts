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
  const stopping = stopOnSignal(cloud, () => {
    if (options.data === undefined) rmSync(directory, { recursive: true, force: true });
  });

  const { result, files } = await putThrough(cloud, outputs, options);
  if (options.json) console.log(JSON.stringify({ url: cloud.url, directory, outputs, ...result }, undefined, 2));
  else await report(cloud, outputs, options, result, files);

  if (!options.exit) {
    process.stderr.write(`\nThe embedded AWS runs at ${cloud.url} until Ctrl-C.\n`);
    await stopping;
  }
  await cloud.end();
  process.exit(result.deadLetters.length > 0 ? 1 : 0);
}

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

/** Resolves at the first Ctrl-C, or ends everything at once when the pipelines are still at work. */
function stopOnSignal(cloud: Cloud, tidy: () => void): Promise<void> {
  return new Promise((resolveStop) => {
    const stop = async () => {
      process.stderr.write("\nStopping.\n");
      resolveStop();
      await cloud.end();
      tidy();
      process.exit(0);
    };
    process.once("SIGINT", stop);
    process.once("SIGTERM", stop);
  });
}
