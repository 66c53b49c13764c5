// curated-partitions: the staged rows of one raw file, merged into the partitions of its table.
//
//   curated/{table}/dt=YYYY-MM-DD/{table}.parquet
//
// A partition is one file, replaced as a whole and only if it is still the one that was read (If-Match, If-None-Match): of
// two functions that merge into it at once, the second reads what the first wrote and merges again. Each replacement is
// complete in itself, so a crash leaves some partitions merged and others not, and the retry merges the rest.

import { rm } from "node:fs/promises";
import type { S3Client } from "@aws-sdk/client-s3";
import type { DuckDBConnection, DuckDBInstance } from "@duckdb/node-api";
import type { Table } from "../../../schemas/tables";
import { functionMemoryMb } from "../../../stage/duckdb";
import { inLanes } from "../../../stage/lanes";
import { fetchFile, listBelow, storeFile } from "../stored-file";
import { mergedCounts, mergedPartition, mergedRows, newPartition, type Source } from "./curation-sql";

export interface Merge {
  readonly s3: S3Client;
  readonly duckdb: DuckDBInstance;
  readonly bucket: string;
  /** Of the table: `curated/orders/`. */
  readonly prefix: string;
  readonly name: string;
  readonly table: Table;
  readonly source: Source;
  /** A folder on /tmp for the files in between. */
  readonly directory: string;
}

/**
 * Partitions in work at the same time: enough to compute one while others are on the network, and no more than have room.
 * What a partition's sort and its file's pages take cannot spill: up to 100 MB each (measured in bench/).
 */
export const lanes = (): number => Math.min(4, Math.max(1, Math.floor(functionMemoryMb() / 512)));
/** Somebody else replacing the same partition this often in a row is no longer chance; the event's retry comes later. */
const attempts = 8;

/** Merges the table `staged` into its partitions; gives how many of its rows stand there afterwards, and where. */
export async function mergePartitions(merge: Merge): Promise<{ rowsOut: number; written: string[] }> {
  const connection = await merge.duckdb.connect();
  const rows = await connection.runAndReadAll(
    "SELECT dt::VARCHAR AS dt, count(*) AS n FROM staged GROUP BY dt ORDER BY dt",
  );
  const waiting = rows.getRowObjectsJson().map(({ dt, n }) => ({ dt: String(dt), rows: Number(n) }));
  connection.closeSync();
  const present = new Set((await listBelow(merge, merge.prefix)).map(({ key }) => key));

  const merged = await inLanes(waiting, lanes(), async (next, number) => {
    const own = await merge.duckdb.connect();
    try {
      const key = `${merge.prefix}dt=${next.dt}/${merge.name}.parquet`;
      return { key, ...(await mergePartition(merge, own, { ...next, key, exists: present.has(key), number })) };
    } finally {
      own.closeSync();
    }
  });
  return {
    rowsOut: merged.reduce((total, { rowsOut }) => total + rowsOut, 0),
    written: merged.filter(({ written }) => written).map(({ key }) => key),
  };
}

interface Partition {
  readonly dt: string;
  readonly rows: number;
  readonly key: string;
  readonly exists: boolean;
  /** Of the lane that works on it, so that no two use the same file. */
  readonly number: number;
}

async function mergePartition(merge: Merge, connection: DuckDBConnection, partition: Partition) {
  const { table, source, directory } = merge;
  const [present, next] = [
    `${directory}/present-${partition.number}.parquet`,
    `${directory}/next-${partition.number}.parquet`,
  ];
  try {
    let etag = partition.exists ? await fetchFile(merge, partition.key, present) : undefined;
    for (let attempt = 1; ; attempt++) {
      let rowsOut = partition.rows;
      if (etag === undefined) {
        await connection.run(newPartition(table, partition.dt, next));
      } else {
        await connection.run(mergedRows(table, partition.dt, present));
        const [counts] = (await connection.runAndReadAll(mergedCounts(source))).getRowObjectsJson();
        rowsOut = Number(counts?.own);
        if (Number(counts?.fresh) === 0) return { rowsOut, written: false };
        await connection.run(mergedPartition(table, next));
      }
      if (await storeFile(merge, partition.key, next, etag)) return { rowsOut, written: true };
      if (attempt === attempts) {
        throw new Error(
          `Cannot merge into "${partition.key}": it was replaced ${attempts} times while it was being merged`,
        );
      }
      etag = await fetchFile(merge, partition.key, present);
    }
  } finally {
    await Promise.all([present, next].map((file) => rm(file, { force: true })));
  }
}
