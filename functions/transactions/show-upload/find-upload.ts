// find-upload: the record of an upload in the database; of several versions under its id, the last that was processed.

import type { TransactionSql } from "postgres";
import type { AnswerOf } from "../../../schemas/endpoint";
import type { showUpload } from "../../../schemas/endpoints/show-upload";
import type { Seller } from "../../../schemas/seller";
import { wholeOf } from "../sql-parts";

export type ShownUpload = Omit<AnswerOf<typeof showUpload>, "rejected">;

/** `sql` sees the uploads of `sellers` and no others. */
export async function findUpload(
  sql: TransactionSql,
  sellers: readonly Seller[],
  id: string,
): Promise<ShownUpload | undefined> {
  const [row] = await sql`
    select
      seller_id, upload_id, file_name, outcome, uploaded_at, processed_at, rows_in, rows_accepted, rows_duplicate,
      rows_rejected, error_id, error_code, error_message
    from transactions.uploads
    where upload_id = ${id} and seller_id = any (string_to_array(${sellers.join(",")}, ','))
    order by processed_at desc, version desc, seller_id
    limit 1`;
  if (row === undefined) return undefined;
  return {
    uploadId: row.upload_id,
    seller: row.seller_id,
    file: row.file_name,
    outcome: row.outcome,
    uploadedAt: row.uploaded_at.toISOString(),
    processedAt: row.processed_at.toISOString(),
    rowsIn: wholeOf(row.rows_in),
    rowsAccepted: wholeOf(row.rows_accepted),
    rowsDuplicate: wholeOf(row.rows_duplicate),
    rowsRejected: wholeOf(row.rows_rejected),
    ...(row.error_id === null ? {} : { errorId: row.error_id }),
    ...(row.error_code === null ? {} : { errorCode: row.error_code }),
    ...(row.error_message === null ? {} : { errorMessage: row.error_message }),
  };
}
