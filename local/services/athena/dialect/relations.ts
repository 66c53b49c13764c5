// relations: what stands in FROM: tables, queries in parentheses, joins, UNNEST, LATERAL.

import type {
  RelationContext,
  RelationPrimaryContext,
  SampledRelationContext,
} from "dt-sql-parser/dist/lib/trino/TrinoSqlParser";
import * as trino from "dt-sql-parser/dist/lib/trino/TrinoSqlParser";
import { notImitated, queryError } from "../query-error";
import { type Column, columnIn, fieldOf } from "./columns";
import type { Compiler, Environment, Relation } from "./environment";
import { join } from "./joins";
import { nameOf } from "./names";
import { placeOf } from "./syntax";
import { unnest } from "./unnest";
import type { Value } from "./value";

/** The columns, and behind them what is around. */
export const within = (columns: readonly Column[], outer: Environment, compiler: Compiler): Environment => ({
  columns,
  named: outer.named,
  find(parts, at) {
    const found = columnIn(columns, parts, at);
    if (found === undefined) return outer.find(parts, at);
    const { column, length } = found;
    compiler.use(column.sources);
    return parts
      .slice(length)
      .reduce<Value>((value, name) => fieldOf(value, name, at), { sql: column.sql, type: column.type });
  },
});

/** Relations with commas between them. */
export function relations(nodes: readonly RelationContext[], outer: Environment, compiler: Compiler): Relation {
  const [first, ...rest] = nodes.map((node) => (before: readonly Column[]) => relation(node, before, outer, compiler));
  if (first === undefined) return { sql: "", columns: [] };
  return rest.reduce<Relation>((left, next) => {
    const right = next(left.columns);
    return { sql: `${left.sql} CROSS JOIN ${right.sql}`, columns: [...left.columns, ...right.columns] };
  }, first([]));
}

/** `before`: the columns on the left, which UNNEST and LATERAL may name. */
export function relation(
  node: RelationContext,
  before: readonly Column[],
  outer: Environment,
  compiler: Compiler,
): Relation {
  if (node instanceof trino.JoinRelationContext) return join(node, before, outer, compiler);
  if (node instanceof trino.RelationDefaultContext) return sampled(node.sampledRelation(), before, outer, compiler);
  throw notImitated(node.getText(), placeOf(node));
}

export function sampled(
  node: SampledRelationContext,
  before: readonly Column[],
  outer: Environment,
  compiler: Compiler,
): Relation {
  if (node.KW_TABLESAMPLE() !== null) throw notImitated("TABLESAMPLE", placeOf(node), "it draws other rows each time");
  const pattern = node.patternRecognition();
  if (pattern.KW_MATCH_RECOGNIZE() !== null) throw notImitated("MATCH_RECOGNIZE", placeOf(node));
  const aliased = pattern.aliasedRelation();
  const found = primary(aliased.relationPrimary(), before, outer, compiler);
  const alias = aliased.identifier();
  if (alias === null) return found;
  const names = aliased.columnAliases()?.identifier().map(nameOf);
  const shown = found.columns.filter(({ hidden }) => !hidden);
  if (names !== undefined && names.length !== shown.length) {
    const message = `Column alias list has ${names.length} entries but '${nameOf(alias)}' has ${shown.length} columns available`;
    throw queryError("MISMATCHED_COLUMN_ALIASES", message, placeOf(alias));
  }
  return { sql: found.sql, columns: renamed(found.columns, [nameOf(alias)], names) };
}

/** The columns under another relation's name, and under other names where there are any. */
export function renamed(
  columns: readonly Column[],
  relationName: readonly string[],
  names?: readonly string[],
): Column[] {
  let place = 0;
  return columns.map((column) => {
    const name = column.hidden || names === undefined ? column.name : names[place++];
    return { ...column, name, relation: relationName };
  });
}

function primary(
  node: RelationPrimaryContext,
  before: readonly Column[],
  outer: Environment,
  compiler: Compiler,
): Relation {
  const at = placeOf(node);
  if (node instanceof trino.TableNameContext) {
    if (node.queryPeriod() !== null) throw notImitated("FOR VERSION and FOR TIMESTAMP", at);
    const name = node.tableOrViewName();
    const parts = (name.tableRef() ?? name.viewRef())?.identifier().map(nameOf) ?? [];
    const defined = parts.length === 1 ? outer.named.get(parts[0]?.toLowerCase() ?? "") : undefined;
    return defined === undefined ? compiler.table(parts, at) : again(defined, parts, compiler);
  }
  if (node instanceof trino.ParenthesizedRelationContext) {
    const inner = relation(node.relation(), before, outer, compiler);
    return { sql: `(${inner.sql})`, columns: inner.columns };
  }
  const source = node instanceof trino.ExpressionSourceTableContext ? node.relationSourceTable() : undefined;
  if (source instanceof trino.SubqueryRelationContext) return aliased(compiler.query(source.query(), outer), compiler);
  if (source instanceof trino.UnnestContext) return unnest(source, before, outer, compiler);
  if (source instanceof trino.LateralContext) {
    const inner = compiler.query(source.query(), within(before, outer, compiler));
    return { ...inner, sql: `LATERAL ${inner.sql} AS ${compiler.fresh("r")}` };
  }
  throw notImitated(node.getText().split("(")[0] ?? "This", at);
}

const aliased = ({ sql, columns }: Relation, compiler: Compiler): Relation => ({
  sql: `${sql} AS ${compiler.fresh("r")}`,
  columns,
});

/** A query that WITH has named, under new names: it may be read twice side by side. */
function again({ sql, columns }: Relation, relationName: readonly string[], compiler: Compiler): Relation {
  const own = columns.map((column) => ({ ...column, sql: compiler.fresh("c"), relation: relationName }));
  const items = own.map(({ sql: name }, index) => `${columns[index]?.sql} AS ${name}`);
  return { sql: `(SELECT ${items.join(", ")} FROM ${sql}) AS ${compiler.fresh("r")}`, columns: own };
}
