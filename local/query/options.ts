// options: the words after `npm run query --`.

import { parseArgs } from "node:util";
import { usageError } from "../start/options";

export interface Options {
  /** The text, or `-` for what comes on stdin. */
  readonly query?: string;
  readonly file?: string;
  /** A named query; the empty name asks for the list of them. */
  readonly named?: string;
  readonly stack?: string;
  readonly data?: string;
  readonly format: "table" | "csv" | "json";
  /** Rows of the table that are printed; of the other formats, where it is given. */
  readonly limit?: number;
}

export const help = `
npm run query -- "select ..."       asks the Athena of the running \`npm start\`; - reads the query from stdin

  --file FILE        the query is in FILE
  --named [NAME]     runs the query of that name; without NAME, lists those that there are
  --stack NAME       asks the Athena of a deployed stack instead (\`pulumi stack output\`, AWS credentials as any SDK has them)
  --data DIR         of several running starts, the one on this data directory
  --csv              all rows as CSV: NULL is nothing, an empty text is ""
  --json             all rows as one JSON array of objects; whole numbers and decimals with all their digits,
                     NaN and the infinities as text
  --limit N          prints N rows (200 of a table, all of the others)
  --help             this text

stdout holds the answer; rows, bytes scanned and time go to stderr. Ctrl-C cancels the query.
exit code: 0 answered, 1 the query failed, 2 the options are wrong or nothing is running, 130 cancelled
`;

/** Gives nothing where help was asked for; throws a usage error at what it does not know. */
export function readOptions(words: readonly string[]): Options | undefined {
  const { values, positionals } = parsed(words);
  if (values.help) return undefined;
  const { file, named, stack, data, csv, json, limit } = values;
  const [query, another] = positionals;
  if (another !== undefined) throw usageError("Cannot take more than one query: put it in quotes, as one word.");
  const sources = [query, file, named].filter((source) => source !== undefined);
  if (sources.length === 0)
    throw usageError('What is the query? npm run query -- "select ..." (--help lists the options)');
  if (sources.length > 1) throw usageError("Cannot take a query, --file and --named at once: one of them is enough.");
  if (csv && json) throw usageError("Cannot print --csv and --json at once.");
  if (stack !== undefined && data !== undefined) throw usageError("Cannot ask --stack and --data at once.");
  return {
    format: csv ? "csv" : json ? "json" : "table",
    ...(query === undefined ? {} : { query }),
    ...(file === undefined ? {} : { file }),
    ...(named === undefined ? {} : { named }),
    ...(stack === undefined ? {} : { stack }),
    ...(data === undefined ? {} : { data }),
    ...(limit === undefined ? {} : { limit: whole(limit) }),
  };
}

function parsed(words: readonly string[]) {
  const text = { type: "string" } as const;
  const flag = { type: "boolean", default: false } as const;
  // --named alone asks for the list.
  const args = words.flatMap((word, index) => {
    const next = words[index + 1];
    return word === "--named" && (next === undefined || next.startsWith("--")) ? "--named=" : word;
  });
  try {
    return parseArgs({
      args,
      allowPositionals: true,
      options: { file: text, named: text, stack: text, data: text, limit: text, csv: flag, json: flag, help: flag },
    });
  } catch (error) {
    throw usageError(`Cannot read the options: ${(error as Error).message} (npm run query -- --help lists them)`);
  }
}

function whole(value: string): number {
  if (/^\d{1,9}$/.test(value) && Number(value) >= 1) return Number(value);
  throw usageError(`Cannot take --limit "${value}": it must be a whole number from 1.`);
}
