// columns-of: the columns that a SELECT gives, and what each may come to. On the way each name in it is found where PostgreSQL
// will find it, or refused.
//
//   WITH ──> FROM ──> the columns ──> WHERE, HAVING, WINDOW ──> GROUP BY, DISTINCT, ORDER BY, LIMIT

import { expressionValue, type Sight } from "./expression-value";
import { oneOf } from "./growth";
import { nameOf } from "./name-of";
import { type Fields, nodesOf, textsOf } from "./named";
import { whereIn } from "./refusal";
import { type Column, columnsStarred } from "./scope";
import { fromOf, renamed } from "./sources";

/** Of a SELECT with a text in which nothing else stands. */
export const columnsOfStatement = (select: Fields, text: string): readonly Column[] =>
  columnsOf(select, { text, ctes: [], levels: [], isOutermost: true, lists: [], columnsOf });

function columnsOf(select: Fields, outer: Sight): readonly Column[] {
  const sight = { ...outer, ctes: ctesOf(select.withClause as Fields | undefined, outer) };
  if (select.larg !== undefined) return united(select, sight);
  if (select.valuesLists !== undefined) return listed(select, sight);

  const from = fromOf(nodesOf(select.fromClause), sight);
  const inner = { ...sight, levels: [...sight.levels, from.sources] };
  const columns = nodesOf(select.targetList).flatMap(({ ResTarget }) =>
    targeted(ResTarget as Fields, from.columns, inner),
  );
  for (const each of [select.whereClause, select.havingClause]) if (each !== undefined) expressionValue(each, inner);
  for (const each of nodesOf(select.windowClause)) expressionValue(each, inner);
  for (const each of nodesOf(select.groupClause).flatMap(grouped)) key(each, columns, inner);
  ordered(select, columns, inner);
  return columns;
}

function ctesOf(withClause: Fields | undefined, outer: Sight): Sight["ctes"] {
  let ctes = outer.ctes;
  for (const { CommonTableExpr } of nodesOf(withClause?.ctes)) {
    const { ctename, aliascolnames, ctequery } = CommonTableExpr as Fields;
    const { SelectStmt } = ctequery as { readonly SelectStmt: Fields };
    const columns = columnsOf(SelectStmt, { ...outer, ctes, isOutermost: false });
    ctes = [...ctes, { name: String(ctename), columns: renamed(columns, textsOf(aliascolnames)) }];
  }
  return ctes;
}

function united(select: Fields, sight: Sight): readonly Column[] {
  const left = columnsOf(select.larg as Fields, sight);
  const right = columnsOf(select.rarg as Fields, sight);
  const columns = left.map(({ name, value }, index) => ({ name, value: oneOf([value, right[index]?.value ?? value]) }));
  ordered(select, columns, sight);
  return columns;
}

/** `values (1, 'a'), (2, 'b')` */
function listed(select: Fields, sight: Sight): readonly Column[] {
  const rows = nodesOf(select.valuesLists).map(({ List }) => {
    return nodesOf((List as Fields).items).map((item) => expressionValue(item, sight));
  });
  const columns = (rows[0] ?? []).map((_, index) => ({
    name: `column${index + 1}`,
    value: oneOf(rows.flatMap((row) => row[index] ?? [])),
  }));
  ordered(select, columns, sight);
  return columns;
}

function targeted({ name, val }: Fields, all: readonly Column[], sight: Sight): readonly Column[] {
  const { ColumnRef } = val as { readonly ColumnRef?: Fields };
  const path = textsOf(ColumnRef?.fields);
  if (ColumnRef !== undefined && path.length < nodesOf(ColumnRef.fields).length) {
    return columnsStarred(path, sight.levels, all, whereIn(sight.text, ColumnRef.location));
  }
  return [{ name: name === undefined ? nameOf(val) : String(name), value: expressionValue(val, sight) }];
}

function ordered(select: Fields, columns: readonly Column[], sight: Sight): void {
  for (const each of nodesOf(select.distinctClause)) key(each, columns, sight);
  for (const { SortBy } of nodesOf(select.sortClause)) key((SortBy as Fields).node as Fields, columns, sight);
  for (const each of [select.limitCount, select.limitOffset]) if (each !== undefined) expressionValue(each, sight);
}

/** A name that stands alone may be that of a column that the SELECT gives; within an expression it is not. */
function key(node: Fields, columns: readonly Column[], sight: Sight): void {
  const [[kind, value] = ["", {}]] = Object.entries(node);
  const fields = value as Fields;
  // A plain DISTINCT.
  if (kind === "") return;
  const [name, more] = kind === "ColumnRef" ? textsOf(fields.fields) : [];
  if (name !== undefined && more === undefined && columns.some((column) => column.name === name)) return;
  expressionValue(node, sight);
}

/** `rollup((a, b), c)` is of a, b and c, each of which may be a name. */
function grouped(node: Fields): readonly Fields[] {
  const { content, args, row_format } = Object.values(node)[0] as Fields;
  if ("GroupingSet" in node) return nodesOf(content).flatMap(grouped);
  return "RowExpr" in node && row_format === "COERCE_IMPLICIT_CAST" ? nodesOf(args).flatMap(grouped) : [node];
}
