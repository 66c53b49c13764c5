// information-schema: the tables about the tables. https://docs.aws.amazon.com/athena/latest/ug/querying-glue-catalog.html

import type { DuckDBConnection } from "@duckdb/node-api";
import { literal } from "../../../schemas/sql-text";
import type { Catalog } from "../glue/catalog";
import type { Table } from "./dialect/compile";
import { hiveType, of, typeName, varchar } from "./dialect/types";
import { type Place, queryError } from "./query-error";

export const isInformationSchema = (database: string): boolean => database === "information_schema";

const catalogName = "awsdatacatalog";

const shapes: Readonly<Record<string, readonly string[]>> = {
  schemata: ["catalog_name", "schema_name"],
  tables: ["table_catalog", "table_schema", "table_name", "table_type"],
  columns: [
    "table_catalog",
    "table_schema",
    "table_name",
    "column_name",
    "ordinal_position",
    "is_nullable",
    "data_type",
  ],
};

export function informationSchema(
  catalog: Catalog,
  mustRead: (action: string, database?: string, table?: string) => void,
) {
  const asked = new Set<string>();
  return {
    table(name: string, at: Place): Table {
      const columns = Object.hasOwn(shapes, name) ? shapes[name] : undefined;
      if (columns === undefined)
        throw queryError("TABLE_NOT_FOUND", `Table '${catalogName}.information_schema.${name}' does not exist`, at);
      mustRead("GetDatabases");
      if (name !== "schemata") for (const database of catalog.databases()) mustRead("GetTables", database.name, "*");
      asked.add(name);
      return {
        view: `information_schema_${name}`,
        name: [catalogName, "information_schema", name],
        columns: columns.map((column) => ({
          name: column,
          type: column === "ordinal_position" ? of("bigint") : varchar,
        })),
      };
    },
    async create(connection: DuckDBConnection): Promise<void> {
      for (const name of asked) {
        const columns = (shapes[name] ?? []).join(", ");
        const rows = rowsOf(name, catalog).map(
          (row) => `(${row.map((value) => (typeof value === "number" ? value : literal(value))).join(", ")})`,
        );
        const values =
          rows.length === 0
            ? `SELECT ${(shapes[name] ?? []).map(() => "NULL").join(", ")} WHERE false`
            : `VALUES ${rows.join(", ")}`;
        await connection.run(`CREATE TEMP VIEW information_schema_${name} (${columns}) AS ${values}`);
      }
    },
  };
}

function rowsOf(name: string, catalog: Catalog): (string | number)[][] {
  const databases = catalog.databases();
  if (name === "schemata") return databases.map((database) => [catalogName, database.name]);
  const tables = databases.flatMap((database) => catalog.tables(database.name));
  if (name === "tables") return tables.map((table) => [catalogName, table.database, table.name, "BASE TABLE"]);
  return tables.flatMap((table) =>
    [...table.columns, ...table.partitionKeys].map(({ name: column, type }, index) => {
      const known = hiveType(type);
      return [
        catalogName,
        table.database,
        table.name,
        column,
        index + 1,
        "YES",
        known === undefined ? type : typeName(known),
      ];
    }),
  );
}
