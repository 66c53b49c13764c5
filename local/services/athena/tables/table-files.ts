// table-files: the Parquet files behind a table, as far as a query needs them, as a view of DuckDB's.
//
//   places of the catalog ──(what WHERE says of the partition keys)──> places ──(S3, as the caller)──> files ──> view
//
// Each file is linked into the query's own directory: the query sees it as it is now, whatever becomes of the object.

import type { DuckDBConnection } from "@duckdb/node-api";
import { literal, quoted } from "../../../../schemas/sql-text";
import type { Catalog, CatalogTable } from "../../glue/catalog";
import type { Reference } from "../dialect/compile";
import { duckType, typeName } from "../dialect/types";
import { queryError } from "../query-error";
import type { S3AsCaller } from "../s3-as-caller";
import { readAs, readsAs } from "./file-types";
import type { FileColumn, Footer, Footers } from "./footers";
import { filesIn, type LinkedFile } from "./linked-files";
import { partitionValue, prunedPlaces } from "./pruning";
import { columnsOf, type TableColumn } from "./table-columns";

export interface ViewRequest {
  readonly view: string;
  readonly table: CatalogTable;
  /** Columns that the query's answer depends on. */
  readonly reads: ReadonlySet<string>;
  readonly references: readonly Reference[];
}

export interface Around {
  readonly connection: DuckDBConnection;
  readonly catalog: Catalog;
  readonly s3: S3AsCaller;
  readonly footers: Footers;
  /** The query's own. */
  readonly directory: string;
  readonly now: number;
}

/** Makes the view; gives the bytes that a query of these columns reads. */
export async function createView(request: ViewRequest, around: Around): Promise<number> {
  const { table, reads } = request;
  if (!/parquet/i.test(table.serde) && !/parquet/i.test(table.inputFormat)) {
    throw queryError(
      "NOT_SUPPORTED",
      `Table ${table.name} is read by ${table.serde || "no serde"}, and here only Parquet is`,
    );
  }
  const places = await prunedPlaces(request, around);
  const files = await filesIn(places, request, around);
  const footers = await around.footers(around.connection, files);
  for (const [index, { columns }] of footers.entries()) checkTypes(request, columns, files[index]?.object ?? "");
  await defineView(request, files, footers, around);
  const bytes = (columns: Footer["columns"]) =>
    [...reads].reduce((total, name) => total + (columns.get(name)?.bytes ?? 0), 0);
  return footers.reduce((total, { columns }) => total + bytes(columns), 0);
}

function checkTypes({ table, reads }: ViewRequest, columns: ReadonlyMap<string, FileColumn>, object: string): void {
  for (const { name, type, partition, hidden } of columnsOf(table)) {
    const column = columns.get(name);
    if (partition || hidden || column === undefined || !reads.has(name) || readsAs(column, type)) continue;
    throw queryError(
      "HIVE_BAD_DATA",
      `Field ${name}'s type ${column.parquet} in parquet file ${object} is incompatible with type ${typeName(type)} defined in table schema`,
    );
  }
}

async function defineView(
  { view, table, reads }: ViewRequest,
  files: readonly LinkedFile[],
  footers: readonly Footer[],
  { connection }: Around,
) {
  const columns = columnsOf(table);
  const typesOf = (name: string) => new Set(footers.flatMap(({ columns: own }) => own.get(name)?.type ?? []));
  const items = columns.map(
    (column) => `${source(column, typesOf(column.name), reads.has(column.name))} AS ${quoted(column.name)}`,
  );
  if (files.length === 0) {
    const empty = columns.map(({ name, type }) => `CAST(NULL AS ${duckType(type)}) AS ${quoted(name)}`);
    await connection.run(`CREATE TEMP VIEW ${view} AS SELECT ${empty.join(", ")} WHERE false`);
    return;
  }
  const keys = columns.filter(({ partition }) => partition);
  await connection.run(
    `CREATE TEMP TABLE ${view}_files (tributary_file INTEGER, tributary_path VARCHAR${keys.map((key) => `, ${quoted(key.name)} VARCHAR`).join("")})`,
  );
  const appender = await connection.createAppender(`${view}_files`);
  for (const [index, { object, place }] of files.entries()) {
    appender.appendInteger(index);
    appender.appendVarchar(object);
    for (const value of place.values) appender.appendVarchar(value);
    appender.endRow();
  }
  appender.closeSync();
  // Files of one kind are read as the first of them is; of several kinds every one is looked at.
  const kinds = new Set(
    footers.map(({ columns: own }) => JSON.stringify([...own].map(([name, { type }]) => [name, type]))),
  );
  const nested = columns.some(({ type }) => ["array", "map", "row"].includes(type.kind));
  const mixed = kinds.size > 1 || nested ? ", union_by_name = true" : "";
  const list = files.map(({ path }) => literal(path)).join(", ");
  const scan = `read_parquet([${list}], hive_partitioning = true, hive_types = {'tributary_file': INTEGER}${mixed})`;
  const byFile = reads.has("$path") || keys.some(({ name }) => reads.has(name));
  const joined = byFile ? ` JOIN ${view}_files AS f ON f.tributary_file = d.tributary_file` : "";
  const all = byFile
    ? items
    : items.map((item, index) => (isOfFile(columns[index]) ? `NULL AS ${quoted(columns[index]?.name ?? "")}` : item));
  await connection.run(`CREATE TEMP VIEW ${view} AS SELECT ${all.join(", ")} FROM ${scan} AS d${joined}`);
}

const isOfFile = (column: TableColumn | undefined): boolean => column?.partition === true || column?.hidden === true;

/** Where a column's values come from. What no file has is NULL; what is of another type and not asked for is not looked at. */
function source({ name, type, partition, hidden }: TableColumn, types: ReadonlySet<string>, read: boolean): string {
  if (hidden) return "f.tributary_path";
  if (partition) return partitionValue(`f.${quoted(name)}`, type);
  const [only, another] = types;
  const missing = `CAST(NULL AS ${duckType(type)})`;
  if (only === undefined || !read) return missing;
  return readAs(`d.${quoted(name)}`, type, another === undefined ? only : undefined);
}
