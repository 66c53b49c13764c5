// bench: what this program must reach, measured. It prints a table; every ratio is between two things of the same run, because
// machines differ, and so does one machine from minute to minute.

import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import Table from "cli-table3";
import { evaluate } from "../stage/evaluation/evaluate";
import type { Measurement } from "./measurement";
import { memory } from "./memory";
import { packages } from "./packages";
import { throughput } from "./throughput";

const help = `npm run bench -- [options]

  --only NAME     throughput, memory or packages; may be given more than once
  --rows N        of the file for throughput (2000000)
  --memory MB     of the function whose memory is measured (512); may be given more than once
  --pandas        measure the same work in pandas as well: "python3", or $PYTHON, must have pandas and pyarrow
  --json          print JSON instead of a table
  --check         a missed goal is an error
  --help`;

const { values: options } = parseArgs({
  options: {
    only: { type: "string", multiple: true, default: ["throughput", "memory", "packages"] },
    rows: { type: "string", default: "2000000" },
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

async function measure(): Promise<Measurement[]> {
  const unknown = options.only.find((name) => !["throughput", "memory", "packages"].includes(name));
  if (unknown !== undefined) throw new Error(`Cannot measure "${unknown}": it is none of throughput, memory, packages`);
  const directory = await mkdtemp(join(tmpdir(), "tributary-bench-"));
  try {
    const evaluation = await evaluate({ stack: "dev", program: async () => require("../index") });
    const measured: Measurement[] = [];
    if (options.only.includes("packages")) measured.push(...(await packages(evaluation, directory)));
    if (options.only.includes("throughput")) {
      const pandas = options.pandas ? { pandas: process.env.PYTHON ?? "python3" } : {};
      measured.push(...(await throughput(evaluation, directory, { rows: positive("rows", options.rows), ...pandas })));
    }
    if (options.only.includes("memory")) {
      for (const memoryMb of options.memory)
        measured.push(await memory(evaluation, directory, positive("memory", memoryMb)));
    }
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
