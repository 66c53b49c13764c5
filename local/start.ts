// start: the main job. Deploys the program to the embedded AWS, lets a shop's data run through it and says what came of it.

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { AthenaClient } from "@aws-sdk/client-athena";
import { S3Client } from "@aws-sdk/client-s3";
import { evaluate } from "../stage/evaluation/evaluate";
import { systemClock } from "./clock";
import { type Cloud, startCloud } from "./cloud";
import { analyticsOf } from "./start/analytics";
import { examples } from "./start/examples";
import { type Fed, feed } from "./start/feed";
import { gallery } from "./start/gallery";
import { lock } from "./start/lock";
import { marketplace } from "./start/marketplace";
import { help, type Options, readOptions } from "./start/options";
import { ownPictures } from "./start/own-pictures";
import { passedEvents } from "./start/passed-events";
import { step } from "./start/progress";
import { reportExample, reportProblems, reportTables, reportWhereabouts } from "./start/report";
import { reportAnalytics, writePicture } from "./start/report-analytics";
import { reportEvents, reportGallery } from "./start/report-gallery";
import { reportMarketplace } from "./start/report-marketplace";
import { resultOf } from "./start/result";
import { styled } from "./start/styled";
import { announce } from "./start/whereabouts";

/**
 * A function that failed is tried again after one and two minutes, and files are gathered for one; nobody wants to watch
 * that.
 */
const waitsPassFaster = 12;

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
  // Before anything is made, since it may be that there are none.
  if (options.images !== undefined) ownPictures(options.images);
  // Card numbers lie in what is written from here on, by this process and by the functions.
  process.umask(0o077);
  const temporary = options.data === undefined;
  const directory = options.data === undefined ? mkdtempSync(join(tmpdir(), "tributary-")) : resolve(options.data);
  const stopped = firstSignal();
  const unlock = lock(directory);
  let looking = false;
  try {
    const { cloud, outputs } = await deploy(options, directory);
    const silence = announce({ directory: cloud.directory, outputs });
    try {
      const outcome = await run(cloud, outputs, options, stopped);
      looking = options.exit && outcome !== "stopped";
      process.exitCode = outcome === "stopped" ? 130 : outcome === "failed" ? 1 : 0;
    } finally {
      silence();
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
  const { result, market, pictures, events, analytics, picture } = done;
  if (options.json) {
    const { url, directory } = cloud;
    console.log(
      JSON.stringify(
        { url, api: cloud.api?.url, directory, outputs, ...result, market, pictures, events, analytics, picture },
        undefined,
        2,
      ),
    );
  } else await report(cloud, outputs, options, done);
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
  const evaluation = await evaluate({ stack: "dev", program: async () => require("../index"), packages: "kept" });
  evaluating.done(`${evaluation.resources.length} resources`);

  const deploying = step("Deploying to the embedded AWS");
  const retryClock = systemClock(waitsPassFaster);
  const cloud = await startCloud(evaluation, {
    directory,
    retryClock,
    ...(port === undefined ? {} : { port, apiPort: port + 1 }),
  });
  deploying.done(cloud.url);
  return { cloud, outputs: evaluation.outputs as Record<string, string> };
}

const nothingFed: Fed = {};

async function putThrough(cloud: Cloud, outputs: Record<string, string>, options: Options) {
  const { curatedBucket = "", auditTable = "", athenaWorkgroup = "", athenaDatabase = "" } = outputs;
  const client = { endpoint: cloud.url, region: cloud.region, credentials: cloud.operator };
  const since = new Date().toISOString();
  // Whoever comes with something of their own has not asked for the rest.
  const own = (["input", "images"] as const).filter((name) => options[name] !== undefined);
  const isAsked = (by?: "input" | "images") => own.length === 0 || (by !== undefined && own.includes(by));
  // Sellers and pictures do not wait for the shop.
  const [fed, market, pictures] = await Promise.all([
    isAsked("input") ? feed(cloud, outputs, options) : nothingFed,
    isAsked() ? marketplace(cloud, outputs, options.seed) : undefined,
    isAsked("images") ? gallery(cloud, outputs, options) : undefined,
  ]);

  const s3 = new S3Client(client);
  const result = await resultOf(cloud, s3, { curatedBucket, auditTable }, since);
  s3.destroy();
  const picture = join(cloud.directory, "forecast.svg");
  const inAthena = { workgroup: athenaWorkgroup, database: athenaDatabase };
  const analytics = isAsked("input") ? await askAthena(new AthenaClient(client), inAthena, picture) : undefined;
  const events = passedEvents(cloud.journal.entries);
  return { result, fed, market, pictures, events, analytics, ...(analytics === undefined ? {} : { picture }) };
}

async function askAthena(client: AthenaClient, names: { workgroup: string; database: string }, picture: string) {
  const asking = step("Asking Athena");
  const analytics = await analyticsOf({ client, ...names });
  client.destroy();
  if (analytics !== undefined) writePicture(analytics, picture);
  asking.done(analytics === undefined ? "nothing was sold" : "");
  return analytics;
}

type Done = Awaited<ReturnType<typeof putThrough>>;

async function report(
  cloud: Cloud,
  outputs: Record<string, string>,
  { input, images, data, exit }: Options,
  { result, fed, market, pictures, events, analytics, picture }: Done,
): Promise<void> {
  const { rawBucket = "", curatedBucket = "" } = outputs;
  if (input !== undefined || images === undefined) reportTables(result);
  const found = result.tables.reduce((total, { quarantined }) => total + quarantined, 0);
  if (fed.spoiled !== undefined && result.tables.length > 0) {
    // The minutes before a watermark are exported twice, and a bad row in them is refused twice.
    const more = found > fed.spoiled ? `, ${found - fed.spoiled} of them twice` : "";
    console.log(`The generator spoiled ${fed.spoiled} rows; quarantine holds ${found}${more}.`);
  }
  for (const example of await examples(cloud, rawBucket, curatedBucket)) reportExample(example, input === undefined);
  if (analytics !== undefined) reportAnalytics(analytics);
  if (market !== undefined) reportMarketplace(market, { stays: !exit });
  if (pictures !== undefined) reportGallery(pictures, { stays: !exit });
  reportEvents(events);
  reportProblems(cloud, result);
  reportWhereabouts(cloud, outputs, {
    stays: !exit,
    kept: data !== undefined,
    ...(picture === undefined ? {} : { picture }),
  });
}
