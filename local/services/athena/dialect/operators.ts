// operators: Trino's arithmetic, comparison and concatenation, with the types of their results.
// https://trino.io/docs/current/functions/math.html, decimal.html, comparison.html, datetime.html

import { literal } from "../../../../schemas/sql-text";
import { type Place, queryError } from "../query-error";
import { coerced } from "./casts";
import { asDecimal, commonType, isFloating, isInteger, isNumber } from "./coercion";
import { mismatch } from "./common-type";
import { decimal, duckType, of, type Type, typeName } from "./types";
import { failure, type Value } from "./value";

export type Arithmetic = "+" | "-" | "*" | "/" | "%";

export function arithmetic(operator: Arithmetic, left: Value, right: Value, at: Place): Value {
  const time = withInterval(operator, left, right, at);
  if (time !== undefined) return time;
  const common = commonType(left.type, right.type);
  if (common === undefined || !(isNumber(common) || common.kind === "unknown"))
    throw mismatch(operator, left, right, at);
  if (common.kind === "unknown") return { sql: `CAST(NULL AS INTEGER)`, type: of("integer") };
  if (common.kind === "decimal") return decimalArithmetic(operator, left, right, at);
  const [a, b] = [coerced(left, common, at).sql, coerced(right, common, at).sql];
  const type = duckType(common);
  if (isFloating(common)) {
    if (operator === "%") return { sql: `CAST(fmod(${a}, ${b}) AS ${type})`, type: common };
    return { sql: `CAST((${a} ${operator} ${b}) AS ${type})`, type: common };
  }
  if (operator === "/") return { sql: `CAST((${a} // ${divisor(b, type)}) AS ${type})`, type: common };
  if (operator === "%") return { sql: `CAST((${a} % ${divisor(b, type)}) AS ${type})`, type: common };
  return { sql: `CAST((${a} ${operator} ${b}) AS ${type})`, type: common };
}

/** DuckDB gives NULL for a division by zero. */
const divisor = (sql: string, type: string): string =>
  `(CASE WHEN ${sql} = 0 THEN ${failure("DIVISION_BY_ZERO", literal("Division by zero"), type)} ELSE ${sql} END)`;

/** The result's digits as io.trino.type.DecimalOperators has them. */
function decimalArithmetic(operator: Arithmetic, left: Value, right: Value, at: Place): Value {
  const [a, b] = [asDecimal(concrete(left, right)), asDecimal(concrete(right, left))];
  if (a.kind !== "decimal" || b.kind !== "decimal") throw mismatch(operator, left, right, at);
  const [x, y] = [coerced(left, a, at).sql, coerced(right, b, at).sql];
  const scale = Math.max(a.scale, b.scale);
  const whole = Math.max(a.precision - a.scale, b.precision - b.scale);
  switch (operator) {
    case "+":
    case "-": {
      const type = decimal(Math.min(38, whole + scale + 1), scale);
      const wide = duckType(type);
      return { sql: `CAST((CAST(${x} AS ${wide}) ${operator} CAST(${y} AS ${wide})) AS ${wide})`, type };
    }
    case "*": {
      if (a.scale + b.scale > 38) {
        throw queryError(
          "NUMERIC_VALUE_OUT_OF_RANGE",
          `DECIMAL scale must be in range [0, precision (38)]: ${a.scale + b.scale}`,
          at,
        );
      }
      const type = decimal(Math.min(38, a.precision + b.precision), a.scale + b.scale);
      return { sql: `CAST((${x} * ${y}) AS ${duckType(type)})`, type };
    }
    case "/": {
      const precision = Math.min(38, a.precision + b.scale + Math.max(b.scale - a.scale, 0));
      return { sql: viaText("decimal_divide", x, y, scale, precision), type: decimal(precision, scale) };
    }
    case "%": {
      const precision = Math.min(b.precision - b.scale, a.precision - a.scale) + scale;
      return { sql: viaText("decimal_modulus", x, y, scale, precision), type: decimal(precision, scale) };
    }
  }
}

/** What DuckDB divides as doubles is divided as whole numbers (engine/natives.ts). */
const viaText = (name: string, x: string, y: string, scale: number, precision: number): string =>
  `CAST(${name}(CAST(${x} AS VARCHAR), CAST(${y} AS VARCHAR), ${scale}) AS DECIMAL(${precision},${scale}))`;

const concrete = (value: Value, other: Value): Type => (value.type.kind === "unknown" ? other.type : value.type);

/** date and timestamp with intervals, intervals with each other and with numbers. */
function withInterval(operator: Arithmetic, left: Value, right: Value, at: Place): Value | undefined {
  const [a, b] = [left.type.kind, right.type.kind];
  if (operator === "+" && isInterval(a) && !isInterval(b)) return withInterval("+", right, left, at);
  if (isInterval(b) && (operator === "+" || operator === "-")) {
    if (a === "timestamp" || a === "timestamp with time zone") {
      return { sql: `(${left.sql} ${operator} ${right.sql})`, type: left.type };
    }
    if (a === "date") {
      const sum = `(${left.sql} ${operator} ${right.sql})`;
      if (b === "interval year to month") return { sql: `CAST(${sum} AS DATE)`, type: left.type };
      const message = literal("Cannot add hour, minutes or seconds to a date");
      const fault = failure("INVALID_FUNCTION_ARGUMENT", message, "DATE");
      return {
        sql: `CASE WHEN ${sum} = date_trunc('day', ${sum}) THEN CAST(${sum} AS DATE) WHEN ${sum} IS NOT NULL THEN ${fault} END`,
        type: left.type,
      };
    }
    if (a === b) return { sql: `(${left.sql} ${operator} ${right.sql})`, type: left.type };
  }
  if (operator === "*" && isInterval(a) && isInteger(right.type)) {
    return { sql: `(${left.sql} * ${right.sql})`, type: left.type };
  }
  if (operator === "*" && isInterval(b) && isInteger(left.type)) return withInterval("*", right, left, at);
  if (operator === "-" && a === b && (a === "date" || a === "timestamp" || a === "timestamp with time zone")) {
    const micros =
      a === "date"
        ? `CAST((${left.sql} - ${right.sql}) AS BIGINT) * 86400000000`
        : `epoch_us(${left.sql}) - epoch_us(${right.sql})`;
    return { sql: `to_microseconds(${micros})`, type: of("interval day to second") };
  }
  if (isInterval(a) || isInterval(b)) throw mismatch(operator, left, right, at);
  return undefined;
}

const isInterval = (kind: string): boolean => kind === "interval day to second" || kind === "interval year to month";

export function negated(value: Value, at: Place): Value {
  const { type, sql } = value;
  if (type.kind === "unknown") return { sql: "CAST(NULL AS INTEGER)", type: of("integer") };
  if (!isNumber(type) && !isInterval(type.kind)) {
    throw queryError("TYPE_MISMATCH", `Cannot negate ${typeName(type)}`, at);
  }
  return { sql: `(- ${sql})`, type };
}
