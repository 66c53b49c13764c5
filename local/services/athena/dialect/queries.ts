// queries: WITH, set operations, VALUES, ORDER BY, LIMIT. A SELECT is in selects.ts.

import type {
  LimitRowCountContext,
  QueryContext,
  QueryNoWithContext,
  QueryTermContext,
  RowCountContext,
  SetOperationContext,
  SortItemContext,
} from "dt-sql-parser/dist/lib/trino/TrinoSqlParser";
import * as trino from "dt-sql-parser/dist/lib/trino/TrinoSqlParser";
import { notImitated, queryError } from "../query-error";
import { coerced } from "./casts";
import { commonType } from "./coercion";
import type { Column } from "./columns";
import { unified } from "./common-type";
import type { Compiler, Environment, Relation } from "./environment";
import { nameOf } from "./names";
import { orderedBy } from "./ordering";
import { renamed, within } from "./relations";
import { select } from "./selects";
import { placeOf } from "./syntax";
import { typeName } from "./types";

/** A query, in parentheses. */
export function query(node: QueryContext, outer: Environment, compiler: Compiler): Relation {
  if (!(node instanceof trino.QueryStatementContext)) throw notImitated(node.getText(), placeOf(node));
  const definitions: string[] = [];
  let environment = outer;
  const withClause = node.with();
  if (withClause !== null && withClause.KW_RECURSIVE() !== null)
    throw notImitated("WITH RECURSIVE", placeOf(withClause));
  for (const definition of withClause?.namedQuery() ?? []) {
    const name = nameOf(definition.identifier());
    const { sql, columns } = compiler.query(definition.query(), environment);
    const names = definition.columnAliases()?.identifier().map(nameOf);
    const own = compiler.fresh("q");
    definitions.push(`${own} AS ${sql}`);
    const named = new Map(environment.named).set(name.toLowerCase(), {
      sql: own,
      columns: renamed(columns, [name], names),
    });
    environment = { ...environment, named };
  }
  const { sql, columns } = body(node.queryNoWith(), environment, compiler);
  return { sql: `(${definitions.length === 0 ? "" : `WITH ${definitions.join(", ")} `}${sql})`, columns };
}

function body(node: QueryNoWithContext, outer: Environment, compiler: Compiler): Relation {
  const limit = limitOf(node);
  const term = node.queryTerm();
  const specification = term instanceof trino.QueryTermDefaultContext ? term.queryPrimary() : undefined;
  if (specification instanceof trino.QueryPrimaryDefaultContext) {
    const { sql, columns } = select(specification.querySpecification(), node.sortItem(), outer, compiler);
    return { sql: `${sql}${limit}`, columns };
  }
  const { sql, columns } = queryTerm(term, outer, compiler);
  const order = node.sortItem().map((item) => orderedBy(outputNamed(item, columns, outer, compiler), item));
  return {
    sql: `SELECT * FROM (${sql}) AS ${compiler.fresh("r")}${order.length === 0 ? "" : ` ORDER BY ${order.join(", ")}`}${limit}`,
    columns,
  };
}

/** ORDER BY behind UNION and its like knows the columns of the result alone. */
function outputNamed(item: SortItemContext, columns: readonly Column[], outer: Environment, compiler: Compiler) {
  const node = item.columnRef() ?? item.expression() ?? item;
  const ordinal = /^\d+$/.test(node.getText()) ? columns[Number(node.getText()) - 1] : undefined;
  if (ordinal === undefined && /^\d+$/.test(node.getText())) {
    throw queryError(
      "INVALID_COLUMN_REFERENCE",
      `ORDER BY position ${node.getText()} is not in select list`,
      placeOf(item),
    );
  }
  if (ordinal !== undefined) compiler.use(ordinal.sources);
  return ordinal ?? compiler.expression(node, within(columns, outer, compiler));
}

function limitOf(node: QueryNoWithContext): string {
  if (node.KW_TIES() !== null) throw notImitated("FETCH FIRST ... WITH TIES", placeOf(node));
  const limit = node._limit ?? node._fetchFirst;
  const rows = limit === undefined ? (node.KW_FETCH() === null ? undefined : "1") : countOf(limit);
  const offset = node._offset === undefined ? undefined : countOf(node._offset);
  return `${rows === undefined ? "" : ` LIMIT ${rows}`}${offset === undefined ? "" : ` OFFSET ${offset}`}`;
}

