// calls: functions, aggregates and window functions. What is in none of the lists under functions/ is refused by its name.

import type { FunctionCallContext } from "dt-sql-parser/dist/lib/trino/TrinoSqlParser";
import * as trino from "dt-sql-parser/dist/lib/trino/TrinoSqlParser";
import { literal } from "../../../../schemas/sql-text";
import { isQueryError, notImitated, type Place, queryError } from "../query-error";
import { aggregated } from "./aggregations";
import { castTo } from "./casts";
import { isOrderable } from "./coercion";
import { unified } from "./common-type";
import { compared } from "./comparisons";
import type { Compiler, Environment } from "./environment";
import { canonical, checkLiterals, listed, nameIn, unfit } from "./function-choice";
import { aggregates, windows } from "./functions/aggregates";
import { collections } from "./functions/collections";
import type { Line, Lines } from "./functions/line";
import { numbers } from "./functions/numbers";
import { refused } from "./functions/refused";
import { texts } from "./functions/texts";
import { times } from "./functions/times";
import { nameOf } from "./names";
import { arithmetic } from "./operators";
import { logical } from "./predicates";
import { type Argument, choose, isLambda, type Match } from "./signature";
import { type Node, placeOf } from "./syntax";
import { duckType, of, typeName } from "./types";
import type { Value } from "./value";

const functions: Lines = { ...texts, ...numbers, ...times, ...collections };

export function call(node: FunctionCallContext, environment: Environment, compiler: Compiler): Value {
  const name = nameIn(node);
  const at = placeOf(node);
  if (node.processingMode() !== null) throw notImitated(node.getText(), at);
  const aggregate = listed(aggregates, name) ?? (node.over() === null ? undefined : listed(windows, name));
  if (aggregate !== undefined) return aggregated(node, name, aggregate, environment, compiler);
  if (listed(windows, name) !== undefined)
    throw queryError("MISSING_OVER", `Window function ${name} requires an OVER clause`, at);
  for (const [word, found] of [
    ["OVER", node.over()],
    ["FILTER", node.filter()],
    ["ORDER BY", node.sortItem()[0]],
    ["DISTINCT", node.setQuantifier()?.KW_DISTINCT()],
  ] as const) {
    if (found != null)
      throw queryError("FUNCTION_NOT_AGGREGATE", `${word} is only for aggregates, not for '${name}'`, at);
  }
  const given = node.expression().map((argument) => argumentOf(argument, environment, compiler));
  const own = special(name, given, at);
  if (own !== undefined) return own;
  const lines = listed(functions, name);
  if (lines === undefined) throw unknownFunction(name, at);
  return applied(name, lines, given, at);
}

function unknownFunction(name: string, at: Place) {
  const hint = Object.hasOwn(refused, name) ? refused[name] : undefined;
  return notImitated(`The function ${name}`, at, hint);
}

/** A function that is written in another way than as a call. */
export const callOf = (name: string, values: readonly Value[], at: Place): Value =>
  applied(name, listed(functions, name) ?? [], values, at);

/** The call of a scalar function. */
function applied(name: string, lines: readonly Line[], given: readonly Argument[], at: Place): Value {
  const found = choose(lines, given, at);
  if (found === undefined) throw unfit(name, lines, given, at);
  const { line, match } = found;
  checkLiterals(name, line, match, at);
  const result = line.gives?.(match.types) ?? match.result ?? of("unknown");
  const sql = placed(() => (typeof line.sql === "string" ? filled(line.sql, match) : line.sql(match.values)), at);
  // Whatever DuckDB makes of it, it is of Trino's type.
  return { sql: `CAST(${sql} AS ${duckType(result)})`, type: result };
}

const filled = (template: string, { values, bound }: Match): string =>
  template.replaceAll(/\$(\d|\*|[A-Z])/g, (_, which: string) => {
    if (which === "*") return values.map(({ sql }) => sql).join(", ");
    if (/\d/.test(which)) return values[Number(which) - 1]?.sql ?? "NULL";
    return duckType(bound.get(which) ?? of("unknown"));
  });

