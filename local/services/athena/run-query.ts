// run-query: one query from its text to its file of results.
//
//   text ──> syntax ──> tables of the catalog ──> DuckDB's text ──> files as views ──> rows ──> {id}.csv
//
// Nothing of it outlives the query: the database, the links to the files and what it spilled are gone with its end.

import { once } from "node:events";
import { createWriteStream, mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { finished } from "node:stream/promises";
import type { QueryContext } from "dt-sql-parser/dist/lib/trino/TrinoSqlParser";
import type { Clock } from "../../clock";
import type { Catalog, CatalogTable } from "../glue/catalog";
import type { Compiled } from "./dialect/compile";
import { type Engine, lockEngine, openEngine } from "./engine/duckdb";
import { printed } from "./engine/print";
import type { Execution } from "./execution";
import { asQueryError } from "./failures";
import { informationSchema, isInformationSchema } from "./information-schema";
import { type Place, queryError } from "./query-error";
import { csvLine } from "./results";
import { type S3AsCaller, s3Location } from "./s3-as-caller";
import type { Statement } from "./statement";
import type { Footers } from "./tables/footers";
import { columnsOf } from "./tables/table-columns";
import { createView } from "./tables/table-files";
import { unload } from "./unload";

export interface Around {
  readonly catalog: Catalog;
  readonly s3: S3AsCaller;
  /** Throws PERMISSION_DENIED where the caller lacks it. */
  readonly mustRead: (action: string, database?: string, table?: string) => void;
  readonly footers: Footers;
  readonly clock: Clock;
  /** For the query alone; it goes with it. */
  readonly directory: string;
  /** Bytes that the workgroup lets a query scan. */
  readonly limit: number | undefined;
  readonly signal: AbortSignal;
}

/** Runs it and notes in `execution` what becomes known on the way; throws a query error, or what `signal` was aborted with. */
export async function runQuery(statement: Statement, execution: Execution, around: Around): Promise<void> {
  const { directory, signal } = around;
  mkdirSync(directory, { recursive: true });
  try {
    await run(statement, execution, around);
  } catch (error) {
    if (signal.aborted) throw signal.reason;
    throw asQueryError(error as Error);
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

async function run(statement: Statement, execution: Execution, around: Around): Promise<void> {
  const { bucket } = locationOf(execution);
  if (statement.is === "refused") throw statement.error;
  await around.s3.location(bucket);
  if (statement.is === "show") {
    const { reads, run: show } = statement.show;
    around.mustRead(reads.action, reads.database, reads.table);
    const { columns, lines } = show(around.catalog);
    execution.columns = columns;
    execution.rows = lines.length;
    await store(
      execution,
      around,
      lines.map((line) => `${line}\n`),
    );
    return;
  }
  const query = statement.is === "unload" ? statement.unload.query : statement.query;
  const engine = await openEngine(around.directory);
  let again: NodeJS.Timeout | undefined;
  // Again and again: one that comes between two steps interrupts neither of them.
  const stop = () => {
    engine.connection.interrupt();
    again = setTimeout(stop, 20);
  };
  around.signal.addEventListener("abort", stop);
  try {
    around.signal.throwIfAborted();
    const compiled = await prepare(query, execution, engine, around);
    execution.columns = compiled.columns;
    if (statement.is === "unload") await unload(statement.unload, compiled, execution, engine, around);
    else await select(compiled, execution, engine, around);
  } finally {
    around.signal.removeEventListener("abort", stop);
    clearTimeout(again);
    await engine.end();
  }
}

/** The query as DuckDB's, over views of exactly the files that it needs. */
async function prepare(query: QueryContext, execution: Execution, engine: Engine, around: Around): Promise<Compiled> {
  const began = around.clock.now();
  const { compile, expressionOf, parameterPlaces } = require("./dialect/dialect") as typeof import("./dialect/dialect");
  const tables = new Map<string, { readonly view: string; readonly table: CatalogTable }>();
  const places = parameterPlaces(execution.query);
  const { parameters } = execution;
  if (places.length !== parameters.length) {
    const message = `Incorrect number of parameters: expected ${places.length} but found ${parameters.length}`;
    throw queryError("INVALID_PARAMETER_USAGE", message, { line: 1, column: 1 });
  }
  // Athena looks at it before any query (User Guide, "Fine-grained access to databases and tables in the Data Catalog").
  around.mustRead("GetDatabase", "default");
  const schemas = informationSchema(around.catalog, around.mustRead);
  const compiled = compile(query, {
    parameters,
    places,
    parse: expressionOf,
    table(parts, at) {
      const [name = "", database = execution.database ?? "default", catalog = execution.catalog] = [...parts]
        .reverse()
        .map((part) => part.toLowerCase());
      if (catalog.toLowerCase() !== "awsdatacatalog")
        throw queryError("NOT_SUPPORTED", `The catalog ${catalog} is not imitated here`, at);
      if (isInformationSchema(database)) return schemas.table(name, at);
      const table = tableOf(database, name, at, around);
      const key = `${database}.${name}`;
      const view = tables.get(key)?.view ?? `t${tables.size + 1}`;
      tables.set(key, { view, table });
      return { view, name: ["awsdatacatalog", database, name], columns: columnsOf(table) };
    },
  });
  const { connection } = engine;
  await schemas.create(connection);
  const now = around.clock.now();
  for (const { view, table } of tables.values()) {
    const references = compiled.references.filter((each) => each.view === view);
    const reads = compiled.reads.get(view) ?? new Set<string>();
    execution.scanned += await createView({ view, table, reads, references }, { ...around, connection, now });
    around.signal.throwIfAborted();
  }
  execution.planning = around.clock.now() - began;
  if (around.limit !== undefined && execution.scanned > around.limit) throw overLimit();
  await lockEngine(engine, around.directory);
  return compiled;
}

/** Athena cancels such a query; it does not fail. */
const overLimit = (): Error => Object.assign(new Error("Bytes scanned limit was exceeded"), { name: "CANCELLED" });

function tableOf(database: string, name: string, at: Place, { catalog, mustRead }: Around): CatalogTable {
  mustRead("GetDatabase", database);
  if (catalog.database(database) === undefined)
    throw queryError("SCHEMA_NOT_FOUND", `Schema '${database}' does not exist`, at);
  mustRead("GetTable", database, name);
  const table = catalog.table(database, name);
  if (table === undefined) {
    throw queryError("TABLE_NOT_FOUND", `Table 'awsdatacatalog.${database}.${name}' does not exist`, at);
  }
  if (table.partitionKeys.length > 0) mustRead("GetPartitions", database, name);
  return table;
}

async function select(
  { sql, columns }: Compiled,
  execution: Execution,
  { connection }: Engine,
  around: Around,
): Promise<void> {
  const result = await connection.stream(sql);
  async function* lines() {
    yield csvLine(columns.map(({ name }) => name));
    for (
      let chunk = await result.fetchChunk();
      chunk !== null && chunk.rowCount > 0;
      chunk = await result.fetchChunk()
    ) {
      around.signal.throwIfAborted();
      const rows = chunk.getRows();
      execution.rows += rows.length;
      yield rows.map((row) => csvLine(columns.map(({ type }, index) => printed(row[index] ?? null, type)))).join("");
    }
  }
  await store(execution, around, lines());
}

/** By way of a file, because S3 wants to know the length first. */
async function store(
  execution: Execution,
  { directory, s3, signal }: Around,
  pieces: Iterable<string> | AsyncIterable<string>,
): Promise<void> {
  const path = join(directory, "result");
  const file = createWriteStream(path);
  for await (const piece of pieces) {
    if (!file.write(piece)) await once(file, "drain");
  }
  file.end();
  await finished(file);
  signal.throwIfAborted();
  const { bucket, key } = locationOf(execution);
  await s3.put(bucket, key, { file: path });
}

function locationOf({ output }: Execution) {
  const location = s3Location(output);
  if (location === undefined) throw queryError("INVALID_INPUT", `"${output}" is no location in S3`);
  return location;
}
