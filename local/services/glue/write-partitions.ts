// write-partitions: the partitions of a table that a crawl has found, written into the catalogue.

import { type PartitionDefinition, parquet, type TableDefinition } from "./catalog";
import type { Crawl } from "./crawl";
import type { CrawledFile } from "./crawled-files";
import { behaviourOf } from "./crawler-config";
import { counted } from "./crawler-parameters";
import { unionOf } from "./merge-columns";
import { removePartition } from "./remove-gone";
import type { LaidOutTable } from "./table-layout";

/** Tells how many partitions are new or have other columns. */
export function writePartitions(
  run: Crawl,
  table: TableDefinition,
  bucket: string,
  { keys, partitions }: LaidOutTable<CrawledFile>,
): number {
  const { config, catalog, must } = run;
  if (keys.length === 0) return 0;
  const { inherit } = behaviourOf(config);
  const present = new Map(catalog.partitions(config.database, table.name).map((it) => [it.values.join("/"), it]));
  const wanted = partitions.map(
    ({ values, folder, items }): PartitionDefinition => ({
      values,
      columns: inherit ? table.columns : unionOf(items.map((file) => file.columns)).columns,
      location: `s3://${bucket}/${folder}`,
      ...parquet,
      parameters: counted(items),
    }),
  );
  const added = wanted.filter(({ values }) => !present.has(values.join("/")));
  const changed = wanted.filter(({ values, columns }) => {
    const before = present.get(values.join("/"));
    return before !== undefined && JSON.stringify(before.columns) !== JSON.stringify(columns);
  });
  const mayUpdate = config.updateBehavior === "UPDATE_IN_DATABASE";
  if (added.length > 0) must("BatchCreatePartition", table.name);
  if (changed.length > 0 && mayUpdate) must("BatchUpdatePartition", table.name);
  catalog.putPartitions(config.database, table.name, mayUpdate ? wanted : added);
  if (added.length > 0) run.log(`INFO : Added ${added.length} partitions to table ${table.name}`);
  const found = new Set(wanted.map(({ values }) => values.join("/")));
  for (const [path, partition] of present) if (!found.has(path)) removePartition(run, table, partition);
  return added.length + (mayUpdate ? changed.length : 0);
}
