// show: SHOW and DESCRIBE, which Athena reads in Hive's words. https://docs.aws.amazon.com/athena/latest/ug/ddl-reference.html

import type { Catalog } from "../glue/catalog";
import type { ResultColumn, StatementKind } from "./execution";
import { type QueryError, queryError } from "./query-error";

export interface Shown {
  readonly columns: readonly ResultColumn[];
  readonly lines: readonly string[];
}

export interface Show {
  readonly kind: StatementKind;
  /** What of the catalog it reads, with IAM's word for it. */
  readonly reads: { readonly action: string; readonly database?: string; readonly table?: string };
  readonly run: (catalog: Catalog) => Shown;
}

const name = '[`"]?([A-Za-z0-9_-]+)[`"]?';

/** The statement, where it is one of these; `database` is that of the context. */
export function showOf(sql: string, database: string): Show | undefined {
  const text = withoutComments(sql);
  const match = (pattern: string) => new RegExp(`^${pattern}$`, "i").exec(text);
  const utility = (word: string): StatementKind => ({ type: "UTILITY", name: word });
  const single = (column: string): readonly ResultColumn[] => [{ name: column, type: "string" }];

  const databases = match("SHOW (?:DATABASES|SCHEMAS)(?: (?:LIKE )?'([^']*)')?");
  if (databases !== null) {
    return {
      kind: utility("SHOW_DATABASES"),
      reads: { action: "GetDatabases" },
      run: (catalog) => ({
        columns: single("database_name"),
        lines: catalog
          .databases()
          .map((each) => each.name)
          .filter(like(databases[1])),
      }),
    };
  }
  const tables = match(`SHOW TABLES(?: (?:IN|FROM) ${name})?(?: (?:LIKE )?'([^']*)')?`);
  if (tables !== null) {
    const [, inDatabase = database, pattern] = tables;
    return {
      kind: utility("SHOW_TABLES"),
      reads: { action: "GetTables", database: inDatabase, table: "*" },
      run(catalog) {
        databaseOf(catalog, inDatabase);
        return {
          columns: single("tab_name"),
          lines: catalog
            .tables(inDatabase)
            .map((each) => each.name)
            .filter(like(pattern)),
        };
      },
    };
  }
  const partitions = match(`SHOW PARTITIONS (?:${name}\\.)?${name}`);
  if (partitions !== null) {
    const [, inDatabase = database, table = ""] = partitions;
    return {
      kind: utility("SHOW_PARTITIONS"),
      reads: { action: "GetPartitions", database: inDatabase, table },
      run(catalog) {
        const { partitionKeys } = tableOf(catalog, inDatabase, table);
        const lines = catalog
          .partitions(inDatabase, table)
          .map(({ values }) => values.map((value, index) => `${partitionKeys[index]?.name}=${value}`).join("/"));
        return { columns: single("partition"), lines };
      },
    };
  }
  const columns = match(`SHOW COLUMNS (?:IN|FROM) (?:${name}\\.)?${name}(?: (?:IN|FROM) ${name})?`);
  if (columns !== null) {
    const [, before, table = "", behind] = columns;
    const inDatabase = before ?? behind ?? database;
    return {
      kind: utility("SHOW_COLUMNS"),
      reads: { action: "GetTable", database: inDatabase, table },
      run(catalog) {
        const found = tableOf(catalog, inDatabase, table);
        return {
          columns: single("field"),
          lines: [...found.columns, ...found.partitionKeys].map((each) => each.name.padEnd(20)),
        };
      },
    };
  }
  const described = match(`(?:DESCRIBE|DESC)(?: TABLE)? (?:${name}\\.)?${name}`);
  if (described !== null) {
    const [, inDatabase = database, table = ""] = described;
    return {
      kind: utility("DESCRIBE_TABLE"),
      reads: { action: "GetTable", database: inDatabase, table },
      run(catalog) {
        const found = tableOf(catalog, inDatabase, table);
        const row = ({ name: column, type, comment = "" }: { name: string; type: string; comment?: string }) =>
          [column, type, comment].map((part) => part.padEnd(20)).join("\t");
        const partitioned =
          found.partitionKeys.length === 0
            ? []
            : [
                "\t \t ",
                "# Partition Information\t \t ",
                "# col_name            \tdata_type           \tcomment             ",
                "\t \t ",
                ...found.partitionKeys.map(row),
              ];
        return {
          columns: ["col_name", "data_type", "comment"].map((column) => ({ name: column, type: "string" as const })),
          lines: [...[...found.columns, ...found.partitionKeys].map(row), ...partitioned],
        };
      },
    };
  }
  return undefined;
}

export const withoutComments = (sql: string): string =>
  sql
    .replaceAll(/'(?:[^']|'')*'|"(?:[^"]|"")*"|--[^\n]*|\/\*[\s\S]*?\*\//g, (piece) =>
      /^(--|\/\*)/.test(piece) ? " " : piece,
    )
    .replace(/[\s;]+$/, "")
    .trim()
    .replaceAll(/\s+/g, " ");

/** Hive's patterns: `*` is anything, `|` is or. */
function like(pattern: string | undefined): (text: string) => boolean {
  if (pattern === undefined) return () => true;
  const source = pattern.replaceAll(/[.+?^${}()[\]\\]/g, "\\$&").replaceAll(/[*%]/g, ".*");
  return (text) => new RegExp(`^(?:${source})$`, "i").test(text);
}

function databaseOf(catalog: Catalog, database: string) {
  if (catalog.database(database) === undefined)
    throw missing("SCHEMA_NOT_FOUND", `Schema '${database}' does not exist`);
}

function tableOf(catalog: Catalog, database: string, table: string) {
  databaseOf(catalog, database);
  const found = catalog.table(database, table);
  if (found === undefined) throw missing("TABLE_NOT_FOUND", `Table '${database}.${table}' does not exist`);
  return found;
}

const missing = (code: string, message: string): QueryError => queryError(code, message);
