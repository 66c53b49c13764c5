// catalog: the Glue data catalog on disk: databases, their tables, the tables' partitions.
//
//   catalog.sqlite    written by deployments, the crawlers and Glue's API; read by Athena
//
// Names are kept in lower case, as Glue keeps them (Glue API, "TableInput": folded to lowercase for Hive).

import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { type Clock, systemClock } from "../../clock";

export interface CatalogColumn {
  readonly name: string;
  /** Hive's word for it: `bigint`, `decimal(12,2)`, `string`. */
  readonly type: string;
  readonly comment?: string;
}

/** Where the data of a table or a partition lies, and how it is read. */
export interface Storage {
  readonly columns: readonly CatalogColumn[];
  /** `s3://bucket/prefix/`. */
  readonly location: string;
  readonly inputFormat: string;
  readonly outputFormat: string;
  readonly serde: string;
  readonly serdeParameters: Readonly<Record<string, string>>;
}

export interface TableDefinition extends Storage {
  readonly name: string;
  readonly description?: string;
  /** In the order of a partition's values; not among `columns`. */
  readonly partitionKeys: readonly CatalogColumn[];
  /** `classification`, `projection.*`, what a crawler counted. */
  readonly parameters: Readonly<Record<string, string>>;
}

export interface CatalogTable extends TableDefinition {
  readonly database: string;
  /** Milliseconds of the clock. */
  readonly createdAt: number;
  /** When its definition last became another one. */
  readonly updatedAt: number;
}

export interface PartitionDefinition extends Storage {
  /** One for each of the table's partition keys. */
  readonly values: readonly string[];
  readonly parameters: Readonly<Record<string, string>>;
}

export interface CatalogPartition extends PartitionDefinition {
  readonly createdAt: number;
}

export interface DatabaseDefinition {
  readonly name: string;
  readonly description?: string;
}

export interface CatalogDatabase extends DatabaseDefinition {
  readonly createdAt: number;
}

export interface Catalog {
  /** By name, as all lists here. */
  databases(): CatalogDatabase[];
  database(name: string): CatalogDatabase | undefined;
  /** Creates the database, or changes what it says of itself; its tables stay. */
  putDatabase(definition: DatabaseDefinition): void;
  tables(database: string): CatalogTable[];
  table(database: string, name: string): CatalogTable | undefined;
  /** Creates the table or replaces its definition; its partitions stay. Throws where there is no such database. */
  putTable(database: string, definition: TableDefinition): void;
  /** With its partitions. Tells whether there was one. */
  deleteTable(database: string, name: string): boolean;
  /** In the order of their values. */
  partitions(database: string, table: string): CatalogPartition[];
  partition(database: string, table: string, values: readonly string[]): CatalogPartition | undefined;
  /** Creates or replaces partitions, all or none. Throws where there is no such table. */
  putPartitions(database: string, table: string, partitions: readonly PartitionDefinition[]): void;
  deletePartition(database: string, table: string, values: readonly string[]): boolean;
  end(): void;
}

export const parquet = {
  inputFormat: "org.apache.hadoop.hive.ql.io.parquet.MapredParquetInputFormat",
  outputFormat: "org.apache.hadoop.hive.ql.io.parquet.MapredParquetOutputFormat",
  serde: "org.apache.hadoop.hive.ql.io.parquet.serde.ParquetHiveSerDe",
  serdeParameters: { "serialization.format": "1" },
} as const;

