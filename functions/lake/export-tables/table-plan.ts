// table-plan: how the columns of a table in the source become those of the lake.

import type { ColumnType, Table } from "../../../schemas/tables";
import { exportProblem } from "./export-problem";

/** A column as the source's own catalog has it: `numeric(12,2)`, `varchar(200)`, `tinyint(1)`. */
export interface SourceColumn {
  readonly name: string;
  readonly type: string;
}

export interface PlannedColumn {
  /** In the lake, which writes it small. */
  readonly name: string;
  readonly type: ColumnType;
  readonly source: SourceColumn;
  /** Whether the source's type leaves no value that is not one of the lake's type, so that its text need not be looked at. */
  readonly fits: boolean;
  /** Whether one value may be longer than a raw file may hold. */
  readonly unbounded: boolean;
}

export interface TablePlan {
  readonly name: string;
  /** In the order in which the table declares them. */
  readonly columns: readonly PlannedColumn[];
  /** The version column, then the primary key: what the rows are ordered by. */
  readonly order: readonly PlannedColumn[];
}

/** In bytes; what raw-to-curated takes. */
export const longestText = 1_024 * 1_024;

/** Throws what the source lacks. Columns that only the source has stay there. */
export function planTable(name: string, table: Table, found: readonly SourceColumn[]): TablePlan {
  const cannot = (what: string) => exportProblem("SourceTable", `Cannot export "${name}": ${what}`);
  if (found.length === 0) throw cannot("the source has no such table, or its user may not see it");
  const byName = new Map(found.map((column) => [column.name.toLowerCase(), column]));
  const missing = Object.keys(table.columns).filter((column) => !byName.has(column));
  if (missing.length > 0) {
    throw cannot(`the source's table lacks ${missing.map((column) => `"${column}"`).join(", ")}`);
  }
  const columns = Object.entries(table.columns).map(([column, { type }]): PlannedColumn => {
    const source = byName.get(column) as SourceColumn;
    return { name: column, type, source, fits: fits(type, source.type), unbounded: !isBounded(source.type) };
  });
  const order = [table.version, ...table.primaryKey].map(
    (column) => columns.find((planned) => planned.name === column) as PlannedColumn,
  );
  const version = order[0]?.source.type ?? "";
  if (!/^(timestamp|datetime)/.test(version)) {
    throw cannot(`its "${table.version}" is ${version} in the source and must be a timestamp, to tell what is new`);
  }
  return { name, columns, order };
}

const integers: Readonly<Record<string, readonly string[]>> = {
  integer: ["integer", "int", "mediumint", "smallint", "tinyint"],
  bigint: ["bigint", "integer", "int", "mediumint", "smallint", "tinyint"],
};

function fits(type: ColumnType, source: string): boolean {
  // `int(11)`: the number is how wide MySQL shows it.
  const word = source.replace(/\(.*/, "");
  if (type === "varchar") return true;
  if (type === "integer" || type === "bigint") {
    return integers[type]?.includes(word) === true && !source.includes("unsigned");
  }
  if (type === "timestamp") return word.startsWith("timestamp") || word === "datetime";
  if (type === "date") return word === "date";
  if (type === "double") return ["double", "double precision", "real", "float"].includes(word);
  if (type === "boolean") return word === "boolean";
  const [, precision, scale] = /^(?:numeric|decimal)\((\d+),(\d+)\)/.exec(source) ?? [];
  const [digits = 0, decimals = 0] = [...type.matchAll(/\d+/g)].map(Number);
  return scale !== undefined && Number(scale) <= decimals && Number(precision) - Number(scale) <= digits - decimals;
}

const fixed = /^(big|small|tiny|medium)?int|^(numeric|decimal|double|float|real|bool|bit\(1\)|date|time|year|uuid)/;

function isBounded(source: string): boolean {
  const [, characters] = /^(?:character varying|character|varchar|char)\((\d+)\)/.exec(source) ?? [];
  // A character of UTF-8 has four bytes at most.
  return characters === undefined ? fixed.test(source) : Number(characters) * 4 <= longestText;
}
