// load-feed: a feed into the database, in one transaction: all of its good rows with their totals and the record of the
// upload, or nothing. A seller's feeds come one after another; those of different sellers do not wait for each other.

import type { Readable } from "node:stream";
import type { Sql } from "postgres";
import type { Seller } from "../../../schemas/seller";
import { asSellers } from "../as-sellers";
import { readFeed } from "../feed/read-feed";
import type { FeedObject } from "./feed-object";
import { readAhead } from "./read-ahead";
import type { RejectedFile } from "./rejected-file";
import { findUpload, insertUpload, type Upload, uploadOf } from "./upload-row";
import { applyChange, beginChange, writeTransactions } from "./write-transactions";

export interface Load {
  readonly sql: Sql;
  readonly seller: Seller;
  readonly feed: FeedObject;
  /** Asked for when the feed's turn has come. */
  readonly open: () => Promise<Readable>;
  readonly rejected: RejectedFile;
  /** Called with what came of it before that is for good: what the record of the upload speaks of is there by then. */
  readonly keep: (upload: Upload) => Promise<void>;
}

/** Gives what came of it, now or at an earlier try. Throws a BadFeed where it cannot be read, and leaves nothing of it. */
export const loadFeed = ({ sql, seller, feed, open, rejected, keep }: Load): Promise<Upload> =>
  asSellers(sql, [seller], async (transaction) => {
    await transaction`select pg_advisory_xact_lock(hashtext('transactions'), hashtext(${seller}))`;
    const known = await findUpload(transaction, seller, feed);
    if (known !== undefined) return known;

    let rowsIn = 0;
    let rowsAccepted = 0;
    await beginChange(transaction);
    const bytes = await open();
    try {
      for await (const batch of readAhead(readFeed(bytes, { fileName: feed.file, seller }))) {
        rowsIn += batch.rowsIn;
        rowsAccepted += await writeTransactions(transaction, { ...feed, seller }, batch.accepted);
        await rejected.add(batch.rejected);
      }
    } finally {
      bytes.destroy();
    }
    await applyChange(transaction, seller);
    const upload = uploadOf(feed, { rowsIn, rowsAccepted, rowsRejected: rejected.count() });
    await keep(upload);
    await insertUpload(transaction, seller, feed, upload);
    return upload;
  });

/** Records that it could not be read, once. */
export const recordFailure = (
  { sql, seller, feed, keep }: Pick<Load, "sql" | "seller" | "feed" | "keep">,
  error: { readonly code: string; readonly message: string },
): Promise<Upload> =>
  asSellers(sql, [seller], async (transaction) => {
    await transaction`select pg_advisory_xact_lock(hashtext('transactions'), hashtext(${seller}))`;
    const known = await findUpload(transaction, seller, feed);
    if (known !== undefined) return known;
    const upload = uploadOf(feed, { rowsIn: 0, rowsAccepted: 0, rowsRejected: 0, error });
    await keep(upload);
    await insertUpload(transaction, seller, feed, upload);
    return upload;
  });
