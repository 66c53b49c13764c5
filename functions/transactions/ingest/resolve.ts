// resolve: closes the error that a feed has corrected, and whatever hangs on it.
//
//   error <──(corrects)── feed with faults of its own: another error <──(corrects)── feed: all rows came through
//     └── closed, if no fewer rows came than were rejected ──┘
//
// What else was sent to correct an error that is closed, and had faults, is closed with it, unless more of its rows were
// rejected than came through now. It is by their number that rows are known here, and not one by one.

import type { FeedError } from "../../../schemas/feed-error";
import type { Seller } from "../../../schemas/seller";
import { writeAudit } from "../../audit-row";
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

/** Closes it, the errors that it was to correct itself, and what else was sent to correct it. */
async function close(tables: Tables, seller: Seller, errorId: string, by: By): Promise<FeedError | undefined> {
  const error = await closeOne(tables, seller, errorId, by);
  if (error === undefined) return undefined;
  // Of the feed with the faults all rows are in by now, as many as it had.
  if (error.corrects !== undefined) {
    await close(tables, seller, error.corrects, { ...by, rowsCorrected: Math.max(error.rowsIn, by.rowsCorrected) });
  }
  // One with more rejected rows than came now has others among them, and stays.
  for (const { errorId: other } of await openCorrectionsOf(tables.errors, error)) {
    await closeOne(tables, seller, other, by);
  }
  return error;
}

async function closeOne({ errors, audits }: Tables, seller: Seller, errorId: string, by: By) {
  const error = await closeError(errors, { seller, errorId }, by);
  if (error === undefined) return undefined;
  const { object, version } = error.resolvedBy ?? by;
  const versionAndStage = `${error.version}#${error.stage}`;
  await writeAudit(audits, { object: error.object, versionAndStage, resolvedBy: `${object}@${version}` });
  return error;
}
