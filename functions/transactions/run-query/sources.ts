// sources: what FROM gives - relations, CTEs, subqueries and joins of them, each with its columns.

import { expressionValue, type Sight } from "./expression-value";
import { longestName, oneOf, small, type Value } from "./growth";
import { type Fields, textsOf } from "./named";
import { relations } from "./relations";
import type { Column, Source } from "./scope";

export interface From {
  readonly sources: readonly Source[];
  /** What `*` stands for. */
  readonly columns: readonly Column[];
}

/** With a comma between them. */
export function fromOf(items: readonly Fields[], sight: Sight): From {
  let from: From = { sources: [], columns: [] };
  for (const item of items) {
    const { sources, columns } = itemOf(item, from.sources, sight);
    from = { sources: [...from.sources, ...sources], columns: [...from.columns, ...columns] };
  }
  return from;
}

/** The first ones of them. */
export const renamed = (columns: readonly Column[], names: readonly string[]): readonly Column[] =>
  columns.map(({ name, value }, index) => ({ name: names[index] ?? name, value }));

/** `before` is what LATERAL sees. */
function itemOf(item: Fields, before: readonly Source[], sight: Sight): From {
  const [[kind, value] = ["", {}]] = Object.entries(item);
  const fields = value as Fields;
  switch (kind) {
    case "RangeVar":
      return table(fields, sight);
    case "RangeSubselect":
      return subquery(fields, before, sight);
    default:
      return join(fields, before, sight);
  }
}

function table({ relname, schemaname, alias }: Fields, { ctes }: Sight): From {
  const name = String(relname);
  const cte = schemaname === undefined ? ctes.findLast((each) => each.name === name) : undefined;
  const columns = cte?.columns ?? relationColumns(name);
  const source = { name, columns, isTable: cte === undefined };
  if (alias === undefined) return only(cte === undefined ? { ...source, schema: "transactions" } : source);
  return only(aliased(source, alias as Fields));
}

const relationColumns = (name: string): readonly Column[] =>
  Object.entries(relations[name]?.columns ?? {}).map(([column, told]) => ({ name: column, value: ofType(told) }));

const ofType = (told: string): Value => (told.startsWith("text") ? { size: longestName, kind: "text" } : small);

function subquery({ lateral, subquery, alias }: Fields, before: readonly Source[], sight: Sight): From {
  const levels = lateral === true ? [...sight.levels, before] : sight.levels;
  const { SelectStmt } = subquery as { readonly SelectStmt: Fields };
  const columns = sight.columnsOf(SelectStmt, { ...sight, levels, isOutermost: false });
  const source = { name: undefined, columns, isTable: false };
  return only(alias === undefined ? source : aliased(source, alias as Fields));
}

function join(fields: Fields, before: readonly Source[], sight: Sight): From {
  const left = itemOf(fields.larg as Fields, before, sight);
  const right = itemOf(fields.rarg as Fields, [...before, ...left.sources], sight);
  const sources = [...left.sources, ...right.sources];
  if (fields.quals !== undefined) expressionValue(fields.quals, { ...sight, levels: [...sight.levels, sources] });

  const shared = fields.isNatural === true ? namesOfBoth(left, right) : textsOf(fields.usingClause);
  const merged = shared.map((name) => ({ name, value: oneOf(valuesOf([left, right], name)) }));
  const apart = [...left.columns, ...right.columns].filter(({ name }) => !shared.includes(name));
  const columns = [...merged, ...apart];
  const isTable = sources.some((each) => each.isTable);
  // A join under a name hides those of what it joins.
  if (fields.alias !== undefined) return only(aliased({ name: undefined, columns, isTable }, fields.alias as Fields));
  const using = fields.join_using_alias as Fields | undefined;
  if (using === undefined) return { sources, columns };
  return { sources: [...sources, aliased({ name: undefined, columns: merged, isTable: false }, using)], columns };
}

const namesOfBoth = (left: From, right: From): readonly string[] =>
  left.columns.map(({ name }) => name).filter((name) => right.columns.some((column) => column.name === name));

const valuesOf = (sides: readonly From[], name: string): readonly Value[] =>
  sides.flatMap(({ columns }) => columns.filter((column) => column.name === name).map(({ value }) => value));

const aliased = ({ columns, isTable }: Source, { aliasname, colnames }: Fields): Source => ({
  name: String(aliasname),
  columns: renamed(columns, textsOf(colnames)),
  isTable,
});

const only = (source: Source): From => ({ sources: [source], columns: source.columns });