export function openCatalog(directory: string, clock: Clock = systemClock()): Catalog {
  mkdirSync(directory, { recursive: true });
  const kept = new DatabaseSync(join(directory, "catalog.sqlite"));
  kept.exec(`
    pragma journal_mode = wal;
    pragma synchronous = normal;
    pragma foreign_keys = on;
    create table if not exists databases (name text primary key, definition text not null, createdAt integer not null);
    create table if not exists tables (
      database text not null references databases, name text not null, definition text not null,
      createdAt integer not null, updatedAt integer not null, primary key (database, name)
    );
    create table if not exists partitions (
      database text not null, tableName text not null, partitionValues text not null, definition text not null,
      createdAt integer not null, primary key (database, tableName, partitionValues),
      foreign key (database, tableName) references tables on delete cascade
    )`);
  const sql = statements(kept);

  return {
    databases: () => sql.databases.all().map(asDatabase),
    database: (name) => one(sql.database.get(lower(name)), asDatabase),
    putDatabase(definition) {
      const name = lower(definition.name);
      sql.putDatabase.run(name, JSON.stringify({ ...definition, name }), clock.now());
    },
    tables: (database) => sql.tables.all(lower(database)).map(asTable),
    table: (database, name) => one(sql.table.get(lower(database), lower(name)), asTable),
    putTable(database, definition) {
      if (sql.database.get(lower(database)) === undefined) {
        throw new Error(`Cannot put table "${definition.name}": there is no database "${database}"`);
      }
      const table = { ...definition, name: lower(definition.name) };
      sql.putTable.run(lower(database), table.name, JSON.stringify(table), clock.now(), clock.now());
    },
    deleteTable: (database, name) => sql.deleteTable.run(lower(database), lower(name)).changes > 0,
    partitions: (database, table) => sql.partitions.all(lower(database), lower(table)).map(asPartition),
    partition: (database, table, values) =>
      one(sql.partition.get(lower(database), lower(table), JSON.stringify(values)), asPartition),
    putPartitions(database, table, partitions) {
      if (sql.table.get(lower(database), lower(table)) === undefined) {
        throw new Error(`Cannot put partitions of "${table}": there is no such table in database "${database}"`);
      }
      kept.exec("begin");
      try {
        for (const partition of partitions) {
          const [values, text] = [JSON.stringify(partition.values), JSON.stringify(partition)];
          sql.putPartition.run(lower(database), lower(table), values, text, clock.now());
        }
        kept.exec("commit");
      } catch (error) {
        kept.exec("rollback");
        throw error;
      }
    },
    deletePartition: (database, table, values) =>
      sql.deletePartition.run(lower(database), lower(table), JSON.stringify(values)).changes > 0,
    end: () => kept.close(),
  };
}

const statements = (kept: DatabaseSync) => ({
  databases: kept.prepare("select * from databases order by name"),
  database: kept.prepare("select * from databases where name = ?"),
  putDatabase: kept.prepare(
    "insert into databases values (?, ?, ?) on conflict do update set definition = excluded.definition",
  ),
  tables: kept.prepare("select * from tables where database = ? order by name"),
  table: kept.prepare("select * from tables where database = ? and name = ?"),
  // What is put again as it is was not updated.
  putTable: kept.prepare(`insert into tables values (?, ?, ?, ?, ?) on conflict do update
    set updatedAt = excluded.updatedAt, definition = excluded.definition where definition <> excluded.definition`),
  deleteTable: kept.prepare("delete from tables where database = ? and name = ?"),
  partitions: kept.prepare("select * from partitions where database = ? and tableName = ? order by partitionValues"),
  partition: kept.prepare("select * from partitions where database = ? and tableName = ? and partitionValues = ?"),
  putPartition: kept.prepare(
    "insert into partitions values (?, ?, ?, ?, ?) on conflict do update set definition = excluded.definition",
  ),
  deletePartition: kept.prepare("delete from partitions where database = ? and tableName = ? and partitionValues = ?"),
});

type Row = Readonly<Record<string, unknown>>;

const one = <T>(row: Row | undefined, read: (row: Row) => T): T | undefined =>
  row === undefined ? undefined : read(row);

const lower = (name: string): string => name.toLowerCase();

const asDatabase = (row: Row): CatalogDatabase => ({
  ...(JSON.parse(String(row.definition)) as DatabaseDefinition),
  createdAt: Number(row.createdAt),
});

const asTable = (row: Row): CatalogTable => ({
  ...(JSON.parse(String(row.definition)) as TableDefinition),
  database: String(row.database),
  createdAt: Number(row.createdAt),
  updatedAt: Number(row.updatedAt),
});

const asPartition = (row: Row): CatalogPartition => ({
  ...(JSON.parse(String(row.definition)) as PartitionDefinition),
  createdAt: Number(row.createdAt),
});
