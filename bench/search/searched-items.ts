// searched-items: an embedded PostgreSQL with the project's migrations and so many items of three users, as the pipeline leaves
// them: each with an analysis and its embedding by the offline model, and every index that the migrations make.
//
// The rows come by COPY, and the index of the vectors is made when they are in, as the migration defines it: row by row it would
// take several times as long.

import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";

import client = require("postgres");

import { embeddingDocument, embeddingSource } from "../../functions/collections/embed-analysis/embedding-document";
import { dimensions } from "../../functions/collections/vector";
import { applyMigrations } from "../../functions/operations/migrate/apply-migrations";
import { postgres } from "../../local/services/postgres/postgres";
import { embedText } from "../../local/services/voyage/hashed-embedding";
import { step } from "../../local/start/progress";
import { migrations } from "../../schemas/migrations";
import * as copy from "./binary-copy";
import { pictureOf } from "./pictures";

export const model = "offline";

export const users = ["user-of-most", "user-of-some", "user-of-few"] as const;

export type User = (typeof users)[number];

export interface SearchedItems {
  /** One connection, as the API has it: row-level security is in force. */
  readonly sql: client.Sql;
  readonly vectors: readonly Float32Array[];
  readonly index: Index;
  end(): Promise<void>;
}

export interface Index {
  readonly definition: string;
  readonly bytes: number;
  /** That it took to build. */
  readonly ms: number;
}

export async function searchedItems(directory: string, items: number): Promise<SearchedItems> {
  const server = await postgres({ directory, user: "owner", password: "bench", database: "bench" });
  const sql = client(server.url, { max: 1, fetch_types: false, prepare: false, onnotice: () => undefined });
  const end = async () => {
    await sql.end({ timeout: 0 });
    await server.end();
  };
  try {
    await applyMigrations(sql, migrations);
    const { name, definition } = await takeIndex(sql);
    await putItems(sql, items);
    await putAnalyses(sql, items);
    const vectors = await putEmbeddings(sql, items);
    const ms = await build(sql, definition);
    await sql`analyze`;
    const [{ bytes = 0 } = {}] = await sql`select pg_relation_size(${name}::text::regclass)::float8 as bytes`;
    await sql`grant collections_api to current_user`;
    await sql`set role collections_api`;
    return { sql, vectors, index: { definition, bytes, ms }, end };
  } catch (error) {
    await end();
    throw error;
  }
}

/** One in a hundred is of the one, nine are of another, and ninety of the third. */
export function userOf(item: number): User {
  const place = item % 100;
  if (place === 0) return "user-of-few";
  return place < 10 ? "user-of-some" : "user-of-most";
}

const itemId = (item: number): string => `item-${item}`;
export const numberOf = (id: string): number => Number(id.slice("item-".length));
const analysisId = (item: number): string => `00000000-0000-4000-8000-${String(item).padStart(12, "0")}`;

/** Away with it until the rows are in. */
async function takeIndex(sql: client.Sql): Promise<{ name: string; definition: string }> {
  const [index] = await sql<[{ name: string; definition: string }]>`
    select indexrelid::regclass::text as name, pg_get_indexdef(indexrelid) as definition
    from pg_index join pg_class on pg_class.oid = indexrelid join pg_am on pg_am.oid = relam
    where indrelid = 'collections.embeddings'::regclass and amname = 'hnsw'`;
  await sql.unsafe(`drop index ${index.name}`);
  return index;
}

async function putItems(sql: client.Sql, items: number): Promise<void> {
  const row = (item: number) => [
    copy.text(itemId(item)),
    copy.text(userOf(item)),
    copy.text(`${itemId(item)}.jpg`),
    copy.text("images"),
    copy.text(`${userOf(item)}/${itemId(item)}.jpg`),
    copy.text("v1"),
    copy.timestamp(madeAt(item)),
    copy.text(`${userOf(item)}/thumbnails/${itemId(item)}.jpg`),
    copy.text("image/jpeg"),
    copy.integer(4_000),
    copy.integer(3_000),
    copy.timestamp(madeAt(item)),
  ];
  const columns = `id, user_id, filename, bucket, file_path, version_id, uploaded_at, thumbnail_key, mime_type, width, height,
    created_at`;
  await put(sql, "items", columns, items, row);
}

/** One every five minutes. */
const madeAt = (item: number): Date => new Date(Date.UTC(2025, 0, 1, 0, 5 * item));

async function putAnalyses(sql: client.Sql, items: number): Promise<void> {
  const row = (item: number) => {
    const { category, summary, ...more } = pictureOf(item);
    return [
      copy.uuid(analysisId(item)),
      copy.text(itemId(item)),
      copy.text(userOf(item)),
      copy.integer(1),
      copy.text("v1"),
      copy.text(""),
      copy.text(category),
      copy.text(summary),
      copy.jsonb({ category, summary, ...more }),
      copy.text("offline"),
      copy.text("offline-vision"),
    ];
  };
  const columns = `id, item_id, user_id, version, version_id, request_id, category, summary, raw_response, provider_used,
    model_used`;
  await put(sql, "analyses", columns, items, row);
}

async function putEmbeddings(sql: client.Sql, items: number): Promise<Float32Array[]> {
  const vectors: Float32Array[] = [];
  const row = (item: number) => {
    const picture = pictureOf(item);
    const vector = embedText(embeddingDocument(picture) ?? "", dimensions);
    vectors.push(vector);
    return [
      copy.text(itemId(item)),
      copy.uuid(analysisId(item)),
      copy.text(userOf(item)),
      copy.vector(vector),
      copy.text(model),
      copy.jsonb(embeddingSource(picture)),
    ];
  };
  await put(sql, "embeddings", "item_id, analysis_id, user_id, vector, embedding_model, embedding_source", items, row);
  return vectors;
}

async function put(
  sql: client.Sql,
  table: string,
  columns: string,
  items: number,
  row: (item: number) => readonly Buffer[],
): Promise<void> {
  const { at, done } = step(`${table} into PostgreSQL`, items);
  const into = await sql.unsafe(`copy collections.${table} (${columns}) from stdin (format binary)`).writable();
  await pipeline(Readable.from(copy.rows(items, row, at)), into);
  const [{ rows = 0 } = {}] = await sql`select count(*)::int as rows from ${sql(`collections.${table}`)}`;
  if (rows !== items) throw new Error(`Cannot put ${items} rows into "${table}": it has ${rows}`);
  done();
}

/** PostgreSQL has one session here, which cannot be asked how far it is. */
async function build(sql: client.Sql, definition: string): Promise<number> {
  const { done } = step("index of the vectors");
  const began = performance.now();
  const seconds = () => Math.round((performance.now() - began) / 1_000);
  const sign = setInterval(() => process.stderr.write(`  ${definition}: ${seconds()} s so far\n`), signMs);
  try {
    // A graph that does not fit is finished on disk, many times slower.
    await sql`set maintenance_work_mem = '1GB'`;
    await sql.unsafe(definition);
  } finally {
    clearInterval(sign);
  }
  done();
  return performance.now() - began;
}

const signMs = 30_000;
