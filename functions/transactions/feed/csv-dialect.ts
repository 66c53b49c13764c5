// csv-dialect: how a CSV is written, found by its header: of all delimiters and quotes those are right with which the
// header holds the columns that every feed has. With any other pair it does not, so nothing is guessed.
//
// A header without quotes fits both of them. Then the first cell in quotes tells, among the bytes that are looked at.

import { parse } from "csv-parse";
import { columnName } from "../../../schemas/feed";
import { badFeed } from "./bad-feed";
import { limits } from "./limits";
import { missingColumns } from "./source-row";

export interface Dialect {
  readonly delimiter: string;
  readonly quote: string;
  /** As they came, without blanks around them. */
  readonly header: readonly string[];
  /** As feeds call them, in the same order. */
  readonly columns: readonly string[];
}

const delimiters = [",", ";", "\t", "|"];
const quotes = ['"', "'"];

/** What a CSV is read with, whoever reads it. */
export const csvOptions = ({ delimiter, quote }: { readonly delimiter: string; readonly quote: string }) => ({
  delimiter,
  quote,
  escape: quote,
  // As they come, also in one file.
  record_delimiter: ["\r\n", "\n", "\r"],
  // A row with another number of cells is rejected alone; so are, by their values, those with a quote in the wrong
  // place.
  relax_column_count: true,
  relax_quotes: true,
});

/** Of the first bytes of a feed, `whole` where there are no more. */
export async function findDialect(head: Buffer, whole: boolean): Promise<Dialect> {
  const text = head.toString().replace(/^(?:[ \t]*[\r\n])+/, "");
  const read: Dialect[] = [];
  for (const quote of quotes) {
    for (const delimiter of delimiters) {
      const cells = await firstRecord(text, whole, { delimiter, quote });
      if (cells === undefined) continue;
      const header = cells.map((cell) => cell.trim());
      const dialect = { delimiter, quote, header, columns: header.map(columnName) };
      if (missingColumns(dialect.columns).length === 0) return withQuote(checked(dialect), text);
      read.push(dialect);
    }
  }
  throw noHeader(read, text);
}

/** Nothing where it does not end, or has far more cells than a feed. */
async function firstRecord(
  text: string,
  whole: boolean,
  dialect: { readonly delimiter: string; readonly quote: string },
): Promise<string[] | undefined> {
  const { delimiter, quote } = dialect;
  const [line = ""] = text.split(/[\r\n]/, 1);
  const bare = line.replaceAll(new RegExp(`${quote}[^${quote}]*${quote}`, "g"), "");
  if (cellsOf(bare, delimiter) > limits.columns + 1) throw tooManyColumns();
  let first: string[] | undefined;
  const parser = parse({
    ...csvOptions(dialect),
    to: 1,
    on_record: (record: string[]) => {
      first = record;
      return null;
    },
  });
  const closed = new Promise<void>((resolve) => parser.once("close", resolve).once("error", () => resolve()));
  await new Promise<unknown>((resolve) => parser.write(text, resolve));
  if (first === undefined && whole) {
    parser.end();
    parser.resume();
    await closed;
  }
  parser.destroy();
  return first;
}

const cellsOf = (line: string, delimiter: string): number => line.split(delimiter, limits.columns + 2).length;

const tooManyColumns = () => badFeed("TooManyColumns", `its first line has more than ${limits.columns} columns`);

function checked(dialect: Dialect): Dialect {
  const { header, columns } = dialect;
  if (columns.length > limits.columns) throw tooManyColumns();
  const twice = columns.findIndex((name, index) => name !== "" && columns.indexOf(name) !== index);
  if (twice === -1) return dialect;
  const [one, other] = [header[columns.indexOf(columns[twice] ?? "")], header[twice]];
  throw badFeed("DuplicateColumn", `its header has a column twice: "${one}" and "${other}" are the same`);
}

function withQuote(dialect: Dialect, text: string): Dialect {
  const { delimiter, columns } = dialect;
  // The header was read with ", and has none: as those that we write, whose cells may begin with '.
  if (dialect.quote !== '"' || columns.includes("error_row")) return dialect;
  const cell = `(?<=^|[\\r\\n${delimiter}])`;
  const end = `(?=$|[\\r\\n${delimiter}])`;
  const quoted = new RegExp(`${cell}(?:"|'(?:[^'\\r\\n]|'')*'${end})`).exec(text);
  return quoted?.[0].startsWith("'") ? { ...dialect, quote: "'" } : dialect;
}

/** Told by the reading that finds most of the columns. */
function noHeader(read: readonly Dialect[], text: string) {
  const [line = ""] = text.split(/[\r\n]/, 1);
  const shown = line.length > 200 ? `${line.slice(0, 200)}...` : line;
  const [best] = read.toSorted((one, other) => rank(one) - rank(other));
  if (best === undefined) {
    return badFeed("RecordTooLong", `its header does not end within ${limits.header} bytes: it begins with "${shown}"`);
  }
  const missing = missingColumns(best.columns).join(", ");
  return badFeed("NoHeader", `its header has no ${missing}: its first line is "${shown}"`);
}

const rank = ({ columns }: Dialect): number => missingColumns(columns).length * limits.columns - columns.length;
