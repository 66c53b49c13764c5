// feed-samples: feeds for tests, and what is read of them.

import { Readable } from "node:stream";
import { ownColumns } from "../../../schemas/feed";
import { type BadFeed, isBadFeed, type RejectedRow, readFeed, type Transaction } from "./read-feed";

export const now = new Date("2026-03-10T12:00:00Z");

/** A good row. */
export const sample = (values: Readonly<Record<string, string>> = {}): Record<string, string> => ({
  transaction_id: "T-1",
  occurred_at: "2026-03-01T10:00:00Z",
  product_id: "P-1",
  product_name: "Tea",
  category: "Drinks",
  quantity: "3",
  unit_price: "12.50",
  discount: "0.50",
  currency: "EUR",
  inventory_level: "100",
  ...values,
});

/** Of these cells, none of which needs quotes. */
export function csv(...rows: readonly Readonly<Record<string, string>>[]): string {
  const records = rows.map((row) => ownColumns.map((column) => row[column] ?? ""));
  return `${[ownColumns, ...records].map((cells) => cells.join(",")).join("\n")}\n`;
}

export interface Read {
  readonly accepted: readonly Transaction[];
  readonly rejected: readonly RejectedRow[];
}

export async function read(feed: string | Uint8Array | Iterable<Uint8Array>): Promise<Read> {
  const whole = typeof feed === "string" ? [Buffer.from(feed)] : feed instanceof Uint8Array ? [feed] : feed;
  const accepted: Transaction[] = [];
  const rejected: RejectedRow[] = [];
  const bytes = Readable.from(whole, { objectMode: false });
  for await (const batch of readFeed(bytes, { fileName: "feed.csv", seller: "acme", now })) {
    accepted.push(...batch.accepted);
    rejected.push(...batch.rejected);
  }
  return { accepted, rejected };
}

/** The problems of the rows, as `row field reason`. */
export const told = ({ rejected }: Read): string[] =>
  rejected.flatMap(({ row, problems }) => problems.map(({ field, reason }) => `${row} ${field} ${reason}`));

/** Why it cannot be read as a whole. */
export async function refusal(feed: Parameters<typeof read>[0]): Promise<BadFeed> {
  const error = await read(feed).then(
    ({ accepted, rejected }) => new Error(`${accepted.length} rows accepted and ${rejected.length} rejected`),
    (thrown: unknown) => thrown,
  );
  if (!isBadFeed(error)) throw error;
  return error;
}
