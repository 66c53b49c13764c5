// grouping: GROUP BY, and what an expression over the groups means: a key, an aggregate, or an error.

import type {
  GroupByContext,
  GroupingSetContext,
  GroupingTermContext,
  QuerySpecificationContext,
  SelectItemContext,
} from "dt-sql-parser/dist/lib/trino/TrinoSqlParser";
import * as trino from "dt-sql-parser/dist/lib/trino/TrinoSqlParser";
import { isQueryError, notImitated, queryError } from "../query-error";
import { columnIn } from "./columns";
import type { Compiler, Environment, Grouping } from "./environment";
import { type Node, placeOf } from "./syntax";
import { duckType, of, type Type, typeName } from "./types";
import type { Value } from "./value";

/** The groups, and what an expression over them means. */
export function grouping(
  node: QuerySpecificationContext,
  items: readonly SelectItemContext[],
  rows: Environment,
  compiler: Compiler,
) {
  const keys: { readonly value: Value; readonly name: string }[] = [];
  const aggregates = new Map<string, string>();
  const clause = groupingSql(node.groupBy(), (term) => keyOf(term));

  function keyOf(term: GroupingTermContext): string {
    const value = keyValue(term, items, rows, compiler);
    const before = keys.find((key) => key.value.sql === value.sql);
    const key = before ?? { value, name: compiler.fresh("k") };
    if (before === undefined) keys.push(key);
    return key.name;
  }

  const keyFor = (value: Value | undefined): Value | undefined => {
    const found = keys.find((key) => key.value.sql === value?.sql);
    return found && { sql: found.name, type: found.value.type };
  };

  const own: Grouping = {
    rows,
    key(piece) {
      // A query within it would be read twice.
      if (keys.length === 0 || hasQuery(piece)) return undefined;
      const [value, sources] = compiler.collect(() => quietly(() => compiler.expression(piece, rows)));
      const key = keyFor(value);
      if (key !== undefined) compiler.use(sources);
      return key;
    },
    aggregate(sql: string, type: Type) {
      const name = aggregates.get(sql) ?? compiler.fresh("a");
      aggregates.set(sql, name);
      return { sql: name, type };
    },
    groupingOf(names, at) {
      const found = names.map((parts) => {
        const key = keyFor(rows.find(parts, at));
        if (key === undefined)
          throw queryError(
            "INVALID_ARGUMENTS",
            "The arguments to GROUPING() must be expressions referenced by the GROUP BY at the associated query level",
            at,
          );
        return key.sql;
      });
      return this.aggregate(`CAST(grouping(${found.join(", ")}) AS BIGINT)`, of("bigint"));
    },
  };

  const environment: Environment = {
    ...rows,
    grouping: own,
    find(parts, at) {
      const value = rows.find(parts, at);
      const key = keyFor(value);
      if (value === undefined || key !== undefined) return key ?? value;
      if (columnIn(rows.columns, parts, at) === undefined) return value;
      throw queryError(
        "EXPRESSION_NOT_AGGREGATE",
        `'${parts.join(".")}' must be an aggregate expression or appear in GROUP BY clause`,
        at,
      );
    },
  };

  /** `source`: FROM and WHERE. */
  const sql = (source: string): string => {
    const named = keys.map(({ value, name }) => `${typed(value)} AS ${name}`);
    const inner =
      keys.length === 0
        ? `SELECT *${source}`
        : `SELECT ${source.startsWith(" FROM") ? "*, " : ""}${named.join(", ")}${source}`;
    const outputs = [...keys.map(({ name }) => name), ...[...aggregates].map(([text, name]) => `${text} AS ${name}`)];
    const list = outputs.length === 0 ? ["count(*) AS a0"] : outputs;
    const base = source.startsWith(" FROM") || keys.length > 0 ? ` FROM (${inner}) AS ${compiler.fresh("r")}` : source;
    return `SELECT ${list.join(", ")}${base}${clause === "" ? "" : ` GROUP BY ${clause}`}`;
  };
  return { environment, sql };
}

/** NULL alone has no type to be grouped by. */
const typed = ({ sql, type }: Value): string => (type.kind === "unknown" ? `CAST(${sql} AS ${duckType(type)})` : sql);

function keyValue(
  term: GroupingTermContext,
  items: readonly SelectItemContext[],
  rows: Environment,
  compiler: Compiler,
): Value {
  const node = term.columnRef() ?? term.expression() ?? term;
  const at = placeOf(term);
  if (!/^\d+$/.test(node.getText())) return groupable(compiler.expression(node, rows), term);
  const item = items[Number(node.getText()) - 1];
  const expression = item?.selectLiteralColumnName()?.columnRef() ?? item?.selectExpressionColumnName()?.expression();
  if (expression === undefined)
    throw queryError("INVALID_COLUMN_REFERENCE", `GROUP BY position ${node.getText()} is not in select list`, at);
  return groupable(compiler.expression(expression, rows), term);
}

function groupable(value: Value, term: GroupingTermContext): Value {
  if (value.type.kind !== "json") return value;
  throw queryError(
    "TYPE_MISMATCH",
    `${typeName(value.type)} is not comparable, and therefore cannot be used in GROUP BY`,
    placeOf(term),
  );
}

function groupingSql(node: GroupByContext | null, keyOf: (term: GroupingTermContext) => string): string {
  if (node === null) return "";
  if (node.setQuantifier()?.KW_DISTINCT() != null) throw notImitated("GROUP BY DISTINCT", placeOf(node));
  const set = (each: GroupingSetContext) => {
    const terms = each.groupingTerm().map(keyOf);
    return terms.length === 1 ? (terms[0] ?? "") : `(${terms.join(", ")})`;
  };
  const elements = node.groupingElement().map((element) => {
    if (element instanceof trino.SingleGroupingSetContext) {
      const terms = element.groupingSet().groupingTerm().map(keyOf);
      return terms.length === 0 ? "GROUPING SETS (())" : terms.join(", ");
    }
    if (element instanceof trino.RollupContext) return `ROLLUP (${element.groupingSet().map(set).join(", ")})`;
    if (element instanceof trino.CubeContext) return `CUBE (${element.groupingSet().map(set).join(", ")})`;
    if (element instanceof trino.MultipleGroupingSetsContext)
      return `GROUPING SETS (${element.groupingSet().map(set).join(", ")})`;
    throw notImitated(element.getText(), placeOf(element));
  });
  return elements.join(", ");
}

/** The value, where it has one by itself. */
function quietly(work: () => Value): Value | undefined {
  try {
    return work();
  } catch (error) {
    if (isQueryError(error)) return undefined;
    throw error;
  }
}

function hasQuery(node: Node): boolean {
  if (node instanceof trino.QueryContext) return true;
  return "children" in node && ((node.children ?? []) as readonly Node[]).some(hasQuery);
}