/** Errors of a line know nothing of the query: they are given the place. */
function placed(work: () => string, at: Place): string {
  try {
    return work();
  } catch (error) {
    if (isQueryError(error) && error.at === undefined)
      throw queryError(error.code, error.message.slice(error.code.length + 2), at);
    throw error;
  }
}

function argumentOf(node: Node, environment: Environment, compiler: Compiler): Argument {
  const lambda = lambdaIn(node);
  if (lambda === undefined) return compiler.expression(node, environment);
  const names = lambda.identifier().map(nameOf);
  const parameters = names.map(() => compiler.fresh("p"));
  return {
    parameters,
    body: (types) => {
      const find: Environment["find"] = ([first = "", ...rest], at) => {
        const index = names.findIndex((name) => name.toLowerCase() === first.toLowerCase());
        const type = types[index];
        if (type === undefined) return environment.find([first, ...rest], at);
        if (rest.length > 0)
          throw notImitated("A field of a lambda's parameter by its name", at, "its number, as x[1]");
        return { sql: parameters[index] ?? "NULL", type };
      };
      return compiler.expression(lambda.expression(), { ...environment, find });
    },
  };
}

/** The lambda that an argument is, below the nodes that stand for their only child. */
function lambdaIn(node: Node): InstanceType<typeof trino.LambdaContext> | undefined {
  if (node instanceof trino.LambdaContext) return node;
  if (node instanceof trino.ExpressionContext) return lambdaIn(node.booleanExpression());
  if (node instanceof trino.PredicatedContext && node.predicate() === null) return lambdaIn(node.valueExpression());
  if (node instanceof trino.ValueExpressionDefaultContext) return lambdaIn(node.primaryExpression());
  return undefined;
}

/** Functions whose result depends on their arguments in a way of its own. */
function special(name: string, given: readonly Argument[], at: Place): Value | undefined {
  const values = given.filter((argument): argument is Value => !isLambda(argument));
  const [first, second, third] = values;
  switch (name) {
    case "if": {
      if (first === undefined || second === undefined) return undefined;
      const condition = logical(first, "IF condition", at);
      const branches = unified(third === undefined ? [second] : [second, third], "Result types for IF", at);
      const [yes, no] = branches.values.map(({ sql }) => sql);
      return { sql: `(CASE WHEN ${condition.sql} THEN ${yes} ELSE ${no ?? "NULL"} END)`, type: branches.type };
    }
    case "nullif":
      if (first === undefined || second === undefined) return undefined;
      return {
        sql: `(CASE WHEN ${compared("=", first, second, at).sql} THEN NULL ELSE ${first.sql} END)`,
        type: first.type,
      };
    case "coalesce": {
      const { values: all, type } = unified(values, "All COALESCE operands", at);
      return { sql: `coalesce(${all.map(({ sql }) => sql).join(", ")})`, type };
    }
    case "try":
      return first && { sql: `TRY(${first.sql})`, type: first.type };
    case "mod":
      return first && second && arithmetic("%", first, second, at);
    case "typeof":
      return first && { sql: literal(typeName(first.type)), type: { kind: "varchar" } };
    case "date":
      return first && castTo(first, of("date"), at);
    // NULL where one of them is; DuckDB passes it over.
    case "greatest":
    case "least": {
      const { values: all, type } = unified(values, `All ${name.toUpperCase()} operands`, at);
      if (!isOrderable(type)) return undefined;
      const sqls = all.map(({ sql }) => sql);
      return {
        sql: `(CASE WHEN ${sqls.map((sql) => `${sql} IS NOT NULL`).join(" AND ")} THEN ${name}(${sqls.join(", ")}) END)`,
        type,
      };
    }
    default:
      return undefined;
  }
}

export function extract(field: string, value: Value, at: Place): Value {
  const name = canonical(field.toLowerCase());
  const lines = listed(times, name);
  const known = [
    "year",
    "quarter",
    "month",
    "week",
    "day",
    "day_of_week",
    "day_of_year",
    "year_of_week",
    "hour",
    "minute",
    "second",
  ];
  if (lines === undefined || !known.includes(name)) throw notImitated(`EXTRACT(${field})`, at);
  return applied(name, lines, [value], at);
}
