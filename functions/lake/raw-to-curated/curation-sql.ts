// curation-sql: the DuckDB SQL of raw-to-curated. Text in, text out.
//
//   raw (view over the file) ──> broken ──> quarantine lines
//                            └─> repeated (keys that come more than once)
//                            └─> staged: one protected row per key ──> one file per partition
//
// Everywhere the newest version of a row wins, and of two equally new ones the greater by content: an order in which no two
// different rows tie. So the same files give the same rows in whatever order, however often and together they come. Only which
// of two versions of one file a row names as its source is decided by who came first, where the versions hold the same row.

import { rulesOf } from "../../../schemas/column-rules";
import { duckdbType } from "../../../schemas/column-types";
import { protectedColumns } from "../../../schemas/protection";
import { literal, quoted } from "../../../schemas/sql-text";
import type { Table } from "../../../schemas/tables";

/** A version of a raw object, which every curated row names as its source. */
export interface Source {
  readonly key: string;
  readonly version: string;
}

const provenance = ["source_file", "source_version", "source_row"];

/** The columns of a curated file, in order. */
export const curatedColumns = (table: Table): string[] => [
  ...protectedColumns(table).map(({ name }) => name),
  ...provenance,
];

/**
 * The raw rows in their declared types, numbered from 1. A timestamp beyond what the type holds is NULL; what is finer than
 * a millisecond is cut off, since rounding would carry the last of a day over to the next.
 */
export const rawView = (table: Table, file: string): string => `CREATE VIEW raw AS
  SELECT file_row_number + 1 AS source_row, ${Object.entries(table.columns)
    .map(([name, { type }]) =>
      type === "timestamp"
        ? `TRY_CAST(date_trunc('millisecond', CAST(${quoted(name)} AS TIMESTAMP)) AS TIMESTAMP_MS) AS ${quoted(name)}`
        : `CAST(${quoted(name)} AS ${duckdbType(type)}) AS ${quoted(name)}`,
    )
    .join(", ")}
  FROM read_parquet(${literal(file)}, file_row_number = true, hive_partitioning = false)`;

/** The numbers of the rows that break a rule. */
export function brokenRows(table: Table): string {
  const rules = Object.entries(table.columns).flatMap(([name, column]) => rulesOf(name, column));
  return `CREATE TABLE broken AS SELECT source_row FROM raw
    WHERE NOT coalesce(${rules.map(({ sql }) => sql).join(" AND ")}, false)`;
}

/** The keys that more than one good row has. */
export const repeatedKeys = (table: Table): string => `CREATE TABLE repeated AS
  SELECT ${list(table.primaryKey)}, count(*) AS copies FROM raw ANTI JOIN broken USING (source_row)
  GROUP BY ALL HAVING count(*) > 1`;

/** One protected row per key, with its partition. Most keys come once, and only the others are compared. */
export function stagedRows(table: Table, { key, version }: Source): string {
  const columns = protectedColumns(table).map(
    ({ name, type, sql }) => `CAST(${sql} AS ${duckdbType(type)}) AS ${quoted(name)}`,
  );
  const row = [
    ...columns,
    `${literal(key)} AS source_file`,
    `${literal(version)} AS source_version`,
    "source_row",
    `CAST(date_trunc('${table.partition.by}', ${quoted(table.partition.column)}) AS DATE) AS dt`,
  ].join(", ");
  const good = "FROM raw ANTI JOIN broken USING (source_row)";
  const repeated = `repeated USING (${list(table.primaryKey)})`;
  return `CREATE TABLE staged AS
    SELECT ${row} ${good} ANTI JOIN ${repeated}
    UNION ALL
    SELECT * FROM (SELECT ${row} ${good} SEMI JOIN ${repeated}) QUALIFY ${isNewest(table)}`;
}

