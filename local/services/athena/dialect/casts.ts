// casts: CAST and TRY_CAST as Trino makes them. What differs in DuckDB is written out, what cannot be is refused.

import { literal } from "../../../../schemas/sql-text";
import { notImitated, type Place, queryError } from "../query-error";
import { isFloating, isInteger } from "./coercion";
import { duckType, sameType, structField, type Type, typeName } from "./types";
import { failure, type Value } from "./value";

/** An explicit cast. */
export function castTo(value: Value, type: Type, at: Place): Value {
  return { sql: castSql(value.sql, value.type, type, at), type };
}

/** The cast that Trino makes by itself; `coerces` has said that it may. */
export function coerced(value: Value, type: Type, at: Place): Value {
  if (sameType(value.type, type)) return value;
  if (value.type.kind === "varchar" && type.kind === "varchar") return { ...value, type };
  return { ...castTo(value, type, at), ...(value.literal === undefined ? {} : { literal: value.literal }) };
}

function castSql(sql: string, from: Type, to: Type, at: Place): string {
  const plain = `CAST(${sql} AS ${duckType(to)})`;
  const refused = () => notImitated(`CAST from ${typeName(from)} to ${typeName(to)}`, at);
  if (from.kind === "unknown") return `CAST(NULL AS ${duckType(to)})`;
  if (sameType(from, to)) return sql;
  if (from.kind === "json" || to.kind === "json") throw refused();
  if (to.kind === "array" && from.kind === "array") {
    return `list_transform(${sql}, lambda e${depth(from)} : ${castSql(`e${depth(from)}`, from.of, to.of, at)})`;
  }
  if (to.kind === "row" && from.kind === "row" && to.fields.length === from.fields.length) {
    const fields = to.fields.map((field, index) => {
      const name = structField(index);
      const own = from.fields[index]?.type ?? from;
      return `${name} := ${castSql(`struct_extract(${sql}, '${name}')`, own, field.type, at)}`;
    });
    return `CASE WHEN ${sql} IS NULL THEN NULL ELSE struct_pack(${fields.join(", ")}) END`;
  }
  if (to.kind === "map" && from.kind === "map") {
    if (duckType(from) === duckType(to)) return sql;
    return `map_from_entries(list_transform(map_entries(${sql}), lambda e${depth(from)} : struct_pack(k := ${castSql(
      `e${depth(from)}.key`,
      from.key,
      to.key,
      at,
    )}, v := ${castSql(`e${depth(from)}.value`, from.value, to.value, at)})))`;
  }
  const single = singleCast(sql, from, to);
  if (single === "same") return plain;
  if (single !== undefined) return single;
  if (mismatched(from, to)) throw queryError("TYPE_MISMATCH", `Cannot cast ${typeName(from)} to ${typeName(to)}`, at);
  throw refused();
}

/** Names of lambda parameters must differ where one lambda stands in another. */
const depth = (type: Type): number =>
  type.kind === "array" ? 1 + depth(type.of) : type.kind === "map" ? 1 + depth(type.value) : 0;

