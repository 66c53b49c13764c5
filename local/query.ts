// query: asks Athena - that of the running start, or that of a deployed stack - and prints the answer.

import { readFileSync } from "node:fs";
import { text } from "node:stream/consumers";
import { type Asked, askAthena } from "./query/ask";
import { failureText } from "./query/failure";
import { namedQuery, printNamedQueries } from "./query/named";
import { help, type Options, readOptions } from "./query/options";
import { printAnswer } from "./query/print";
import { type Target, targetOf } from "./query/target";
import { usageError } from "./start/options";
import { styled } from "./start/styled";

main().then(
  (code) => process.exit(code),
  (error: Error) => {
    const usage = error.name === "UsageError";
    process.stderr.write(
      `${styled("red", "✖", process.stderr)} ${usage ? error.message : (error.stack ?? error.message)}\n`,
    );
    process.exit(usage ? 2 : 1);
  },
);

async function main(): Promise<number> {
  // Somebody who has seen enough (`| head`) is no failure.
  process.stdout.on("error", (error: NodeJS.ErrnoException) => process.exit(error.code === "EPIPE" ? 0 : 1));
  const options = readOptions(process.argv.slice(2));
  if (options === undefined) {
    console.log(help.trim());
    return 0;
  }
  const target = await targetOf(options);
  try {
    if (options.named === "") {
      await printNamedQueries(target);
      return 0;
    }
    return await answer(await queryText(options, target), options, target);
  } finally {
    target.athena.destroy();
  }
}

async function answer(sql: string, options: Options, target: Target): Promise<number> {
  const asked = await askAthena(sql, target);
  if (asked.state === "CANCELLED" && asked.byUser) {
    process.stderr.write("\nCancelled.\n");
    return 130;
  }
  if (asked.state !== "SUCCEEDED") {
    process.stderr.write(`${styled("red", "✖", process.stderr)} ${failureText(asked.reason, sql)}\n`);
    return 1;
  }
  const printed = await printAnswer(asked, options, target);
  process.stderr.write(`${styled("dim", summary(asked, printed), process.stderr)}\n`);
  return 0;
}

function summary({ bytes, ms }: Asked, { rows, more }: { readonly rows: number; readonly more: boolean }): string {
  const count = new Intl.NumberFormat("en");
  const shown = more
    ? `the first ${count.format(rows)} rows (--limit N shows more, --csv and --json all)`
    : `${count.format(rows)} ${rows === 1 ? "row" : "rows"}`;
  return `${shown}, ${count.format(bytes)} bytes scanned, ${(ms / 1_000).toFixed(2)} s`;
}

async function queryText({ query, file, named }: Options, target: Target): Promise<string> {
  if (named !== undefined) return namedQuery(named, target);
  if (file !== undefined) return readQuery(file);
  return query === "-" ? text(process.stdin) : (query ?? "");
}

function readQuery(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    throw usageError(`Cannot read the query from "${file}": ${(error as Error).message}`);
  }
}
