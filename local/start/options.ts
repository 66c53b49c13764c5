// options: the words after `npm start --`.

import { statSync } from "node:fs";
import { parseArgs } from "node:util";

export interface Options {
  /** The user's own Parquet files instead of the sample shop. */
  readonly input?: string;
  /** The user's own pictures instead of the drawn ones. */
  readonly images?: string;
  readonly data?: string;
  readonly port?: number;
  readonly exit: boolean;
  readonly json: boolean;
  readonly customers: number;
  readonly seed: number;
}

export const help = `
npm start -- [options]        deploys the program to the embedded AWS and puts files through it

  --input DIR        your own Parquet files instead of the sample shop: DIR/{table}/*.parquet
                     (tables and columns: schemas/tables.ts; every other file is put into quarantine)
  --images DIR       your own pictures instead of everything else: the .jpg, .jpeg and .png in DIR and below it;
                     with --input, both
  --data DIR         keeps the state in DIR, and goes on with what is there
  --port N           the port on 127.0.0.1, and the next one for the HTTP API; free ones otherwise
  --exit             stops when the pipelines are idle, instead of running on until Ctrl-C
  --json             prints the result as JSON on stdout
  --customers N      size of the sample shop (4000)
  --seed N           another shop of the same kind (1)
  --help             this text

exit code: 0 all went through, 1 something failed or waits as a dead letter, 2 the options are wrong,
           130 stopped by Ctrl-C before everything was through
`;

/** A fault of whoever typed the command: told in a sentence, without a stack trace. */
export const usageError = (message: string): Error => Object.assign(new Error(message), { name: "UsageError" });

/** Gives nothing where help was asked for; throws a usage error at what it does not know. */
export function readOptions(words: readonly string[]): Options | undefined {
  const { help: asked, input, images, data, port, exit, json, customers, seed } = parsed(words);
  if (asked) return undefined;
  for (const [name, directory] of Object.entries({ input, images })) {
    if (directory !== undefined && !statSync(directory, { throwIfNoEntry: false })?.isDirectory()) {
      throw usageError(`Cannot take --${name} "${directory}": it is no directory.`);
    }
  }
  return {
    exit,
    json,
    customers: whole("customers", customers, 1, 1_000_000),
    seed: whole("seed", seed, 0, 2 ** 32 - 1),
    ...(input === undefined ? {} : { input }),
    ...(images === undefined ? {} : { images }),
    ...(data === undefined ? {} : { data }),
    ...(port === undefined ? {} : { port: whole("port", port, 1, 65_534) }),
  };
}

function parsed(words: readonly string[]) {
  const text = { type: "string" } as const;
  const flag = { type: "boolean", default: false } as const;
  try {
    return parseArgs({
      args: [...words],
      options: {
        input: text,
        images: text,
        data: text,
        port: text,
        exit: flag,
        json: flag,
        customers: { ...text, default: "4000" },
        seed: { ...text, default: "1" },
        help: flag,
      },
    }).values;
  } catch (error) {
    throw usageError(`Cannot read the options: ${(error as Error).message} (npm start -- --help lists them)`);
  }
}

function whole(name: string, value: string, least: number, most: number): number {
  const number = Number(value);
  if (/^\d+$/.test(value) && number >= least && number <= most) return number;
  throw usageError(`Cannot take --${name} "${value}": it must be a whole number from ${least} to ${most}.`);
}
