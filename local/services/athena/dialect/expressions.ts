// expressions: what stands in SELECT, WHERE and ON, as DuckDB computes it. What is not here is refused by its name.

import type { PrimaryExpressionContext } from "dt-sql-parser/dist/lib/trino/TrinoSqlParser";
import * as trino from "dt-sql-parser/dist/lib/trino/TrinoSqlParser";
import { notImitated, queryError } from "../query-error";
import { listAggregate } from "./aggregations";
import { call, callOf, extract } from "./calls";
import { castTo, coerced, toPrecision } from "./casts";
import { commonType } from "./coercion";
import { fieldOf, notFound } from "./columns";
import { unified } from "./common-type";
import { concatenated, subscript } from "./composites";
import type { Compiler, Environment } from "./environment";
import { intervalLiteral, numberLiteral, textLiteral, typedLiteral, typeOf } from "./literals";
import { nameOf, partsOf } from "./names";
import { type Arithmetic, arithmetic, negated } from "./operators";
import { and, logical, not, predicated } from "./predicates";
import { type Node, placeOf } from "./syntax";
import { arrayOf, of, structField, timestamp, typeName, varchar, zoned } from "./types";
import type { Value } from "./value";

export function expression(node: Node, environment: Environment, compiler: Compiler): Value {
  const key = isWrapper(node) ? undefined : environment.grouping?.key(node);
  if (key !== undefined) return key;
  const sub = (child: Node) => expression(child, environment, compiler);
  const at = placeOf(node);

  if (node instanceof trino.ExpressionContext) return sub(node.booleanExpression());
  if (node instanceof trino.LogicalNotContext) return not(logical(sub(node.booleanExpression()), "NOT", at));
  if (node instanceof trino.AndContext)
    return and(
      "AND",
      node.booleanExpression().map((each) => logical(sub(each), "AND", placeOf(each))),
    );
  if (node instanceof trino.OrContext)
    return and(
      "OR",
      node.booleanExpression().map((each) => logical(sub(each), "OR", placeOf(each))),
    );
  if (node instanceof trino.PredicatedContext) {
    const predicate = node.predicate();
    const value = sub(node.valueExpression());
    return predicate === null ? value : predicated(value, predicate, environment, compiler);
  }
  if (node instanceof trino.ValueExpressionDefaultContext) return sub(node.primaryExpression());
  if (node instanceof trino.ArithmeticBinaryContext) {
    const [left, right] = node.valueExpression();
    const operator = (node._operator?.text ?? "+") as Arithmetic;
    if (left !== undefined && right !== undefined) return arithmetic(operator, sub(left), sub(right), at);
  }
  if (node instanceof trino.ArithmeticUnaryContext) {
    const value = sub(node.valueExpression());
    return node.MINUS() === null ? value : negated(value, at);
  }
  if (node instanceof trino.ConcatenationContext) {
    const [left, right] = node.valueExpression();
    if (left !== undefined && right !== undefined) return concatenated(sub(left), sub(right), at);
  }
  if (node instanceof trino.AtTimeZoneContext) throw notImitated("AT TIME ZONE", at, "timestamps are in UTC here");
  if (node instanceof trino.ColumnRefContext) return column(partsOf(node.qualifiedName()), node, environment);
  return primary(node as PrimaryExpressionContext, environment, compiler);
}

/** A node that stands for the one child that it has: asking for each of them again would only take time. */
const isWrapper = (node: Node): boolean =>
  node instanceof trino.ExpressionContext ||
  node instanceof trino.ValueExpressionDefaultContext ||
  (node instanceof trino.PredicatedContext && node.predicate() === null);

function column(parts: readonly string[], node: Node, environment: Environment): Value {
  const value = environment.find(parts, placeOf(node));
  if (value === undefined) throw notFound(parts, placeOf(node));
  return value;
}

