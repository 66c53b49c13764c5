// changed-partitions: the curated partitions that a batch of events speaks of.

/** A partition of a curated table: `dt` is its first day, YYYY-MM-DD. */
export interface CuratedPartition {
  readonly table: string;
  readonly dt: string;
}

/** The key of a partition's one file. */
export const partitionKey = ({ table, dt }: CuratedPartition): string => `curated/${table}/dt=${dt}/${table}.parquet`;

/** The partition of a key, or nothing where it is no curated partition's. */
export function partitionOf(key: string): CuratedPartition | undefined {
  const [, table, dt, file] = /^curated\/([a-z_]+)\/dt=(\d{4,}-\d\d-\d\d)\/([a-z_]+)\.parquet$/.exec(key) ?? [];
  return table !== undefined && dt !== undefined && file === table ? { table, dt } : undefined;
}
