// selects: one SELECT. With GROUP BY or aggregates it becomes three, one within the other, so that an expression means a
// group's key, an aggregate or an error by itself, and not by what DuckDB takes it for:
//
//   SELECT ..., key AS k1 FROM ... WHERE ...          the rows
//   SELECT k1, sum(...) AS a1 FROM (...) GROUP BY k1  the groups
//   SELECT ... FROM (...) WHERE having ORDER BY ...   what is asked of them, window functions too

import type {
  QuerySpecificationContext,
  SelectItemContext,
  SortItemContext,
} from "dt-sql-parser/dist/lib/trino/TrinoSqlParser";
import * as trino from "dt-sql-parser/dist/lib/trino/TrinoSqlParser";
import { notImitated, queryError } from "../query-error";
import { isAggregate } from "./aggregations";
import { type Column, isSame, type Sources } from "./columns";
import type { Compiler, Environment, Relation } from "./environment";
import { grouping } from "./grouping";
import { nameOf, partsOf } from "./names";
import { orderedBy } from "./ordering";
import { logical } from "./predicates";
import { relations, within } from "./relations";
import { type Node, placeOf } from "./syntax";
import type { Value } from "./value";

interface Item extends Value {
  readonly name: string | undefined;
  readonly sources: Sources;
}

/** Without parentheses around it; a limit may follow. */
export function select(
  node: QuerySpecificationContext,
  order: readonly SortItemContext[],
  outer: Environment,
  compiler: Compiler,
): Relation {
  const from = relations(node.relation(), outer, compiler);
  const rows = within(from.columns, outer, compiler);
  const condition = node.whereClause()?.booleanExpression();
  const where = condition == null ? "" : ` WHERE ${demanded(condition, rows, compiler)}`;
  const source = `${from.sql === "" ? "" : ` FROM ${from.sql}`}${where}`;
  const windows = new Map(
    node.windowDefinition().map((each) => [nameOf(each.identifier()).toLowerCase(), each.windowSpecification()]),
  );
  const nodes = node.selectList().selectItem();
  const having = node.havingClause()?.booleanExpression();
  const grouped = node.groupBy() !== null || having != null || [...nodes, ...order].some(hasAggregate);
  const groups = grouped ? grouping(node, nodes, rows, compiler) : undefined;
  const environment: Environment = { ...(groups?.environment ?? rows), windows };

  const items = nodes.flatMap((each) => itemsOf(each, from.columns, environment, compiler));
  const distinct = node.setQuantifier()?.KW_DISTINCT() != null;
  if (distinct) for (const { sources } of items) compiler.use(sources);
  const columns = items.map(
    ({ name, type, sources }): Column => ({ name, relation: [], sql: compiler.fresh("c"), type, sources }),
  );
  const sorted = order.map((each) => sortedBy(each, items, distinct, environment, compiler));
  const kept =
    having == null
      ? ""
      : ` WHERE ${logical(compiler.expression(having, { ...environment, windows: undefined } as Environment), "HAVING clause", placeOf(having)).sql}`;

  const list = items.map(({ sql }, index) => `${sql} AS ${columns[index]?.sql}`).join(", ");
  const end = sorted.length === 0 ? "" : ` ORDER BY ${sorted.join(", ")}`;
  const what = groups === undefined ? source : ` FROM (${groups.sql(source)}) AS ${compiler.fresh("r")}${kept}`;
  return { sql: `SELECT ${distinct ? "DISTINCT " : ""}${list}${what}${end}`, columns };
}

/** The condition, each of its parts by itself. */
function demanded(node: Node, rows: Environment, compiler: Compiler): string {
  if (node instanceof trino.AndContext)
    return node
      .booleanExpression()
      .map((each) => demanded(each, rows, compiler))
      .join(" AND ");
  const [value, sources] = compiler.collect(() =>
    logical(compiler.expression(node, rows), "WHERE clause", placeOf(node)),
  );
  compiler.use(sources);
  compiler.demand(value, sources);
  return value.sql;
}

/** Below the node, but not in a query of its own. */
function hasAggregate(node: Node): boolean {
  if (isAggregate(node)) return true;
  if (node instanceof trino.QueryContext || !("children" in node)) return false;
  return ((node.children ?? []) as readonly Node[]).some((child) => hasAggregate(child));
}