function primary(node: PrimaryExpressionContext, environment: Environment, compiler: Compiler): Value {
  const sub = (child: Node) => expression(child, environment, compiler);
  const at = placeOf(node);

  if (node instanceof trino.ColumnReferenceContext)
    return column(partsOf(node.columnName().qualifiedName()), node, environment);
  if (node instanceof trino.ParenthesizedExpressionContext) return sub(node.expression());
  if (node instanceof trino.NullLiteralContext) return { sql: "NULL", type: of("unknown") };
  if (node instanceof trino.BooleanLiteralContext) return { sql: node.getText().toLowerCase(), type: of("boolean") };
  if (node instanceof trino.NumericLiteralContext) return numberLiteral(node.number());
  if (node instanceof trino.StringLiteralContext) return textLiteral(node.string());
  if (node instanceof trino.TypeConstructorContext) {
    return typedLiteral(node.identifier()?.getText() ?? "double", textLiteral(node.string()), at);
  }
  if (node instanceof trino.BinaryLiteralContext) {
    const text = node.getText().slice(1);
    return typedLiteral(
      "x",
      { sql: text, type: of("varbinary"), literal: text.slice(1, -1).replaceAll(/\s/g, "") },
      at,
    );
  }
  if (node instanceof trino.IntervalLiteralContext) return intervalLiteral(node.interval());
  if (node instanceof trino.ParameterContext) return compiler.parameter(node);
  if (node instanceof trino.CastContext) return cast(node, environment, compiler);
  if (node instanceof trino.FunctionCallContext) return call(node, environment, compiler);
  if (node instanceof trino.ListAggContext) return listAggregate(node, environment, compiler);
  if (node instanceof trino.SearchedCaseContext || node instanceof trino.SimpleCaseContext) {
    return conditional(node, environment, compiler);
  }
  if (node instanceof trino.ArrayConstructorContext) {
    const { values, type } = unified(node.expression().map(sub), "All ARRAY elements", at);
    return { sql: `[${values.map(({ sql }) => sql).join(", ")}]`, type: arrayOf(type) };
  }
  if (node instanceof trino.RowConstructorContext) return row(node.expression().map(sub));
  if (node instanceof trino.SubscriptContext)
    return subscript(sub(node.primaryExpression()), sub(node.valueExpression()), at);
  if (node instanceof trino.DereferenceContext) return dereference(node, environment, compiler);
  if (node instanceof trino.SubqueryExpressionContext) return scalar(node, environment, compiler);
  if (node instanceof trino.ExistsContext)
    return { sql: `EXISTS ${compiler.query(node.query(), environment).sql}`, type: of("boolean") };
  if (node instanceof trino.ExtractContext) return extract(nameOf(node.identifier()), sub(node.valueExpression()), at);
  if (node instanceof trino.CurrentDateContext) return { sql: "CAST(now() AS DATE)", type: of("date") };
  if (node instanceof trino.CurrentTimestampContext || node instanceof trino.LocalTimestampContext) {
    const precision = Number(node.INTEGER_VALUE()?.getText() ?? 3);
    if (![0, 3, 6].includes(precision)) throw notImitated(node.getText(), at, "0, 3 or 6 digits of a second");
    const moment = toPrecision("timezone('UTC', now())", precision);
    if (node instanceof trino.LocalTimestampContext) return { sql: moment, type: timestamp(precision) };
    return { sql: `timezone('UTC', ${moment})`, type: zoned(precision) };
  }
  if (
    node instanceof trino.TrimContext ||
    node instanceof trino.SubstringContext ||
    node instanceof trino.PositionContext
  ) {
    return special(node, environment, compiler);
  }
  if (node instanceof trino.GroupingOperationContext) {
    if (environment.grouping === undefined) throw notImitated("grouping() without GROUP BY", at);
    return environment.grouping.groupingOf(node.qualifiedName().map(partsOf), at);
  }
  if (node instanceof trino.LambdaContext)
    throw queryError("SYNTAX_ERROR", "A lambda may only be an argument of a function", at);
  throw notImitated(node.getText().split("(")[0] ?? "This", at);
}

function cast(node: InstanceType<typeof trino.CastContext>, environment: Environment, compiler: Compiler): Value {
  const value = expression(node.expression(), environment, compiler);
  const result = castTo(value, typeOf(node.type()), placeOf(node));
  return node.KW_TRY_CAST() === null ? result : { sql: `TRY(${result.sql})`, type: result.type };
}

type Case = InstanceType<typeof trino.SearchedCaseContext> | InstanceType<typeof trino.SimpleCaseContext>;