/** A line per broken row: its number, what is wrong with it, and the row with what is sensitive in it masked. */
export function quarantineLines(table: Table, { key, version }: Source, file: string): string {
  const columns = Object.entries(table.columns);
  const problems = columns.flatMap(([name, column]) => {
    const told = rulesOf(name, column).map(
      ({ sql, reason }) => `WHEN NOT coalesce(${sql}, false) THEN ${literal(reason)}`,
    );
    const reason = `CASE ${told.join(" ")} END`;
    return told.length === 0
      ? []
      : [`{'field': ${literal(name)}, 'reason': ${reason}, 'value': ${shown(table, name)}}`];
  });
  const row = columns.map(([name]) => `${literal(name)}: ${shown(table, name)}`);
  return `COPY (
    SELECT ${literal(key)} AS file, ${literal(version)} AS version, source_row AS row,
      list_filter([${problems.join(", ")}], lambda problem: problem.reason IS NOT NULL) AS problems, {${row.join(", ")}} AS record
    FROM raw SEMI JOIN broken USING (source_row) ORDER BY source_row
  ) TO ${literal(file)} (FORMAT json)`;
}

/** How a value is shown to whoever corrects it. A broken row may hold a card number in any column. */
function shown(table: Table, name: string): string {
  const { type, protect } = table.columns[name] ?? {};
  const value = quoted(name);
  if (protect?.kind === "drop") return `if(${value} IS NULL, NULL, 'withheld')`;
  if (protect?.kind === "card" || protect?.kind === "ssn") return `regexp_replace(${value}, '\\p{Nd}', '*', 'g')`;
  if (protect?.kind === "email") return `if(contains(${value}, '@'), masked_email(${value}), 'withheld')`;
  if (type === "varchar") return `masked_text(${value})`;
  return type === "bigint" ? `masked_text(CAST(${value} AS VARCHAR))` : `CAST(${value} AS VARCHAR)`;
}

/** The staged rows of a partition that does not exist yet, as its file. */
export const newPartition = (table: Table, dt: string, file: string): string =>
  toParquet(table, `staged WHERE dt = ${literal(dt)}`, file);

/** The staged rows of a partition and those of its present file, the newest of each key. */
export const mergedRows = (table: Table, dt: string, present: string): string => `CREATE OR REPLACE TEMP TABLE merged AS
  SELECT * FROM (
    SELECT ${list(curatedColumns(table))}, true AS arrived FROM staged WHERE dt = ${literal(dt)}
    UNION ALL
    SELECT ${list(curatedColumns(table))}, false AS arrived FROM read_parquet(${literal(present)}, hive_partitioning = false)
  ) QUALIFY ${isNewest(table, "arrived")}`;

/** Of the merged rows: how many are the staged file's own, and how many of those the present file did not have. */
export const mergedCounts = ({ key, version }: Source): string => `
  SELECT count(*) FILTER (source_file = ${literal(key)} AND source_version = ${literal(version)}) AS own,
    count(*) FILTER (arrived) AS fresh FROM merged`;

/** The merged rows as the partition's next file. */
export const mergedPartition = (table: Table, file: string): string => toParquet(table, "merged", file);

/** Every type is said again: DuckDB reads a file's milliseconds as microseconds, and would write them so. */
function toParquet(table: Table, rows: string, file: string): string {
  const columns = protectedColumns(table).map(
    ({ name, type }) => `CAST(${quoted(name)} AS ${duckdbType(type)}) AS ${quoted(name)}`,
  );
  return `COPY (
    SELECT ${[...columns, list(provenance)].join(", ")} FROM ${rows} ORDER BY ${list(table.primaryKey)}
  ) TO ${literal(file)} (FORMAT parquet, COMPRESSION zstd)`;
}

/**
 * True for the row of each key that wins: newest, then greatest by content, then least by source file. `present` parts what
 * is the same in all of that: a row that stands already stays before its own copy from another version of its file, so that
 * a file that is put again changes nothing.
 */
function isNewest(table: Table, present?: string): string {
  const content = protectedColumns(table).map(({ name }) => `${quoted(name)} DESC NULLS LAST`);
  const [file, ...rest] = provenance;
  const order = [`${quoted(table.version)} DESC`, ...content, file, ...(present ? [present] : []), ...rest];
  return `row_number() OVER (PARTITION BY ${list(table.primaryKey)} ORDER BY ${order.join(", ")}) = 1`;
}

const list = (names: readonly string[]): string => names.map(quoted).join(", ");
