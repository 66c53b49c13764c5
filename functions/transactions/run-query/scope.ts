// scope: what a name in a statement stands for - a column of a relation, of a CTE or of a subquery, and nothing else.
//
// Where a row has no such column PostgreSQL takes `t.x` for x(t), a function of the row, and `t` alone for all of the row; and
// each table has columns that nobody has made.

import type { Value } from "./growth";
import { oneOf } from "./growth";
import { refusal } from "./refusal";

export interface Column {
  readonly name: string;
  readonly value: Value;
}

/** What stands in FROM under a name, or without one. */
export interface Source {
  readonly name: string | undefined;
  readonly columns: readonly Column[];
  /** Whether there is a table in it, which has more columns than questions are answered from. */
  readonly isTable: boolean;
  /** Under its own name, before which that of its schema may stand. */
  readonly schema?: "transactions";
}

/** Of a SELECT: its FROM. The last one is the nearest. */
export type Levels = readonly (readonly Source[])[];

/** https://www.postgresql.org/docs/17/ddl-system-columns.html */
const system: readonly string[] = ["tableoid", "xmin", "cmin", "xmax", "cmax", "ctid"];

export function columnNamed(path: readonly string[], levels: Levels, where: string): Value {
  const name = path.at(-1) ?? "";
  const shown = `"${path.join(".")}"${where}`;
  if (system.includes(name)) throw refusal("ForbiddenName", `${shown} is a column of PostgreSQL's own`);
  if (path.length === 1) return columnAlone(name, levels, shown);
  const found = sourcesNamed(path.slice(0, -1), levels).map(({ columns }) => valuesOf(columns, name));
  if (found.length > 0 && found.every((values) => values.length > 0)) return oneOf(found.flat());
  throw refusal("ForbiddenName", `${shown} is no column of what stands in FROM`);
}

/** As PostgreSQL does, not beyond the nearest level that has it. */
function columnAlone(name: string, levels: Levels, shown: string): Value {
  for (const level of levels.toReversed()) {
    const values = level.flatMap(({ columns }) => valuesOf(columns, name));
    if (values.length > 0) return oneOf(values);
  }
  if (sourcesNamed([name], levels).length > 0) {
    throw refusal("ForbiddenName", `${shown} is a whole row: name the columns`);
  }
  throw refusal("UnknownColumn", `column ${shown} is none of the relations in FROM, and not named in it`);
}

/** Of `*`, where `all` is what all of FROM has, and of `t.*`. */
export function columnsStarred(
  path: readonly string[],
  levels: Levels,
  all: readonly Column[],
  where: string,
): readonly Column[] {
  const sources = path.length === 0 ? (levels.at(-1) ?? []) : sourcesNamed(path, levels);
  const shown = `"${[...path, "*"].join(".")}"${where}`;
  if (path.length > 0 && sources.length !== 1)
    throw refusal("ForbiddenName", `${shown} is of nothing that stands in FROM`);
  if (sources.some(({ isTable }) => isTable)) {
    throw refusal("ForbiddenName", `${shown} stands for all columns of a table: name the columns`);
  }
  return path.length === 0 ? all : (sources[0]?.columns ?? []);
}

/** In the nearest level that has one. */
function sourcesNamed(path: readonly string[], levels: Levels): readonly Source[] {
  const [name, schema] = path.toReversed();
  if (path.length > 2) return [];
  for (const level of levels.toReversed()) {
    const found = level.filter((each) => each.name === name && (schema === undefined || each.schema === schema));
    if (found.length > 0) return found;
  }
  return [];
}

const valuesOf = (columns: readonly Column[], name: string): readonly Value[] =>
  columns.filter((column) => column.name === name).map(({ value }) => value);
