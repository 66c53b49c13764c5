// csv-rows: the rows of a CSV (RFC 4180, in any of the dialects of csv-dialect.ts), piece by piece. A row with too many
// or too few cells is a row with a problem; blank lines are none.

import { parse } from "csv-parse";
import type { FeedColumn } from "../../../schemas/feed";
import { badFeed } from "./bad-feed";
import { csvOptions, type Dialect, findDialect } from "./csv-dialect";
import { withoutPrefix } from "./formula-prefix";
import { limits } from "./limits";
import { lookAhead } from "./look-ahead";
import { isErrorColumn, isFeedColumn, noValues, type Problem, problem, type SourceRow, tooLong } from "./source-row";

export async function* csvRows(text: AsyncIterable<Buffer>): AsyncGenerator<SourceRow[]> {
  const { head, whole, all, end } = await lookAhead(text, limits.header);
  try {
    yield* recordsOf(all, await findDialect(head, whole));
  } finally {
    await end();
  }
}

async function* recordsOf(text: AsyncIterable<Buffer>, dialect: Dialect): AsyncGenerator<SourceRow[]> {
  const rowOf = rowReader(dialect);
  let rows: SourceRow[] = [];
  let headerSeen = false;
  // Of the last record: the line in which it ended, and what csv-parse had counted then.
  let lastLine = 0;
  let linesSeen = 0;
  let blanksSeen = 0;
  let recordFrom = 0;
  let read = 0;
  let failed: Error | undefined;

  const parser = parse({
    ...csvOptions(dialect),
    skip_empty_lines: true,
    on_record: (cells: string[], { lines, bytes, empty_lines }) => {
      const line = lastLine + empty_lines - blanksSeen + 1;
      if (bytes - recordFrom > limits.record) failed ??= tooLongFrom(line);
      const breaks = lines - linesSeen;
      // csv-parse counts a CRLF inside of quotes as two.
      lastLine += breaks > 1 ? breaks - count(cells, "\r\n") : breaks;
      linesSeen = lines;
      blanksSeen = empty_lines;
      recordFrom = bytes;
      if (isBlank(cells)) return null;
      if (headerSeen) rows.push(rowOf(cells, line));
      headerSeen = true;
      return null;
    },
  });
  const blanks = () => parser.info.empty_lines - blanksSeen;
  parser.on("error", () => undefined);
  const closed = new Promise<Error | null>((resolve) => {
    parser.once("close", () => resolve(parser.errored));
  });
  try {
    for await (const chunk of text) {
      for (let at = 0; at < chunk.length; at += limits.piece) {
        const piece = chunk.subarray(at, at + limits.piece);
        await new Promise<void>((resolve, reject) =>
          parser.write(piece, (error) => (error ? reject(error) : resolve())),
        );
        read += piece.length;
        if (read - recordFrom > limits.record) {
          const line = lastLine + blanks() + 1;
          // A line end that ends no row stands in quotes.
          const quoted = recordFrom <= read - piece.length && piece.includes(10) && blanks() === 0;
          failed ??= quoted ? unclosed(line) : tooLongFrom(line);
        }
        if (failed !== undefined) throw failed;
        if (rows.length > 0) yield rows;
        rows = [];
      }
    }
    parser.end();
    parser.resume();
    const error = await closed;
    if ((error as { code?: string } | null)?.code === "CSV_QUOTE_NOT_CLOSED") {
      throw unclosed(lastLine + blanks() + 1, error);
    }
    if (failed ?? error) throw failed ?? error;
    if (rows.length > 0) yield rows;
  } finally {
    parser.destroy();
  }
}

const tooLongFrom = (line: number) =>
  badFeed("RecordTooLong", `the row of line ${line} has more than ${limits.record} bytes`);

const unclosed = (line: number, cause?: unknown) =>
  badFeed("UnclosedQuote", `the row of line ${line} opens a quote that is not closed`, cause);

const count = (cells: readonly string[], text: string): number =>
  cells.reduce((sum, cell) => sum + cell.split(text).length - 1, 0);

const isBlank = (cells: readonly string[]): boolean =>
  (cells[0] ?? "").trim() === "" && cells.every((cell) => cell.trim() === "");

function rowReader({ header, columns }: Dialect) {
  const rejected = columns.includes("error_row");
  const names = header.map((name, index) => (name === "" ? `(column ${index + 1})` : name));
  const own = names.map((name) => !(rejected && isErrorColumn(name)));
  /** The others have limits of their own. */
  const other = columns.flatMap((name, index) => (own[index] === true && !isFeedColumn(name) ? [index] : []));
  const at = (column: FeedColumn) => columns.indexOf(column);
  const places = Object.fromEntries(Object.keys(noValues).map((name) => [name, at(name as FeedColumn)])) as Record<
    FeedColumn,
    number
  >;

  return (raw: readonly string[], line: number): SourceRow => {
    const cells = rejected ? raw.map(withoutPrefix) : raw;
    const values = {
      transaction_id: cells[places.transaction_id] ?? "",
      occurred_at: cells[places.occurred_at] ?? "",
      product_id: cells[places.product_id] ?? "",
      product_name: cells[places.product_name] ?? "",
      category: cells[places.category] ?? "",
      quantity: cells[places.quantity] ?? "",
      unit_price: cells[places.unit_price] ?? "",
      discount: cells[places.discount] ?? "",
      currency: cells[places.currency] ?? "",
      inventory_level: cells[places.inventory_level] ?? "",
      seller_id: cells[places.seller_id] ?? "",
    };
    return { line, values, problems: problemsOf(cells), source: () => sourceOf(names, own, cells) };
  };

  function problemsOf(cells: readonly string[]): readonly Problem[] {
    if (cells.length !== names.length) {
      const than = cells.length < names.length ? "fewer" : "more";
      const reason = `has ${than} cells than the header: ${cells.length} and not ${names.length}`;
      return [problem("row", reason, cells.join(" | "))];
    }
    return other.flatMap((index) => {
      const cell = cells[index] ?? "";
      return cell.length > limits.characters ? [tooLong(names[index] ?? "", cell)] : [];
    });
  }
}

/** What has no column is kept under a name that is no column of a feed. */
function sourceOf(names: readonly string[], own: readonly boolean[], cells: readonly string[]): Record<string, string> {
  const named = names.flatMap((name, index) => (own[index] === true ? [[name, cells[index] ?? ""] as const] : []));
  const more = cells.slice(names.length);
  const extra = more.length === 0 ? [] : [["error_cells", JSON.stringify(more)] as const];
  return Object.fromEntries([...named, ...extra]);
}
