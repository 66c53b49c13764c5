// items-fixture: items of users, as they come out of the pipeline, for tests.

import { createHash } from "node:crypto";
import type { Sql } from "postgres";
import type { Analysis } from "../../schemas/analysis";
import type { KeepAnalysis } from "../../schemas/item-records";
import { dimensions } from "./vector";

export const model = "voyage-test";

export const analysisOf = (more: Partial<Analysis> = {}): Analysis => ({
  category: "landscape",
  summary: "Hills below a wide sky",
  objects: ["hill", "sky"],
  colours: ["green", "blue"],
  text: "",
  mood: "calm",
  confidence: 0.9,
  ...more,
});

/** The analysis of the first version of a user's `cat.jpg`. */
export const keeping = (more: Partial<KeepAnalysis> = {}): KeepAnalysis => ({
  keep: "analysis",
  user_id: "anna",
  item_id: "cat",
  bucket: "images",
  original_key: "anna/cat.jpg",
  thumbnail_key: "anna/thumbnails/cat.jpg",
  version_id: "v1",
  request_id: "",
  mime_type: "image/jpeg",
  width: 640,
  height: 480,
  analysis: analysisOf(),
  provider_used: "offline",
  model_used: "offline-vision",
  trace_id: null,
  ...more,
});

/** Words that two texts share make them near, whatever else they say. */
export function vectorOf(text: string): number[] {
  const vector = new Array<number>(dimensions).fill(0);
  for (const word of text.toLowerCase().match(/\p{L}+/gu) ?? []) {
    const hash = createHash("sha256").update(word).digest();
    for (const at of [0, 4, 8, 12]) vector[hash.readUInt32LE(at) % dimensions] = 1;
  }
  const length = Math.hypot(...vector) || 1;
  return vector.map((each) => each / length);
}

export interface PutItem {
  readonly user?: string;
  readonly id: string;
  readonly analysis?: Partial<Analysis>;
  readonly createdAt?: string;
  /** What its vector is made of; none where it is not given. */
  readonly means?: string;
  readonly model?: string;
}

/** `sql` is the owner's. */
export async function putItem(sql: Sql, item: PutItem): Promise<void> {
  const { user = "anna", id, createdAt = "2026-03-01T10:00:00Z", means } = item;
  const { category, summary, ...rest } = analysisOf(item.analysis);
  await sql`
    insert into collections.items (id, user_id, filename, bucket, file_path, version_id, uploaded_at, thumbnail_key, mime_type,
      width, height, created_at, updated_at)
    values (${id}, ${user}, ${`${id}.jpg`}, 'images', ${`${user}/${id}.jpg`}, 'v1', ${createdAt}::text::timestamptz,
      ${`${user}/thumbnails/${id}.jpg`}, 'image/jpeg', 640, 480,
      ${createdAt}::text::timestamptz, ${createdAt}::text::timestamptz)`;
  const raw = JSON.stringify({ category, summary, ...rest });
  const [analysis] = await sql`
    insert into collections.analyses (item_id, user_id, version, version_id, request_id, category, summary, raw_response,
      provider_used, model_used)
    values (${id}, ${user}, 1, 'v1', '', ${category}, ${summary}, ${raw}::text::jsonb, 'offline', 'offline-vision')
    returning id::text`;
  if (means === undefined) return;
  const vector = `[${vectorOf(means).join(",")}]`;
  await sql`
    insert into collections.embeddings (item_id, analysis_id, user_id, vector, embedding_model, embedding_source)
    values (${id}, ${analysis?.id}::text::uuid, ${user}, ${vector}::text::vector, ${item.model ?? model}, '{}')`;
}
