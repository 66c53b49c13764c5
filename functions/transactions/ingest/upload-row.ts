// upload-row: what came of a feed, in transactions.uploads. It is written with the feed's transactions or not at all, so that
// whoever finds it there need not look at the feed again.

import type { TransactionSql } from "postgres";
import type { Seller } from "../../../schemas/seller";
import { errorIdOf, type FeedObject } from "./feed-object";

export interface Upload {
  readonly outcome: "processed" | "processed_with_rejects" | "failed";
  readonly rowsIn: number;
  /** That changed something. */
  readonly rowsAccepted: number;
  /** That were there already, or that a newer row had replaced. */
  readonly rowsDuplicate: number;
  readonly rowsRejected: number;
  /** Of its item in feed-errors, unless all went well. */
  readonly errorId?: string;
  /** Why it failed as a whole. */
  readonly error?: { readonly code: string; readonly message: string };
  /** ISO 8601. */
  readonly processedAt: string;
  /** Whether its seller has been told. */
  readonly notified: boolean;
}

type Counts = Pick<Upload, "rowsIn" | "rowsAccepted" | "rowsRejected"> & Partial<Pick<Upload, "error">>;

/** Of these counts: what is neither accepted nor rejected was there already. */
export function uploadOf(feed: FeedObject, { rowsIn, rowsAccepted, rowsRejected, error }: Counts): Upload {
  const rejects = rowsRejected > 0;
  return {
    outcome: error ? "failed" : rejects ? "processed_with_rejects" : "processed",
    rowsIn,
    rowsAccepted,
    rowsDuplicate: rowsIn - rowsAccepted - rowsRejected,
    rowsRejected,
    ...(error || rejects ? { errorId: errorIdOf(feed) } : {}),
    ...(error ? { error } : {}),
    processedAt: new Date().toISOString(),
    notified: false,
  };
}

export async function findUpload(
  sql: TransactionSql,
  seller: Seller,
  { uploadId, version }: FeedObject,
): Promise<Upload | undefined> {
  const [row] = await sql`
    select
      outcome, rows_in, rows_accepted, rows_duplicate, rows_rejected, error_id, error_code, error_message, processed_at,
      notified_at
    from transactions.uploads
    where seller_id = ${seller} and upload_id = ${uploadId} and version = ${version}`;
  if (row === undefined) return undefined;
  return {
    outcome: row.outcome,
    rowsIn: Number(row.rows_in),
    rowsAccepted: Number(row.rows_accepted),
    rowsDuplicate: Number(row.rows_duplicate),
    rowsRejected: Number(row.rows_rejected),
    ...(row.error_id === null ? {} : { errorId: row.error_id }),
    ...(row.error_code === null ? {} : { error: { code: row.error_code, message: row.error_message } }),
    processedAt: row.processed_at.toISOString(),
    notified: row.notified_at !== null,
  };
}

export async function insertUpload(
  sql: TransactionSql,
  seller: Seller,
  { bucket, key, version, uploadId, file, uploadedAt, corrects }: FeedObject,
  { outcome, rowsIn, rowsAccepted, rowsDuplicate, rowsRejected, errorId, error, processedAt }: Upload,
): Promise<void> {
  await sql`
    insert into transactions.uploads (
      seller_id, upload_id, version, object, file_name, uploaded_at, outcome, rows_in, rows_accepted, rows_duplicate,
      rows_rejected, error_id, error_code, error_message, resolves, processed_at
    )
    values (
      ${seller}, ${uploadId}, ${version}, ${`${bucket}/${key}`}, ${file}, ${uploadedAt}, ${outcome}, ${rowsIn},
      ${rowsAccepted}, ${rowsDuplicate}, ${rowsRejected}, ${errorId ?? null}, ${error?.code ?? null},
      ${error?.message ?? null}, ${corrects ?? null}, ${processedAt}
    )`;
}

export const markNotified = (sql: TransactionSql, seller: Seller, { uploadId, version }: FeedObject) => sql`
  update transactions.uploads set notified_at = now()
  where seller_id = ${seller} and upload_id = ${uploadId} and version = ${version}`;
