// bench: what this program must reach, measured. It prints a table; every ratio is between two things of the same run, because
// machines differ, and so does one machine from minute to minute.

import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import Table from "cli-table3";
import { type Evaluation, evaluate } from "../stage/evaluation/evaluate";
import { dailyCost } from "./daily-cost";
import { exporting } from "./export";
import { ingest } from "./ingest";
import type { Measurement } from "./measurement";
import { memory } from "./memory";
import { models } from "./models";
import { packages } from "./packages";
import { search } from "./search";
import { searchable } from "./searchable";
import { throughput } from "./throughput";
import { thumbnails } from "./thumbnails";

const help = `npm run bench -- [options]

  --only NAME     packages, throughput, memory, export, daily-cost, models, ingest, thumbnails, searchable or
                  search; may be given more than once
  --rows N        of the file for throughput (2000000)
  --export-rows N of the table for export (5000000)
  --feed-rows N   of the feed for ingest (200000)
  --items N       that are searched (100000, which takes a quarter of an hour)
  --memory MB     of the function whose memory is measured (512); may be given more than once
  --pandas        measure the same work in pandas as well: "python3", or $PYTHON, must have pandas and pyarrow
  --json          print JSON instead of a table
  --check         a missed goal is an error
  --help`;

const { values: options } = parseArgs({
  options: {
    only: { type: "string", multiple: true, default: [] },
    rows: { type: "string", default: "2000000" },
    "export-rows": { type: "string", default: "5000000" },
    "feed-rows": { type: "string", default: "200000" },
    items: { type: "string", default: "100000" },
    memory: { type: "string", multiple: true, default: ["512"] },
    pandas: { type: "boolean", default: false },
    json: { type: "boolean", default: false },
    check: { type: "boolean", default: false },
    help: { type: "boolean", default: false },
  },
});

async function bench(): Promise<void> {
  if (options.help) return console.log(help);
  const measured = await measure();
  console.log(options.json ? JSON.stringify(measured, undefined, 2) : table(measured));
  if (options.check && measured.some(({ met }) => met === false)) process.exitCode = 1;
}

type Part = (evaluation: Evaluation, directory: string) => Promise<Measurement[]>;

const parts: Readonly<Record<string, Part>> = {
  packages,
  throughput: (evaluation, directory) => {
    const pandas = options.pandas ? { pandas: process.env.PYTHON ?? "python3" } : {};
    return throughput(evaluation, directory, { rows: positive("rows", options.rows), ...pandas });
  },
  memory: async (evaluation, directory) => {
    const measured: Measurement[] = [];
    for (const megabytes of options.memory) {
      measured.push(await memory(evaluation, directory, positive("memory", megabytes)));
    }
    return measured;
  },
  export: (evaluation) => exporting(evaluation, { rows: positive("export-rows", options["export-rows"]) }),
  "daily-cost": (_, directory) => dailyCost(directory),
  models: async () => models(),
  ingest: (evaluation, directory) => ingest(evaluation, directory, positive("feed-rows", options["feed-rows"])),
  thumbnails: (_, directory) => thumbnails(directory),
  searchable: (evaluation) => searchable(evaluation),
  search: (_, directory) => search(directory, positive("items", options.items)),
};

async function measure(): Promise<Measurement[]> {
  const names = options.only.length === 0 ? Object.keys(parts) : options.only;
  const unknown = names.find((name) => parts[name] === undefined);
  if (unknown !== undefined)
    throw new Error(`Cannot measure "${unknown}": it is none of ${Object.keys(parts).join(", ")}`);
  const directory = await mkdtemp(join(tmpdir(), "tributary-bench-"));
  try {
    const evaluation = await evaluate({ stack: "dev", program: async () => require("../index"), packages: "kept" });
    const measured: Measurement[] = [];
    for (const name of names) measured.push(...((await parts[name]?.(evaluation, directory)) ?? []));
    return measured;
  } finally {
    await rm(directory, { recursive: true });
  }
}

function positive(name: string, text: string): number {
  const number = Number(text);
  if (Number.isInteger(number) && number > 0) return number;
  throw new Error(`Cannot take --${name} "${text}": it must be a whole number greater than 0`);
}

function table(measured: readonly Measurement[]): string {
  const lines = new Table({
    head: ["what", "measured", "baseline", "ratio", "goal", "met?", ""],
    colWidths: [38, null, null, null, null, null, 40],
    wordWrap: true,
    style: { head: [], border: [] },
  });
  for (const { what, measured: value, unit, baseline, ratio, goal, met, note } of measured) {
    const amount = (number: number) => `${Math.round(number).toLocaleString("en")} ${unit}`;
    lines.push([
      what,
      amount(value),
      baseline === undefined ? "" : amount(baseline),
      ratio === undefined ? "" : ratio.toFixed(2),
      goal ?? "",
      met === undefined ? "" : met ? "yes" : "no",
      note ?? "",
    ]);
  }
  return lines.toString();
}

bench().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