function conditional(node: Case, environment: Environment, compiler: Compiler): Value {
  const sub = (child: Node) => expression(child, environment, compiler);
  const clauses = node.whenClause().map((clause) => clause.expression());
  const otherwise = node._elseExpression;
  const results = [
    ...clauses.flatMap(([, result]) => result ?? []),
    ...(otherwise === undefined ? [] : [otherwise]),
  ].map(sub);
  const { values, type } = unified(results, "All CASE results", placeOf(node));
  const conditions = clauses.flatMap(([when]) => {
    if (when === undefined) return [];
    if (node instanceof trino.SearchedCaseContext) return logical(sub(when), "CASE WHEN clause", placeOf(when)).sql;
    const operand = node._operand;
    if (operand === undefined) return [];
    return comparedEqual(sub(operand), sub(when), placeOf(when));
  });
  const branches = conditions.map((condition, index) => `WHEN ${condition} THEN ${values[index]?.sql}`);
  const last = otherwise === undefined ? "" : ` ELSE ${values.at(-1)?.sql}`;
  return { sql: `(CASE ${branches.join(" ")}${last} END)`, type };
}

function comparedEqual(left: Value, right: Value, at: ReturnType<typeof placeOf>): string {
  const common = commonType(left.type, right.type);
  if (common === undefined) {
    throw queryError(
      "TYPE_MISMATCH",
      `CASE operand type does not match WHEN clause operand type: ${typeName(left.type)} vs ${typeName(right.type)}`,
      at,
    );
  }
  return `${coerced(left, common, at).sql} = ${coerced(right, common, at).sql}`;
}

function row(values: readonly Value[]): Value {
  const fields = values.map(({ sql }, index) => `${structField(index)} := ${sql}`);
  return {
    sql: `struct_pack(${fields.join(", ")})`,
    type: { kind: "row", fields: values.map(({ type }) => ({ type })) },
  };
}

function dereference(
  node: InstanceType<typeof trino.DereferenceContext>,
  environment: Environment,
  compiler: Compiler,
): Value {
  const at = placeOf(node);
  const [base, name] = [node.primaryExpression(), nameOf(node.identifier())];
  const parts = dotted(base);
  const found = parts && environment.find([...parts, name], at);
  return found ?? fieldOf(expression(base, environment, compiler), name, at);
}

/** `a.b.c` where it is nothing but names. */
function dotted(node: Node): readonly string[] | undefined {
  if (node instanceof trino.ColumnReferenceContext) return partsOf(node.columnName().qualifiedName());
  if (!(node instanceof trino.DereferenceContext)) return undefined;
  const before = dotted(node.primaryExpression());
  return before && [...before, nameOf(node.identifier())];
}

/** A query that gives one value; more than one row stops it, in both. */
function scalar(
  node: InstanceType<typeof trino.SubqueryExpressionContext>,
  environment: Environment,
  compiler: Compiler,
): Value {
  const { sql, columns } = compiler.query(node.query(), environment);
  const [only, another] = columns;
  if (only === undefined || another !== undefined) {
    throw queryError(
      "TYPE_MISMATCH",
      `Multiple columns returned by subquery are not yet supported. Found ${columns.length}`,
      placeOf(node),
    );
  }
  compiler.use(only.sources);
  return { sql, type: only.type };
}

type Special =
  | InstanceType<typeof trino.TrimContext>
  | InstanceType<typeof trino.SubstringContext>
  | InstanceType<typeof trino.PositionContext>;

/** Functions whose arguments are parted by words. */
function special(node: Special, environment: Environment, compiler: Compiler): Value {
  const values = node.valueExpression().map((each) => expression(each, environment, compiler));
  const [first, second] = values;
  if (!(node instanceof trino.TrimContext)) {
    return callOf(node instanceof trino.PositionContext ? "position" : "substr", values, placeOf(node));
  }
  const side = node.trimsSpecification()?.getText().toLowerCase() ?? "both";
  const name = { leading: "ltrim", trailing: "rtrim" }[side] ?? "trim";
  if (second === undefined && first !== undefined) return callOf(name, [first], placeOf(node));
  for (const { type } of values) {
    if (type.kind !== "varchar")
      throw queryError("TYPE_MISMATCH", `${name} takes varchar, not ${typeName(type)}`, placeOf(node));
  }
  return { sql: `${name}(${second?.sql}, ${first?.sql})`, type: varchar };
}
