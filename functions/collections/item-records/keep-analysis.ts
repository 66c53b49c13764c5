// keep-analysis: what a model has said of a version of a picture, kept as the next version of the item's analysis.
//
//   lock ──> which version is current in S3? ──> item, as its newest picture has it ──> analysis

import type { S3Client } from "@aws-sdk/client-s3";
import type { Sql, TransactionSql } from "postgres";
import type { Analysis } from "../../../schemas/analysis";
import type { KeepAnalysis, KeptAnalysis } from "../../../schemas/item-records";
import { asUser } from "../as-user";
import { lockItem } from "../lock-item";
import { currentOriginal } from "../original";

/** With the lock held nobody deletes the item between the look into S3 and the end of the transaction. */
export const keepAnalysis = (sql: Sql, s3: S3Client, request: KeepAnalysis): Promise<KeptAnalysis> =>
  asUser(sql, request.user_id, async (transaction) => {
    await lockItem(transaction, request.user_id, request.item_id);
    const original = await currentOriginal(s3, { bucket: request.bucket, key: request.original_key });
    if (original === undefined) return { outcome: "gone" };
    if (original.version !== request.version_id) return { outcome: "superseded" };
    const kept = await keptBefore(transaction, request);
    if (kept !== undefined) return kept;
    const isNewest = await keepItem(transaction, request, original.uploadedAt);
    return isNewest ? insert(transaction, request) : { outcome: "superseded" };
  });

async function keptBefore(sql: TransactionSql, request: KeepAnalysis): Promise<KeptAnalysis | undefined> {
  const [kept] = await sql<Kept[]>`
    select id::text as analysis_id, version from collections.analyses
    where user_id = ${request.user_id} and item_id = ${request.item_id} and version_id = ${request.version_id}
      and request_id = ${request.request_id}`;
  return kept && { outcome: "kept", ...kept };
}

/** Whether the item's picture is this one now. It may have another one, which differs in the file's ending and came later. */
async function keepItem(sql: TransactionSql, request: KeepAnalysis, uploadedAt: Date): Promise<boolean> {
  const { user_id, item_id, bucket, original_key, version_id, thumbnail_key, mime_type, width, height } = request;
  const filename = original_key.slice(original_key.lastIndexOf("/") + 1);
  const rows = await sql`
    insert into collections.items as item
      (id, user_id, filename, bucket, file_path, version_id, uploaded_at, thumbnail_key, mime_type, width, height)
    values (${item_id}, ${user_id}, ${filename}, ${bucket}, ${original_key}, ${version_id},
      ${uploadedAt.toISOString()}::text::timestamptz, ${thumbnail_key}, ${mime_type}, ${width}::int, ${height}::int)
    on conflict (user_id, id) do update set
      filename = excluded.filename, bucket = excluded.bucket, file_path = excluded.file_path,
      version_id = excluded.version_id, uploaded_at = excluded.uploaded_at, thumbnail_key = excluded.thumbnail_key,
      mime_type = excluded.mime_type, width = excluded.width, height = excluded.height, updated_at = now()
      where item.file_path = excluded.file_path
        or (item.uploaded_at, item.file_path) < (excluded.uploaded_at, excluded.file_path)
    returning 1`;
  return rows.length === 1;
}

async function insert(sql: TransactionSql, request: KeepAnalysis): Promise<KeptAnalysis> {
  const { user_id, item_id, version_id, request_id, provider_used, model_used, trace_id } = request;
  const analysis = storable(request.analysis);
  await sql`
    update collections.analyses set newest = false where user_id = ${user_id} and item_id = ${item_id} and newest`;
  const [kept] = await sql<[Kept]>`
    insert into collections.analyses (item_id, user_id, version, version_id, request_id, category, summary, raw_response,
      provider_used, model_used, trace_id)
    select ${item_id}, ${user_id}, coalesce(max(version), 0) + 1, ${version_id}, ${request_id}, ${analysis.category},
      ${analysis.summary}, ${JSON.stringify(analysis)}::text::jsonb, ${provider_used}, ${model_used}, ${trace_id}
    from collections.analyses where user_id = ${user_id} and item_id = ${item_id}
    returning id::text as analysis_id, version`;
  return { outcome: "kept", ...kept };
}

interface Kept {
  readonly analysis_id: string;
  readonly version: number;
}

/** Texts as PostgreSQL keeps them: without the character NUL, and without halves of surrogate pairs. */
const storable = (analysis: Analysis): Analysis =>
  JSON.parse(
    JSON.stringify(analysis, (_, value: unknown) =>
      typeof value === "string" ? value.replaceAll("\0", "").toWellFormed() : value,
    ),
  );