function itemsOf(
  node: SelectItemContext,
  columns: readonly Column[],
  environment: Environment,
  compiler: Compiler,
): Item[] {
  const at = placeOf(node);
  if (node.selectAllWithoutTable() !== null) {
    if (columns.length === 0)
      throw queryError("COLUMN_NOT_FOUND", "SELECT * not allowed in queries without FROM clause", at);
    return all(columns, node, environment, compiler);
  }
  const table = node.tableAllColumns();
  if (table !== null) {
    if (node.columnAliases() !== null) throw notImitated(".* AS (...)", at, "name the columns one by one");
    const name = table.primaryExpression().getText().replaceAll('"', "");
    const own = columns.filter(({ relation }) => isSame(relation.at(-1), name.split(".").at(-1) ?? ""));
    if (own.length === 0) throw queryError("TABLE_NOT_FOUND", `Unable to resolve reference ${name}`, at);
    return all(own, node, environment, compiler);
  }
  const expression =
    node.selectLiteralColumnName()?.columnRef() ?? node.selectExpressionColumnName()?.expression() ?? node;
  const [value, sources] = compiler.collect(() => compiler.expression(expression, environment));
  const alias = node.identifier();
  return [{ ...value, name: alias === null ? nameOfExpression(expression) : nameOf(alias), sources }];
}

function all(
  columns: readonly Column[],
  node: SelectItemContext,
  environment: Environment,
  compiler: Compiler,
): Item[] {
  return columns
    .filter(({ hidden }) => !hidden)
    .map((column) => {
      const parts = [...column.relation.slice(-1), column.name ?? ""];
      const [value, sources] = compiler.collect(() =>
        environment.grouping === undefined || column.name === undefined
          ? undefined
          : environment.find(parts, placeOf(node)),
      );
      return {
        sql: value?.sql ?? column.sql,
        type: column.type,
        name: column.name,
        sources: new Set([...sources, ...column.sources]),
      };
    });
}

/** A mere column keeps its name, as it is written; anything else has none. */
function nameOfExpression(node: Node): string | undefined {
  if (node instanceof trino.ColumnRefContext) return partsOf(node.qualifiedName()).at(-1);
  if (node instanceof trino.ColumnReferenceContext) return partsOf(node.columnName().qualifiedName()).at(-1);
  if (node instanceof trino.DereferenceContext) return nameOf(node.identifier());
  const children = "children" in node ? ((node.children ?? []) as readonly Node[]) : [];
  const [only] = children;
  return children.length === 1 && only !== undefined ? nameOfExpression(only) : undefined;
}

/** A number is the place in the list, a name one of the list before one of the rows. */
function sortedBy(
  item: SortItemContext,
  items: readonly Item[],
  distinct: boolean,
  environment: Environment,
  compiler: Compiler,
): string {
  const node = item.columnRef() ?? item.expression() ?? item;
  const at = placeOf(item);
  if (/^\d+$/.test(node.getText())) {
    const found = items[Number(node.getText()) - 1];
    if (found === undefined)
      throw queryError("INVALID_COLUMN_REFERENCE", `ORDER BY position ${node.getText()} is not in select list`, at);
    compiler.use(found.sources);
    return orderedBy({ ...found, sql: distinct ? String(items.indexOf(found) + 1) : found.sql }, item);
  }
  const find: Environment["find"] = (parts, place) => {
    const named = parts.length === 1 ? items.filter(({ name }) => isSame(name, parts[0] ?? "")) : [];
    const different = new Set(named.map(({ sql }) => sql));
    if (different.size > 1) throw queryError("AMBIGUOUS_NAME", `Column '${parts[0]}' is ambiguous`, place);
    const [found] = named;
    if (found === undefined) return environment.find(parts, place);
    compiler.use(found.sources);
    return found;
  };
  const value = compiler.expression(node, { ...environment, find });
  if (!distinct) return orderedBy(value, item);
  const place = items.findIndex(({ sql }) => sql === value.sql);
  if (place === -1) {
    throw queryError(
      "EXPRESSION_NOT_IN_DISTINCT",
      "For SELECT DISTINCT, ORDER BY expressions must appear in select list",
      at,
    );
  }
  return orderedBy({ ...value, sql: String(place + 1) }, item);
}
