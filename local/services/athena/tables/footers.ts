// footers: what Parquet files say of themselves: their columns, with types and compressed sizes. Each is read once.

import { statSync } from "node:fs";
import type { DuckDBConnection } from "@duckdb/node-api";
import { literal } from "../../../../schemas/sql-text";
import { queryError } from "../query-error";

export interface Footer {
  /** By name in lower case. */
  readonly columns: ReadonlyMap<string, FileColumn>;
}

export interface FileColumn {
  /** DuckDB's type, STRUCT, LIST or MAP where it is made of others. */
  readonly type: string;
  /** Parquet's, for the error. */
  readonly parquet: string;
  /** Compressed, over all row groups and everything within it. */
  readonly bytes: number;
}

/** Gives the footers of files; `connection` may still open them. */
export type Footers = (connection: DuckDBConnection, files: readonly File[]) => Promise<readonly Footer[]>;

export interface File {
  readonly path: string;
  /** `s3://bucket/key`, for the error. */
  readonly object: string;
}

/** So many are remembered. */
const most = 50_000;

export function footerReader(): Footers {
  const known = new Map<string, Footer>();
  return async (connection, files) => {
    const identities = files.map(({ path }) => identityOf(path));
    const missing = files.filter((_, index) => !known.has(identities[index] ?? ""));
    const read = await readFooters(connection, missing);
    if (known.size + read.size > most) known.clear();
    const found = files.map(({ path }, index) => {
      const identity = identities[index] ?? "";
      const footer = read.get(path) ?? known.get(identity) ?? { columns: new Map() };
      known.set(identity, footer);
      return footer;
    });
    return found;
  };
}

/** Of the bytes and not of the name: an object that is replaced is another file. */
function identityOf(path: string): string {
  const { ino, size, mtimeMs } = statSync(path);
  return `${ino} ${size} ${mtimeMs}`;
}

async function readFooters(connection: DuckDBConnection, files: readonly File[]): Promise<ReadonlyMap<string, Footer>> {
  if (files.length === 0) return new Map();
  const list = `[${files.map(({ path }) => literal(path)).join(", ")}]`;
  const rows = async (sql: string) => (await connection.runAndReadAll(sql)).getRowObjectsJson();
  try {
    const schema = await rows(
      `SELECT file_name, name, type, logical_type, converted_type, num_children, duckdb_type FROM parquet_schema(${list})`,
    );
    const sizes = await rows(
      `SELECT file_name, lower(split_part(path_in_schema, ', ', 1)) AS name, CAST(sum(total_compressed_size) AS BIGINT) AS bytes FROM parquet_metadata(${list}) GROUP BY ALL`,
    );
    const bytes = new Map(sizes.map(({ file_name: file, name, bytes: size }) => [`${file}/${name}`, Number(size)]));
    const byFile = Map.groupBy(schema, ({ file_name: file }) => String(file));
    return new Map(
      [...byFile].map(([file, elements]) => [
        file,
        { columns: columnsOf(elements, (name) => bytes.get(`${file}/${name}`) ?? 0) },
      ]),
    );
  } catch (error) {
    if (files.length > 1) {
      // Which of them it was, nobody says.
      const each: ReadonlyMap<string, Footer>[] = [];
      for (const file of files) each.push(await readFooters(connection, [file]));
      return new Map(each.flatMap((footers) => [...footers]));
    }
    const [file] = files;
    throw queryError(
      "HIVE_BAD_DATA",
      `Not valid Parquet file: ${file?.object}: ${(error as Error).message.split("\n")[0]}`,
    );
  }
}

type Element = Readonly<Record<string, unknown>>;

/** The elements of a schema come depth first, each with the number of its children. */
function columnsOf(elements: readonly Element[], bytesOf: (name: string) => number): ReadonlyMap<string, FileColumn> {
  const columns = new Map<string, FileColumn>();
  let at = 1;
  while (at < elements.length) {
    const element = elements[at] ?? {};
    const name = String(element.name).toLowerCase();
    const kind = String(element.converted_type ?? element.logical_type ?? "").toUpperCase();
    const nested = kind.startsWith("LIST") ? "LIST" : kind.startsWith("MAP") ? "MAP" : "STRUCT";
    const leaf = element.duckdb_type;
    columns.set(name, {
      type: leaf == null ? nested : String(leaf),
      parquet: element.type == null ? nested : String(element.type),
      bytes: bytesOf(name),
    });
    at = after(elements, at);
  }
  return columns;
}

function after(elements: readonly Element[], at: number): number {
  let next = at + 1;
  for (let child = 0; child < Number(elements[at]?.num_children ?? 0); child += 1) next = after(elements, next);
  return next;
}
