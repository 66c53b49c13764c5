// options: the words after `npm run redrive --`.

import { parseArgs } from "node:util";
import { usageError } from "../start/options";

export interface Options {
  readonly command: "list" | "show" | "redrive" | "drop";
  /** Ids of letters, or how they begin. */
  readonly ids: readonly string[];
  readonly all: boolean;
  /** A dead-letter queue, or the stage that it is of. */
  readonly queue?: string;
  readonly stack?: string;
  readonly data?: string;
  /** For how long to wait for what becomes of redriven letters, in seconds. */
  readonly wait?: number;
  readonly yes: boolean;
  readonly json: boolean;
}

export const help = `
npm run redrive -- [command]        the dead letters of the running \`npm start\`: what failed for good, and why

  list               every dead-letter queue and its letters (what it does without a command)
  show ID            one letter with all its attributes and its whole body
  redrive ID...      sends letters back to where they came from, and waits for what becomes of them
  redrive --all      all letters, or those of --queue
  drop ID... --yes   deletes letters for good

  --queue NAME       only the letters of this dead-letter queue, or of this stage
  --wait SECONDS     how long redrive waits (60; 180 on AWS, where a queue tells its counts late)
  --stack NAME       the letters of a deployed stack instead (\`pulumi stack output\`, AWS credentials as any SDK has them)
  --data DIR         of several running starts, the one on this data directory
  --json             JSON on stdout
  --help             this text

ID is the id of a letter or how it begins, as list shows it. A letter leaves its queue only after it was taken back where it
came from. Letters with the same body are one event that came twice: they are sent back as one.
exit code: 0 done, and every redriven letter is through; 1 one came back, is still on its way, or failed;
           2 the options are wrong or nothing is running
`;

/** Gives nothing where help was asked for; throws a usage error at what it does not know. */
export function readOptions(words: readonly string[]): Options | undefined {
  const { values, positionals } = parsed(words);
  if (values.help) return undefined;
  const { all, queue, stack, data, wait, yes, json } = values;
  const [command = "list", ...ids] = positionals;
  if (!isCommand(command)) throw usageError(`Cannot ${command}: list, show, redrive and drop are what there is.`);
  if (command === "list" && ids.length > 0) throw usageError(`Cannot list "${ids[0]}": show ID shows one letter.`);
  if (command === "show" && ids.length !== 1) throw usageError("Which letter is to be shown? show ID");
  if (all && (command !== "redrive" || ids.length > 0))
    throw usageError("Cannot take --all but for redrive without ids.");
  if (command === "redrive" && ids.length === 0 && !all)
    throw usageError("Which letters? redrive ID... or redrive --all");
  if (command === "drop" && ids.length === 0) throw usageError("Which letters? drop ID... --yes");
  const short = ids.find((id) => !/^[\da-f-]{4,36}$/.test(id));
  if (short !== undefined) throw usageError(`Cannot find "${short}": an id has hex digits, and four of them at least.`);
  if (stack !== undefined && data !== undefined) throw usageError("Cannot ask --stack and --data at once.");
  return {
    command,
    ids,
    all,
    yes,
    json,
    ...(queue === undefined ? {} : { queue }),
    ...(stack === undefined ? {} : { stack }),
    ...(data === undefined ? {} : { data }),
    ...(wait === undefined ? {} : { wait: seconds(wait) }),
  };
}

const isCommand = (word: string): word is Options["command"] => ["list", "show", "redrive", "drop"].includes(word);

function parsed(words: readonly string[]) {
  const text = { type: "string" } as const;
  const flag = { type: "boolean", default: false } as const;
  try {
    return parseArgs({
      args: [...words],
      allowPositionals: true,
      options: { queue: text, wait: text, stack: text, data: text, all: flag, yes: flag, json: flag, help: flag },
    });
  } catch (error) {
    throw usageError(`Cannot read the options: ${(error as Error).message} (npm run redrive -- --help lists them)`);
  }
}

function seconds(value: string): number {
  if (/^\d{1,5}$/.test(value)) return Number(value);
  throw usageError(`Cannot take --wait "${value}": it must be a whole number of seconds.`);
}
