// pruning: which of a table's places a query may need, by what WHERE says of the partition keys.

import type { DuckDBConnection } from "@duckdb/node-api";
import { quoted } from "../../../../schemas/sql-text";
import { castTo } from "../dialect/casts";
import { duckType, type Type, varchar } from "../dialect/types";
import { type Place, placesOf } from "./partitions";
import { columnsOf } from "./table-columns";
import type { Around, ViewRequest } from "./table-files";

/** The places that one of the references to the table may need. */
export async function prunedPlaces(
  { view, table, references }: ViewRequest,
  { connection, catalog, now }: Around,
): Promise<readonly Place[]> {
  const equal = (key: string) => {
    const values = references.map(({ equals }) => equals.get(key));
    return values.every((value) => value === values[0]) ? values[0] : undefined;
  };
  const places = placesOf(table, () => catalog.partitions(table.database, table.name), now, equal);
  if (table.partitionKeys.length === 0 || references.some(({ conditions }) => conditions.length === 0)) return places;
  const keys = columnsOf(table).filter(({ partition }) => partition);
  const name = `${view}_places`;
  await connection.run(
    `CREATE TEMP TABLE ${name} (tributary_place INTEGER${keys.map((key) => `, ${quoted(key.name)} VARCHAR`).join("")})`,
  );
  const appender = await connection.createAppender(name);
  for (const [index, { values }] of places.entries()) {
    appender.appendInteger(index);
    for (const value of values) appender.appendVarchar(value);
    appender.endRow();
  }
  appender.closeSync();
  const needed = new Set<number>();
  for (const { names, conditions } of references) {
    const typed = keys.map((key) => `${partitionValue(quoted(key.name), key.type)} AS ${names.get(key.name)}`);
    // Where a place of NULLs passes, the condition does not part the places: on an outer join's far side it finds what is missing.
    const nulls = keys.map((key) => `CAST(NULL AS ${duckType(key.type)}) AS ${names.get(key.name)}`);
    for (const row of await rowsOf(
      connection,
      `SELECT coalesce((${conditions.join(" AND ")}), false) FROM (SELECT ${nulls.join(", ")})`,
    )) {
      if (row[0] === true) return places;
    }
    for (const [place] of await rowsOf(
      connection,
      `SELECT tributary_place FROM (SELECT tributary_place, ${typed.join(", ")} FROM ${name}) WHERE ${conditions.join(" AND ")}`,
    )) {
      needed.add(Number(place));
    }
  }
  return places.filter((_, index) => needed.has(index));
}

const rowsOf = async (connection: DuckDBConnection, sql: string) => (await connection.runAndReadAll(sql)).getRows();

/** A partition's value is text in its name, `__HIVE_DEFAULT_PARTITION__` for NULL. */
export const partitionValue = (sql: string, type: Type): string =>
  castTo({ sql: `nullif(${sql}, '__HIVE_DEFAULT_PARTITION__')`, type: varchar }, type, { line: 1, column: 1 }).sql;
