// predicates: what is true, false or NULL: comparisons, LIKE, IN, BETWEEN, IS NULL.

import type { PredicateContext } from "dt-sql-parser/dist/lib/trino/TrinoSqlParser";
import * as trino from "dt-sql-parser/dist/lib/trino/TrinoSqlParser";
import { type Place, queryError } from "../query-error";
import { coerced } from "./casts";
import { commonType, isFloating } from "./coercion";
import { unified } from "./common-type";
import { type Comparison, compared, distinctFrom } from "./comparisons";
import type { Compiler, Environment, Relation } from "./environment";
import { type Node, placeOf } from "./syntax";
import { of, typeName } from "./types";
import type { Value } from "./value";

const truth = of("boolean");

export const not = ({ sql }: Value): Value => ({ sql: `(NOT ${sql})`, type: truth });

export const and = (word: "AND" | "OR", values: readonly Value[]): Value => ({
  sql: `(${values.map(({ sql }) => sql).join(` ${word} `)})`,
  type: truth,
});

/** The value, which must be a boolean. */
export function logical(value: Value, where: string, at: Place): Value {
  if (value.type.kind === "boolean") return value;
  if (value.type.kind === "unknown") return { sql: "CAST(NULL AS BOOLEAN)", type: truth };
  throw queryError("TYPE_MISMATCH", `${where} must evaluate to a boolean: actual type ${typeName(value.type)}`, at);
}

/** `value` with what is said of it. */
export function predicated(
  value: Value,
  predicate: PredicateContext,
  environment: Environment,
  compiler: Compiler,
): Value {
  const sub = (child: Node) => compiler.expression(child, environment);
  const at = placeOf(predicate);
  const negate = (result: Value) =>
    "KW_NOT" in predicate && (predicate.KW_NOT as () => unknown)() !== null ? not(result) : result;

  if (predicate instanceof trino.ComparisonContext) {
    return compared(operatorOf(predicate.comparisonOperator()), value, sub(predicate.valueExpression()), at);
  }
  if (predicate instanceof trino.NullPredicateContext) {
    return { sql: `(${value.sql} IS ${predicate.KW_NOT() === null ? "" : "NOT "}NULL)`, type: truth };
  }
  if (predicate instanceof trino.BetweenContext) {
    const [lower, upper] = predicate.valueExpression();
    if (lower !== undefined && upper !== undefined) {
      return negate(and("AND", [compared(">=", value, sub(lower), at), compared("<=", value, sub(upper), at)]));
    }
  }
  if (predicate instanceof trino.InListContext) {
    return negate(isOneOf(value, predicate.expression().map(sub), at));
  }
  if (predicate instanceof trino.LikeContext) {
    const [pattern, escapes] = predicate.valueExpression().map((each) => text(sub(each), placeOf(each)));
    const end = escapes === undefined ? "" : ` ESCAPE ${escapes.sql}`;
    return negate({ sql: `(${text(value, at).sql} LIKE ${pattern?.sql}${end})`, type: truth });
  }
  if (predicate instanceof trino.DistinctFromContext) {
    return distinctFrom(value, sub(predicate.valueExpression()), predicate.KW_NOT() !== null, at);
  }
  if (predicate instanceof trino.InSubqueryContext) {
    const [left, right] = bothSides(value, compiler.query(predicate.query(), environment), compiler, at);
    return negate({ sql: `(${left} IN ${right})`, type: truth });
  }
  if (predicate instanceof trino.QuantifiedComparisonContext) {
    const [left, right] = bothSides(value, compiler.query(predicate.query(), environment), compiler, at);
    const quantifier = predicate.comparisonQuantifier().KW_ALL() === null ? "ANY" : "ALL";
    return { sql: `(${left} ${operatorOf(predicate.comparisonOperator())} ${quantifier} ${right})`, type: truth };
  }
  throw queryError("NOT_SUPPORTED", `"${predicate.getText()}" is not imitated here`, at);
}

function isOneOf(value: Value, others: readonly Value[], at: Place): Value {
  const equal = others.map((other) => compared("=", value, other, at));
  const { values, type } = unified([value, ...others], "All IN list values", at);
  if (isFloating(type)) return and("OR", equal);
  const [first, ...rest] = values.map(({ sql }) => sql);
  return { sql: `(${first} IN (${rest.join(", ")}))`, type: truth };
}

const operatorOf = (node: Node): Comparison => {
  const text = node.getText();
  return (text === "!=" ? "<>" : text) as Comparison;
};

function text(value: Value, at: Place): Value {
  if (value.type.kind === "varchar") return value;
  if (value.type.kind === "unknown") return { sql: "CAST(NULL AS VARCHAR)", type: { kind: "varchar" } };
  throw queryError(
    "TYPE_MISMATCH",
    `Left side of LIKE expression must evaluate to a varchar (actual: ${typeName(value.type)})`,
    at,
  );
}

/** The value and the query's one column, as one type. */
function bothSides(value: Value, { sql, columns }: Relation, compiler: Compiler, at: Place): readonly [string, string] {
  const [only, another] = columns;
  if (only === undefined || another !== undefined) {
    throw queryError(
      "TYPE_MISMATCH",
      `Multiple columns returned by subquery are not yet supported. Found ${columns.length}`,
      at,
    );
  }
  compiler.use(only.sources);
  const common = commonType(value.type, only.type);
  if (common === undefined) {
    throw queryError(
      "TYPE_MISMATCH",
      `value and result of subquery must be of the same type for IN expression: ${typeName(value.type)} vs ${typeName(only.type)}`,
      at,
    );
  }
  const other = coerced({ sql: only.sql, type: only.type }, common, at).sql;
  return [coerced(value, common, at).sql, `(SELECT ${other} FROM ${sql} AS ${compiler.fresh("q")})`];
}