/** `"same"` where DuckDB's own cast does it, nothing where there is no such cast here. */
function singleCast(sql: string, from: Type, to: Type): string | undefined {
  switch (to.kind) {
    case "boolean":
      if (isInteger(from) || isFloating(from) || from.kind === "decimal") return `(${sql} <> 0)`;
      if (from.kind === "varchar") return checked(sql, "(?i)true|false|t|f|1|0", to);
      return undefined;
    case "tinyint":
    case "smallint":
    case "integer":
    case "bigint":
      if (isInteger(from) || from.kind === "boolean" || from.kind === "decimal") return "same";
      // DuckDB rounds halves to even, Trino away from zero (DoubleMath.roundToLong HALF_UP).
      if (isFloating(from)) return `CAST(round(${sql}) AS ${duckType(to)})`;
      if (from.kind === "varchar") return checked(sql, "[+-]?[0-9]+", to);
      return undefined;
    case "real":
    case "double":
      if (isInteger(from) || isFloating(from) || from.kind === "decimal" || from.kind === "boolean") return "same";
      if (from.kind === "varchar") {
        return checked(sql, "[+-]?([0-9]+\\.?[0-9]*|\\.[0-9]+)([eE][+-]?[0-9]+)?|NaN|[+-]?Infinity", to);
      }
      return undefined;
    case "decimal":
      if (isInteger(from) || from.kind === "decimal" || from.kind === "boolean") return "same";
      // By way of its shortest text, as BigDecimal.valueOf does (DecimalConversions).
      if (isFloating(from)) return `CAST(CAST(${sql} AS VARCHAR) AS ${duckType(to)})`;
      if (from.kind === "varchar") return checked(sql, "[+-]?([0-9]+\\.?[0-9]*|\\.[0-9]+)([eE][+-]?[0-9]+)?", to);
      return undefined;
    case "varchar":
      return toText(sql, from, to.length);
    case "date":
      if (from.kind === "timestamp") return "same";
      if (from.kind === "timestamp with time zone") return `CAST(timezone('UTC', ${sql}) AS DATE)`;
      if (from.kind === "varchar") return checked(`trim(${sql})`, "[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}", to);
      return undefined;
    case "timestamp":
      if (from.kind === "date") return "same";
      if (from.kind === "timestamp") return from.precision <= to.precision ? sql : toPrecision(sql, to.precision);
      if (from.kind === "timestamp with time zone") return toPrecision(`timezone('UTC', ${sql})`, to.precision);
      if (from.kind === "varchar") {
        const time = "( [0-9]{1,2}:[0-9]{1,2}(:[0-9]{1,2}(\\.[0-9]{1,6})?)?)?";
        return toPrecision(checked(`trim(${sql})`, `[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}${time}`, to), to.precision);
      }
      return undefined;
    case "timestamp with time zone":
      if (from.kind === "date") return `timezone('UTC', CAST(${sql} AS TIMESTAMP))`;
      if (from.kind === "timestamp") return `timezone('UTC', ${toPrecision(sql, to.precision)})`;
      if (from.kind === "timestamp with time zone") return sql;
      return undefined;
    case "varbinary":
      return from.kind === "varchar" ? `encode(${sql})` : undefined;
    default:
      return undefined;
  }
}

function toText(sql: string, from: Type, length: number | undefined): string | undefined {
  const cut = (text: string) => (length === undefined ? text : `substr(${text}, 1, ${length})`);
  switch (from.kind) {
    case "varchar":
      return cut(sql);
    case "boolean":
    case "tinyint":
    case "smallint":
    case "integer":
    case "bigint":
    case "decimal":
    case "date": {
      const text = `CAST(${sql} AS VARCHAR)`;
      if (length === undefined) return text;
      const message = `'Value ' || ${text} || ${literal(` cannot be represented as varchar(${length})`)}`;
      return `CASE WHEN length(${text}) > ${length} THEN ${failure("INVALID_CAST_ARGUMENT", message, "VARCHAR")} ELSE ${text} END`;
    }
    case "timestamp":
      return cut(timestampText(sql, from.precision));
    case "timestamp with time zone":
      return cut(`(${timestampText(`timezone('UTC', ${sql})`, from.precision)} || ' UTC')`);
    default:
      return undefined;
  }
}

/** `2026-01-31 12:00:00.000`, with as many digits of a second. */
export function timestampText(sql: string, precision: number): string {
  if (precision === 0) return `strftime(${sql}, '%Y-%m-%d %H:%M:%S')`;
  return `left(strftime(${sql}, '%Y-%m-%d %H:%M:%S.%f'), ${20 + precision})`;
}

/** Rounded to so many digits of a second (0, 3 or 6: there are no others here), halves up. */
export function toPrecision(sql: string, precision: number): string {
  if (precision >= 6) return sql;
  return precision === 3
    ? `date_trunc('millisecond', ${sql} + to_microseconds(500))`
    : `date_trunc('second', ${sql} + to_microseconds(500000))`;
}

/** A cast of text that Java's parsers take and nothing else: DuckDB's take spaces, fractions and more. */
function checked(sql: string, pattern: string, to: Type): string {
  const type = duckType(to);
  const message = `'Cannot cast ''' || ${sql} || ${literal(`' to ${typeName(to).toUpperCase()}`)}`;
  return (
    `CASE WHEN regexp_full_match(${sql}, ${literal(pattern)}) THEN CAST(${sql} AS ${type}) ` +
    `WHEN ${sql} IS NOT NULL THEN ${failure("INVALID_CAST_ARGUMENT", message, type)} END`
  );
}

const texts = ["varchar", "varbinary"];

/** Whether Trino has no such cast either, so that the fault is the query's. */
const mismatched = (from: Type, to: Type): boolean =>
  from.kind === "array" ||
  from.kind === "map" ||
  from.kind === "row" ||
  to.kind === "array" ||
  to.kind === "map" ||
  to.kind === "row" ||
  (!texts.includes(from.kind) && !texts.includes(to.kind));
