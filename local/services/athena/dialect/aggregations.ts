// aggregations: calls of aggregates, over the groups of GROUP BY or over a window.

import type {
  FunctionCallContext,
  ListAggContext,
  WindowSpecificationContext,
} from "dt-sql-parser/dist/lib/trino/TrinoSqlParser";
import * as trino from "dt-sql-parser/dist/lib/trino/TrinoSqlParser";
import { literal } from "../../../../schemas/sql-text";
import { notImitated, queryError } from "../query-error";
import { commonType } from "./coercion";
import type { Compiler, Environment } from "./environment";
import { checkLiterals, listed, nameIn, unfit } from "./function-choice";
import { type Aggregate, aggregates, type Call, listagg } from "./functions/aggregates";
import { nameOf } from "./names";
import { ordering } from "./ordering";
import { logical } from "./predicates";
import { choose, type Match } from "./signature";
import { type Node, placeOf, textOf } from "./syntax";
import { duckType, of, type Type } from "./types";
import type { Value } from "./value";

/** Whether a node is an aggregate over groups, as opposed to one over a window. */
export function isAggregate(node: Node): boolean {
  if (node instanceof trino.ListAggContext || node instanceof trino.GroupingOperationContext) return true;
  if (!(node instanceof trino.FunctionCallContext) || node.over() !== null) return false;
  return listed(aggregates, nameIn(node)) !== undefined;
}

type Own = FunctionCallContext | ListAggContext;

export function aggregated(
  node: FunctionCallContext,
  name: string,
  lines: readonly Aggregate[],
  environment: Environment,
  compiler: Compiler,
): Value {
  const over = node.over();
  const at = placeOf(node);
  const inner = over === null ? environment.grouping?.rows : { ...environment, windows: undefined };
  if (inner === undefined)
    throw queryError("EXPRESSION_NOT_SCALAR", `Aggregate function ${name} is not allowed here`, at);
  if (over !== null && environment.windows === undefined) {
    throw queryError("EXPRESSION_NOT_SCALAR", `Window function ${name} is not allowed here`, at);
  }
  const given = node.expression().map((argument) => compiler.expression(argument, inner as Environment));
  const found = choose(lines, given, at);
  if (found === undefined) throw unfit(name, lines, given, at);
  checkLiterals(name, found.line, found.match, at);
  return finished(node, found, inner as Environment, environment, compiler);
}

export function listAggregate(node: ListAggContext, environment: Environment, compiler: Compiler): Value {
  const at = placeOf(node);
  const inner = environment.grouping?.rows;
  if (inner === undefined)
    throw queryError("EXPRESSION_NOT_SCALAR", "Aggregate function listagg is not allowed here", at);
  if (node.listAggOverflowBehavior()?.getText().toLowerCase().startsWith("truncate"))
    throw notImitated("ON OVERFLOW TRUNCATE", at);
  const separator = node.string();
  const text = separator === null ? "" : textOf(separator.getText());
  const given = [
    compiler.expression(node.expression(), inner),
    { sql: literal(text), type: { kind: "varchar" } as const },
  ];
  const found = choose([listagg], given, at);
  if (found === undefined) throw unfit("listagg", [listagg], given, at);
  return finished(node, found, inner, environment, compiler);
}

function finished(
  node: Own,
  { line, match }: { line: Aggregate; match: Match },
  inner: Environment,
  environment: Environment,
  compiler: Compiler,
): Value {
  const type: Type = line.gives?.(match.types) ?? match.result ?? of("unknown");
  const distinct = node.setQuantifier()?.KW_DISTINCT() == null ? "" : "DISTINCT ";
  const order = node.sortItem().length === 0 ? "" : ` ORDER BY ${ordering(node.sortItem(), inner, compiler)}`;
  const condition = node.filter()?.whereClause().booleanExpression();
  const filter =
    condition == null
      ? ""
      : ` FILTER (WHERE ${logical(compiler.expression(condition, inner), "FILTER", placeOf(condition)).sql})`;
  const over = node instanceof trino.FunctionCallContext ? node.over() : null;
  const nulls =
    node instanceof trino.FunctionCallContext && node.nullTreatment()?.KW_IGNORE() != null ? " IGNORE NULLS" : "";
  const windowName = over?.identifier();
  const specification =
    over?.windowSpecification() ??
    (windowName == null ? undefined : environment.windows?.get(nameOf(windowName).toLowerCase()));
  if (over !== null && specification == null)
    throw queryError("INVALID_WINDOW_REFERENCE", `Cannot resolve WINDOW name ${over.getText()}`, placeOf(node));
  const window = over === null || specification == null ? "" : ` OVER (${windowSql(specification, inner, compiler)})`;
  const write: Call = (name, ...args) => `${name}(${distinct}${args.join(", ")}${nulls}${order})${filter}${window}`;
  const sql = `CAST(${line.sql(
    write,
    match.values.map((value) => value.sql),
    match.values,
  )} AS ${duckType(type)})`;
  if (over !== null || environment.grouping === undefined) return { sql, type };
  return environment.grouping.aggregate(sql, type);
}

function windowSql(node: WindowSpecificationContext, environment: Environment, compiler: Compiler): string {
  if (node._existingWindowName !== undefined)
    throw notImitated("A window built on another", placeOf(node), "the whole window");
  const partition =
    node
      .partitionBy()
      ?.expression()
      .map((each) => compiler.expression(each, environment).sql) ?? [];
  const parts = [
    partition.length === 0 ? "" : `PARTITION BY ${partition.join(", ")}`,
    node.sortItem().length === 0 ? "" : `ORDER BY ${ordering(node.sortItem(), environment, compiler)}`,
  ];
  const frame = node.windowFrame();
  if (frame !== null) {
    if (frame.rowPattern() !== null || frame.measureDefinition().length > 0)
      throw notImitated("Row patterns", placeOf(frame));
    const extent = frame.frameExtent();
    const kind = extent._frameType?.text?.toUpperCase() ?? "ROWS";
    const bounds = extent.frameBound().map((bound) => {
      if (!(bound instanceof trino.BoundedFrameContext))
        return bound
          .getText()
          .toUpperCase()
          .replace(/^(UNBOUNDED|CURRENT)/, "$1 ");
      const distance = compiler.expression(bound.expression(), environment);
      if (kind === "RANGE" && commonType(distance.type, of("bigint")) === undefined)
        throw notImitated("RANGE with an interval", placeOf(bound));
      return `${distance.sql} ${bound._boundType?.text?.toUpperCase()}`;
    });
    parts.push(bounds.length === 2 ? `${kind} BETWEEN ${bounds.join(" AND ")}` : `${kind} ${bounds.join("")}`);
  }
  return parts.filter((part) => part !== "").join(" ");
}
