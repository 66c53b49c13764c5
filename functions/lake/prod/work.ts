// work: what one run of a system works with - a database, a folder on /tmp, the buckets.

import { mkdir, readFile } from "node:fs/promises";
import type { DuckDBConnection } from "@duckdb/node-api";
import { literal } from "../../../schemas/sql-text";
import { inLanes } from "../../../stage/lanes";
import { fetchFile, lookUp, type Stored, storeFile } from "../stored-file";
import { type CuratedPartition, partitionKey } from "./changed-partitions";

export interface Work {
  readonly connection: DuckDBConnection;
  readonly curated: Stored;
  readonly prod: Stored;
  /** A folder on /tmp, for this run alone. */
  readonly directory: string;
}

/** Requests to S3 at the same time. */
const width = 16;

/** An object that was read: where its file is and what it was. Without an ETag there was none, and there is no file. */
export interface Fetched {
  readonly key: string;
  readonly file: string;
  readonly etag: string | undefined;
}

/** Reads objects of the prod bucket, in the order of the keys. */
export const fetchAll = (work: Work, keys: readonly string[]): Promise<Fetched[]> => fetchFrom(work, work.prod, keys);

/** Reads curated partitions. */
export const fetchPartitions = (work: Work, partitions: readonly CuratedPartition[]): Promise<Fetched[]> =>
  fetchFrom(work, work.curated, partitions.map(partitionKey));

async function fetchFrom({ directory }: Work, from: Stored, keys: readonly string[]): Promise<Fetched[]> {
  return inLanes(keys, width, async (key) => {
    const file = `${directory}/${from.bucket}/${key}`;
    await mkdir(file.slice(0, file.lastIndexOf("/")), { recursive: true });
    return { key, file, etag: await fetchFile(from, key, file) };
  });
}

/** Whether every object is still what was read. */
export async function stillSame(from: Stored, fetched: readonly Fetched[]): Promise<boolean> {
  const now = await inLanes(fetched, width, async ({ key, etag }) => (await lookUp(from, key))?.etag === etag);
  return now.every(Boolean);
}

/** A file that is to replace what was read. */
export interface Replacement {
  readonly present: Fetched;
  readonly file: string;
  readonly metadata?: Record<string, string>;
}

/**
 * Replaces objects of the prod bucket, each only if it is still the one that was read; gives those that were not. What would
 * not change is left alone: the same work done twice writes once.
 */
export async function replaceAll({ prod }: Work, replacements: readonly Replacement[]): Promise<Replacement[]> {
  const stored = await inLanes(replacements, width, async ({ present, file, metadata }) => {
    if (present.etag !== undefined && metadata === undefined && (await sameBytes(present.file, file))) return true;
    return storeFile(prod, present.key, file, present.etag, metadata);
  });
  return replacements.filter((_, index) => !stored[index]);
}

async function sameBytes(one: string, other: string): Promise<boolean> {
  const [a, b] = await Promise.all([readFile(one), readFile(other)]);
  return a.equals(b);
}

/** Does `attempt` until it says that it is done: each time somebody else has changed what it worked on. */
export async function untilUndisturbed(what: string, attempt: () => Promise<boolean>): Promise<void> {
  for (let count = 1; count <= 8; count++) if (await attempt()) return;
  throw new Error(
    `Cannot update ${what}: it was changed by others 8 times while it was being updated. The events come again; if this stays, look for a run that changes it all the time.`,
  );
}

/** A FROM clause over the files that were there, or nothing when there were none. */
export function filesOf(fetched: readonly Fetched[]): string | undefined {
  const files = fetched.filter(({ etag }) => etag !== undefined).map(({ file }) => literal(file));
  return files.length === 0 ? undefined : `read_parquet([${files.join(", ")}], hive_partitioning = false)`;
}

export type Row = Readonly<Record<string, unknown>>;

/** The rows of a query; whole numbers beyond integers, decimals and dates are texts. */
export const rowsOf = async ({ connection }: Work, sql: string): Promise<Row[]> =>
  (await connection.runAndReadAll(sql)).getRowObjectsJson() as Row[];

/** The first column of a query, as texts. */
export const textsOf = async (work: Work, sql: string): Promise<string[]> =>
  (await rowsOf(work, sql)).map((row) => String(Object.values(row)[0]));
