// resolve: closes the error that a feed has corrected, and whatever hangs on it.
//
//   error <──(corrects)── feed with faults of its own: another error <──(corrects)── feed: all rows came through
//     └── closed, if no fewer rows came than were rejected ──┘
//
// What else was sent to correct an error that is closed, and failed, is closed with it: its rows have come through.

import type { FeedError } from "../../../schemas/feed-error";
import type { Seller } from "../../../schemas/seller";
import { writeAudit } from "./audit-row";
import { closeError, type FeedErrors, openCorrectionsOf } from "./feed-errors";
import type { FeedObject } from "./feed-object";
import type { Upload } from "./upload-row";

interface Tables {
  readonly errors: FeedErrors;
  readonly audits: Parameters<typeof writeAudit>[0];
}

type By = NonNullable<FeedError["resolvedBy"]>;

/** Gives whether the error that the feed corrects is closed by it. Twice is the same as once. */
export async function resolve(tables: Tables, feed: FeedObject, upload: Upload): Promise<boolean> {
  const { seller, corrects, bucket, key, version, uploadId } = feed;
  if (seller === undefined || corrects === undefined || upload.outcome !== "processed" || upload.rowsIn === 0)
    return false;
  const by = { object: `${bucket}/${key}`, version, uploadId, at: upload.processedAt, rowsCorrected: upload.rowsIn };
  return (await close(tables, seller, corrects, by)) !== undefined;
}

async function close(tables: Tables, seller: Seller, errorId: string, by: By): Promise<FeedError | undefined> {
  const error = await closeError(tables.errors, { seller, errorId }, by);
  if (error === undefined) return undefined;
  const { object, version } = error.resolvedBy ?? by;
  const versionAndStage = `${error.version}#${error.stage}`;
  await writeAudit(tables.audits, { object: error.object, versionAndStage, resolvedBy: `${object}@${version}` });
  // All rows of the feed that failed are in: as many as it had itself.
  if (error.corrects !== undefined) {
    await close(tables, seller, error.corrects, { ...by, rowsCorrected: Math.max(error.rowsIn, by.rowsCorrected) });
  }
  for (const { errorId: other, rowsRejected } of await openCorrectionsOf(tables.errors, error))
    await close(tables, seller, other, { ...by, rowsCorrected: Math.max(rowsRejected, by.rowsCorrected) });
  return error;
}