function countOf(node: RowCountContext | LimitRowCountContext): string | undefined {
  if (/^all$/i.test(node.getText())) return undefined;
  if (!/^\d+$/.test(node.getText())) throw notImitated("A parameter in LIMIT and OFFSET", placeOf(node));
  return node.getText();
}

function queryTerm(node: QueryTermContext, outer: Environment, compiler: Compiler): Relation {
  if (node instanceof trino.SetOperationContext) return setOperation(node, outer, compiler);
  const primary = node instanceof trino.QueryTermDefaultContext ? node.queryPrimary() : undefined;
  if (primary instanceof trino.QueryPrimaryDefaultContext)
    return select(primary.querySpecification(), [], outer, compiler);
  if (primary instanceof trino.SubqueryContext) return body(primary.queryNoWith(), outer, compiler);
  if (primary instanceof trino.InlineTableContext) return values(primary, outer, compiler);
  if (primary instanceof trino.TableContext) {
    const parts = primary.tableRef().identifier().map(nameOf);
    const found = parts.length === 1 ? outer.named.get(parts[0]?.toLowerCase() ?? "") : undefined;
    const { sql, columns } = found ?? compiler.table(parts, placeOf(primary));
    const shown = columns.filter(({ hidden }) => !hidden);
    return { sql: `SELECT ${shown.map((column) => column.sql).join(", ")} FROM ${sql}`, columns: shown };
  }
  throw notImitated(node.getText(), placeOf(node));
}

function setOperation(node: SetOperationContext, outer: Environment, compiler: Compiler): Relation {
  const at = placeOf(node);
  const [left, right] = node.queryTerm().map((each) => queryTerm(each, outer, compiler));
  if (left === undefined || right === undefined) throw notImitated(node.getText(), at);
  if (left.columns.length !== right.columns.length) {
    const message = `${node._operator?.text?.toUpperCase()} query has different number of fields: ${left.columns.length}, ${right.columns.length}`;
    throw queryError("TYPE_MISMATCH", message, at);
  }
  const all = node.setQuantifier()?.KW_ALL() != null;
  const columns = left.columns.map((one, index): Column => {
    const other = right.columns[index] ?? one;
    const type = commonType(one.type, other.type);
    if (type === undefined) {
      const message = `column ${index + 1} in ${node._operator?.text?.toUpperCase()} query has incompatible types: ${typeName(one.type)}, ${typeName(other.type)}`;
      throw queryError("TYPE_MISMATCH", message, at);
    }
    const sources = new Set([...one.sources, ...other.sources]);
    // Which rows there are depends on every column, but for a mere UNION ALL.
    if (!(all && node.KW_UNION() !== null)) compiler.use(sources);
    return { name: one.name, relation: [], sql: compiler.fresh("c"), type, sources };
  });
  const side = (relation: Relation) => {
    const items = columns.map(
      ({ sql, type }, index) => `${coerced(relation.columns[index] ?? { sql, type }, type, at).sql} AS ${sql}`,
    );
    return `SELECT ${items.join(", ")} FROM (${relation.sql}) AS ${compiler.fresh("r")}`;
  };
  const operator = `${node._operator?.text?.toUpperCase()}${all ? " ALL" : ""}`;
  return { sql: `(${side(left)}) ${operator} (${side(right)})`, columns };
}

function values(node: InstanceType<typeof trino.InlineTableContext>, outer: Environment, compiler: Compiler): Relation {
  const at = placeOf(node);
  const rows = node.expression().map((each) => {
    const value = compiler.expression(each, outer);
    if (value.type.kind !== "row") return [value];
    return value.type.fields.map(({ type }, index) => ({ sql: `struct_extract(${value.sql}, 'f${index}')`, type }));
  });
  const width = rows[0]?.length ?? 0;
  if (rows.some((row) => row.length !== width))
    throw queryError("TYPE_MISMATCH", "Values rows have mismatched sizes", at);
  const columns = Array.from({ length: width }, (_, index) =>
    unified(
      rows.flatMap((row) => row[index] ?? []),
      "Values rows",
      at,
    ),
  );
  const names = columns.map(
    ({ type }): Column => ({ name: undefined, relation: [], sql: compiler.fresh("c"), type, sources: new Set() }),
  );
  const texts = rows.map((_, index) => `(${columns.map((column) => column.values[index]?.sql).join(", ")})`);
  return {
    sql: `SELECT * FROM (VALUES ${texts.join(", ")}) AS ${compiler.fresh("r")}(${names.map(({ sql }) => sql).join(", ")})`,
    columns: names,
  };
}
