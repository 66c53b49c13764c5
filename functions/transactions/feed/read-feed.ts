// read-feed: a seller's feed, from bytes to rows that keep the rules of schemas/feed.ts, and rows that do not, with
// place and reason.
//
//   bytes ──> gzip? ──> UTF-8 ──> CSV, JSON array or NDJSON ──> rows ──> batches
//
// What a feed is, is found by what it holds and not by its name. It is read as a stream, a few records at a time. A
// feed that cannot be read as a whole throws a BadFeed, wherever that shows; what was given before it is of no worth
// then.

import { type GenericSchema, safeParse } from "valibot";
import { type FeedRow, type FeedValues, feedRow } from "../../../schemas/feed";
import type { Seller } from "../../../schemas/seller";
import { badFeed, isBadFeed } from "./bad-feed";
import { csvRows } from "./csv-rows";
import { inflate } from "./inflate";
import { jsonArrayRows } from "./json-array-rows";
import { textOf } from "./json-row";
import { limits } from "./limits";
import { lookAhead } from "./look-ahead";
import { ndjsonRows } from "./ndjson-rows";
import { type Problem, problem, type SourceRow } from "./source-row";
import { utf8 } from "./utf8";

export { type BadFeed, isBadFeed } from "./bad-feed";

/** All texts, exact, ready for PostgreSQL. */
export interface Transaction {
  /** 1 is the first row of data. */
  readonly row: number;
  readonly transactionId: string;
  /** ISO 8601 in UTC. */
  readonly occurredAt: string;
  readonly productId: string;
  readonly productName: string;
  readonly category: string;
  readonly currency: string;
  readonly quantity: string;
  readonly unitPrice: string;
  readonly discount: string;
  readonly inventoryLevel: string | null;
}

export interface RejectedRow {
  readonly row: number;
  /** Of the file, where it has rows in lines: CSV and NDJSON. */
  readonly line?: number;
  readonly problems: readonly Problem[];
  /** As it came, by the feed's own names. */
  readonly source: Readonly<Record<string, string>>;
}

export interface Batch {
  readonly rowsIn: number;
  readonly accepted: readonly Transaction[];
  readonly rejected: readonly RejectedRow[];
}

export interface AboutFeed {
  readonly fileName: string;
  readonly seller: Seller;
  /** Transactions happen until tomorrow. */
  readonly now?: Date;
}

const batchRows = 5_000;

/** In characters of rejected rows, each of which may be as long as a record. */
const batchText = 4 * 1_024 * 1_024;

export async function* readFeed(
  bytes: AsyncIterable<Uint8Array>,
  { fileName, seller, now = new Date() }: AboutFeed,
): AsyncGenerator<Batch> {
  try {
    yield* batches(rowsOf(bytes), feedRow(seller, now));
  } catch (error) {
    throw isBadFeed(error) ? badFeed(error.code, `Cannot read feed "${fileName}": ${error.message}`, error) : error;
  }
}

async function* rowsOf(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<SourceRow[]> {
  const { head, whole, all, end } = await lookAhead(utf8(inflate(bytes)), limits.header);
  try {
    const [first] = /\S/.exec(head.toString()) ?? [];
    if (first === undefined) {
      throw whole ? badFeed("Empty", "it is empty") : badFeed("Empty", `its first ${limits.header} bytes are blank`);
    }
    yield* first === "[" ? jsonArrayRows(all) : first === "{" ? ndjsonRows(all) : csvRows(all);
  } finally {
    await end();
  }
}

async function* batches(
  pieces: AsyncIterable<readonly SourceRow[]>,
  schema: GenericSchema<FeedRow, FeedValues>,
): AsyncGenerator<Batch> {
  let row = 0;
  let accepted: Transaction[] = [];
  let rejected: RejectedRow[] = [];
  let text = 0;
  for await (const piece of pieces) {
    for (const source of piece) {
      row++;
      const read = readRow(source, row, schema);
      if ("problems" in read) {
        rejected.push(read);
        for (const each of Object.values(read.source)) text += each.length;
      } else accepted.push(read);
      const rowsIn = accepted.length + rejected.length;
      if (rowsIn < batchRows && text < batchText) continue;
      yield { rowsIn, accepted, rejected };
      accepted = [];
      rejected = [];
      text = 0;
    }
  }
  const rowsIn = accepted.length + rejected.length;
  if (rowsIn > 0) yield { rowsIn, accepted, rejected };
}

function readRow(
  source: SourceRow,
  row: number,
  schema: GenericSchema<FeedRow, FeedValues>,
): Transaction | RejectedRow {
  const { values, problems } = source;
  // Nothing is known of its values, or they stand in the wrong columns.
  if (problems.some(({ field }) => field === "row")) return rejectedRow(source, row, problems);
  const { success, output, issues } = safeParse(schema, values);
  if (!success) {
    const wrong = issues.map(({ path, message }) => {
      const field = String(path?.[0]?.key ?? "row");
      return problem(field, message, textOf(values[field as keyof FeedRow]));
    });
    return rejectedRow(source, row, [...problems, ...wrong]);
  }
  if (problems.length > 0) return rejectedRow(source, row, problems);
  return {
    row,
    transactionId: output.transaction_id,
    occurredAt: output.occurred_at,
    productId: output.product_id,
    productName: output.product_name,
    category: output.category,
    currency: output.currency,
    quantity: output.quantity,
    unitPrice: output.unit_price,
    discount: output.discount,
    inventoryLevel: output.inventory_level,
  };
}

const rejectedRow = ({ line, source }: SourceRow, row: number, problems: readonly Problem[]): RejectedRow => ({
  row,
  ...(line === undefined ? {} : { line }),
  problems,
  source: source(),
});
