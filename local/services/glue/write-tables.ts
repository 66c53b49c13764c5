// write-tables: the tables that a crawl has found, written into the catalogue as the crawler's policy says.

import { type CatalogTable, parquet, type TableDefinition } from "./catalog";
import type { Crawl } from "./crawl";
import type { CrawledFile, CrawledTarget } from "./crawled-files";
import { behaviourOf } from "./crawler-config";
import { counted, counts, deprecated, madeBy } from "./crawler-parameters";
import { unionOf, withNewColumns } from "./merge-columns";
import { type LaidOutTable, layOut, otherTableName, tableName } from "./table-layout";
import { writePartitions } from "./write-partitions";

type Outcome = "created" | "updated" | "as it was";

export function writeTables(
  run: Crawl,
  { bucket, prefix, files }: CrawledTarget,
): { name: string; outcome: Outcome }[] {
  const { config, catalog } = run;
  const { tableLevel } = behaviourOf(config);
  const keysAt = (root: string) => {
    const location = `s3://${bucket}/${root}`;
    const present = catalog.table(config.database, nameAt(run, bucket, root));
    return present?.location === location ? present.partitionKeys.map(({ name }) => name) : undefined;
  };
  const tables = layOut(files, { prefix, keysAt, ...(tableLevel === undefined ? {} : { tableLevel }) });
  if (tables.length === 0) run.log(`INFO : Nothing lies in s3://${bucket}/${prefix}`);
  return tables.map((table) => writeTable(run, bucket, table));
}

/** Another table's name is left to it. */
function nameAt({ config, catalog }: Crawl, bucket: string, root: string): string {
  const [name, location] = [tableName(config.tablePrefix, bucket, root), `s3://${bucket}/${root}`];
  const present = catalog.table(config.database, name);
  return present === undefined || present.location === location ? name : otherTableName(name, location);
}

function writeTable(
  run: Crawl,
  bucket: string,
  laidOut: LaidOutTable<CrawledFile>,
): { name: string; outcome: Outcome } {
  const { config, catalog, log, must } = run;
  const { database } = config;
  const name = nameAt(run, bucket, laidOut.root);
  for (const folder of laidOut.skipped) {
    log(`WARN : Folder partition keys do not match table partition keys, skipped folder: s3://${bucket}/${folder}`);
  }
  must("GetTable", name);
  const present = catalog.table(database, name);
  if (laidOut.partitions.length === 0) return { name, outcome: "as it was" };
  const found = definitionOf(run, name, bucket, laidOut);
  const table = present === undefined ? found : mergedWith(run, present, found);
  const changed = present === undefined || !sameApartFromCounts(present, table);
  if (present === undefined || JSON.stringify(bare(present)) !== JSON.stringify(table)) {
    must(present === undefined ? "CreateTable" : "UpdateTable", name);
    catalog.putTable(database, table);
  }
  const partitions = writePartitions(run, table, bucket, laidOut);
  if (present === undefined) log(`INFO : Created table ${name} in database ${database}`);
  else if (changed) log(`INFO : Updated table ${name} in database ${database}`);
  return { name, outcome: present === undefined ? "created" : changed || partitions > 0 ? "updated" : "as it was" };
}

function definitionOf(
  { config, log }: Crawl,
  name: string,
  bucket: string,
  { root, keys, partitions }: LaidOutTable<CrawledFile>,
): TableDefinition {
  const files = partitions.flatMap(({ items }) => items);
  const { columns, conflicts } = unionOf(files.map((file) => file.columns));
  for (const conflict of conflicts) log(`WARN : The files of table ${name} differ in a type: ${conflict}`);
  const twice = columns.find((column) => keys.includes(column.name));
  if (twice !== undefined) {
    throw new Error(
      `Cannot make table "${name}": "${twice.name}" is a column of its files and the name of its folders`,
    );
  }
  return {
    name,
    columns,
    partitionKeys: keys.map((key) => ({ name: key, type: "string" })),
    location: `s3://${bucket}/${root}`,
    ...parquet,
    parameters: sorted({
      ...counted(files),
      CrawlerSchemaDeserializerVersion: "1.0",
      CrawlerSchemaSerializerVersion: "1.0",
      [madeBy]: config.name,
      ...(keys.length > 0 ? { "partition_filtering.enabled": "true" } : {}),
    }),
  };
}

/** The table as it is to be, by the crawler's policy. */
function mergedWith({ config, log }: Crawl, present: CatalogTable, found: TableDefinition): TableDefinition {
  const { name } = present;
  const { columns, added, kept } = withNewColumns(present.columns, found.columns);
  if (config.updateBehavior === "LOG") {
    if (JSON.stringify(present.columns) !== JSON.stringify(found.columns)) {
      log(`INFO : Table ${name} is not updated: its files have another schema, and the policy is LOG`);
    }
    return bare(present);
  }
  const { [deprecated]: _, ...parameters } = present.parameters;
  if (!behaviourOf(config).newColumnsOnly) return found;
  for (const column of added) log(`INFO : Table ${name} gains column ${column}`);
  for (const column of kept) log(`WARN : Table ${name} keeps a type (MergeNewColumns): column ${column}`);
  return {
    ...bare(present),
    columns,
    partitionKeys: found.partitionKeys,
    parameters: sorted({ ...parameters, ...found.parameters }),
  };
}

const bare = ({ database: _d, createdAt: _c, updatedAt: _u, ...definition }: CatalogTable): TableDefinition =>
  definition;

const sameApartFromCounts = (one: TableDefinition, other: TableDefinition): boolean => {
  const told = ({ columns, partitionKeys, location, parameters }: TableDefinition) =>
    JSON.stringify([
      columns,
      partitionKeys,
      location,
      Object.entries(parameters)
        .filter(([key]) => !counts.includes(key))
        .sort(),
    ]);
  return told(one) === told(other);
};

/** So that what is the same is the same text. */
const sorted = (parameters: Readonly<Record<string, string>>): Record<string, string> =>
  Object.fromEntries(Object.entries(parameters).sort(([one], [other]) => (one < other ? -1 : 1)));
