// literals: numbers, texts, dates and intervals as the query writes them, and the names of types.

import type { IntervalContext, TypeContext } from "dt-sql-parser/dist/lib/trino/TrinoSqlParser";
import * as trino from "dt-sql-parser/dist/lib/trino/TrinoSqlParser";
import { literal } from "../../../../schemas/sql-text";
import { notImitated, type Place, queryError } from "../query-error";
import { castTo } from "./casts";
import { nameOf } from "./names";
import { type Node, placeOf, textOf } from "./syntax";
import { arrayOf, decimal, duckType, of, type Type, timestamp, varchar, zoned } from "./types";
import type { Value } from "./value";

export function textLiteral(node: Node): Value {
  if (node instanceof trino.UnicodeStringLiteralContext) throw notImitated("A U&'...' literal", placeOf(node));
  const text = textOf(node.getText());
  return { sql: literal(text), type: { kind: "varchar", length: [...text].length }, literal: text };
}

/** https://trino.io/docs/current/language/types.html: 1 is an integer, 1.5 a decimal, 1.5e0 a double */
export function numberLiteral(node: Node): Value {
  const text = node.getText().replaceAll("_", "");
  const at = placeOf(node);
  if (/e/i.test(text)) return typed(text, of("double"));
  if (text.includes(".")) return decimalLiteral(text, at);
  const number = BigInt(text);
  if (number > 2n ** 63n - 1n) throw queryError("INVALID_LITERAL", `Invalid numeric literal: ${text}`, at);
  return typed(text, number > 2n ** 31n - 1n ? of("bigint") : of("integer"));
}

const typed = (text: string, type: Type): Value => ({
  sql: `CAST(${literal(text)} AS ${duckType(type)})`,
  type,
  literal: text,
});

function decimalLiteral(text: string, at: Place, leading = false): Value {
  const [, whole = "", fraction = ""] = /^[+-]?(\d*)\.?(\d*)$/.exec(text) ?? [];
  if (whole + fraction === "") throw queryError("INVALID_LITERAL", `'${text}' is not a valid DECIMAL literal`, at);
  const digits = (leading ? whole : whole.replace(/^0+/, "")) + fraction;
  if (digits.length > 38) throw queryError("INVALID_LITERAL", `Invalid decimal literal: ${text}`, at);
  return typed(text, decimal(Math.max(1, digits.length), fraction.length));
}

/** `DATE '2026-01-31'`, `TIMESTAMP '...'`, `DECIMAL '1.50'`, `DOUBLE '1'` */
export function typedLiteral(name: string, text: Value, at: Place): Value {
  const value = text.literal ?? "";
  const invalid = () => queryError("INVALID_LITERAL", `'${value}' is not a valid ${name.toUpperCase()} literal`, at);
  switch (name.toLowerCase()) {
    case "date":
      if (!isDate(value.trim())) throw invalid();
      return typed(value.trim(), of("date"));
    case "timestamp": {
      const [, moment, fraction = "", zone] =
        /^\s*(\d{4}-\d{1,2}-\d{1,2}(?: \d{1,2}:\d{1,2}(?::\d{1,2}(?:\.(\d{1,12}))?)?)?)\s*(\S.*)?$/.exec(value) ?? [];
      if (moment === undefined || !isDate(moment.split(" ")[0] ?? "")) throw invalid();
      if (fraction.length > 6) throw notImitated(`A timestamp of ${fraction.length} digits of a second`, at);
      const precision = fraction.length === 0 ? 0 : fraction.length <= 3 ? 3 : 6;
      if (fraction.length !== precision)
        throw notImitated(`A timestamp of ${fraction.length} digits of a second`, at, "0, 3 or 6");
      const sql = `CAST(${literal(/ \d+:\d+$/.test(moment) ? `${moment}:00` : moment)} AS TIMESTAMP)`;
      if (zone === undefined) return { sql, type: timestamp(precision) };
      if (!/^(UTC|Z|\+00:00)$/i.test(zone)) throw notImitated(`The time zone ${zone}`, at, "UTC");
      return { sql: `timezone('UTC', ${sql})`, type: zoned(precision) };
    }
    case "decimal":
      return decimalLiteral(value, at, true);
    case "varchar":
      return { ...text, type: varchar };
    case "x":
      if (!/^([0-9a-f]{2})*$/i.test(value)) throw invalid();
      return { sql: `unhex(${literal(value)})`, type: of("varbinary") };
    default: {
      const type = typeNamed(name, [], at);
      return { ...castTo(text, type, at), literal: value };
    }
  }
}

const isDate = (text: string): boolean => {
  const [, year = 0, month = 0, day = 0] = /^(\d{4})-(\d{1,2})-(\d{1,2})$/.exec(text)?.map(Number) ?? [];
  const date = new Date(Date.UTC(year, month - 1, day));
  return month > 0 && date.getUTCMonth() === month - 1 && date.getUTCDate() === day;
};

export function intervalLiteral(node: IntervalContext): Value {
  const at = placeOf(node);
  const [from, to] = node.intervalField();
  if (to !== undefined) throw notImitated("An interval of several fields", at, "add intervals of one field each");
  const sign = node.MINUS() === null ? "" : "-";
  const text = textOf(node.string().getText());
  const field = from?.getText().toLowerCase() ?? "";
  if (!/^-?\d+$/.test(text)) throw notImitated(`The interval '${text}' ${field}`, at, "a whole number of them");
  const count = `CAST(${sign}(${text}) AS INTEGER)`;
  const monthly = { year: `to_years(${count})`, month: `to_months(${count})` }[field];
  if (monthly !== undefined) return { sql: monthly, type: of("interval year to month") };
  return { sql: `to_${field}s(${count})`, type: of("interval day to second") };
}

export function typeOf(node: TypeContext): Type {
  const at = placeOf(node);
  if (node instanceof trino.ArrayTypeContext) return arrayOf(typeOf(node.type()));
  if (node instanceof trino.LegacyArrayTypeContext) return arrayOf(typeOf(node.type()));
  if (node instanceof trino.DoublePrecisionTypeContext) return of("double");
  if (node instanceof trino.RowTypeContext) {
    const fields = node.rowField().map((field) => {
      const name = field.identifier();
      return { ...(name === null ? {} : { name: nameOf(name) }), type: typeOf(field.type()) };
    });
    return { kind: "row", fields };
  }
  if (node instanceof trino.GenericTypeContext) {
    const inner = node.typeParameter().map((parameter) => parameter.type() ?? Number(parameter.getText()));
    return typeNamed(nameOf(node.identifier()), inner, at);
  }
  if (node instanceof trino.DateTimeTypeContext) {
    const text = node.getText().toLowerCase();
    const [, precision = "3", zone] = /^timestamp(?:\((\d+)\))?(withtimezone)?(?:withouttimezone)?$/.exec(text) ?? [];
    if (text.startsWith("timestamp")) return checkedTimestamp(Number(precision), zone !== undefined, at);
  }
  throw notImitated(`The type ${node.getText()}`, at);
}

function typeNamed(name: string, inner: readonly (TypeContext | number)[], at: Place): Type {
  const [first, second] = inner;
  const sub = (each: TypeContext | number | undefined): Type => {
    if (each === undefined || typeof each === "number") throw queryError("TYPE_NOT_FOUND", `Unknown type: ${name}`, at);
    return typeOf(each);
  };
  switch (name.toLowerCase()) {
    case "int":
    case "integer":
      return of("integer");
    case "decimal": {
      const [precision, scale] = [Number(first ?? 38), Number(second ?? 0)];
      if (!(precision >= 1 && precision <= 38 && scale >= 0 && scale <= precision)) {
        throw queryError("INVALID_FUNCTION_ARGUMENT", `DECIMAL precision must be in range [1, 38]: ${precision}`, at);
      }
      return decimal(precision, scale);
    }
    case "varchar":
      return first === undefined ? varchar : { kind: "varchar", length: Number(first) };
    case "array":
      return arrayOf(sub(first));
    case "map":
      return { kind: "map", key: sub(first), value: sub(second) };
    case "timestamp":
      return checkedTimestamp(Number(first ?? 3), false, at);
    case "boolean":
    case "tinyint":
    case "smallint":
    case "bigint":
    case "real":
    case "double":
    case "varbinary":
    case "date":
    case "json":
      return of(name.toLowerCase() as "date");
    case "char":
      throw notImitated("The type char(n)", at, "varchar, which is not padded");
    case "string":
    case "float":
    case "text":
      throw queryError("TYPE_NOT_FOUND", `Unknown type: ${name}`, at);
    default:
      throw notImitated(`The type ${name}`, at);
  }
}

function checkedTimestamp(precision: number, withZone: boolean, at: Place): Type {
  if (![0, 3, 6].includes(precision)) throw notImitated(`timestamp(${precision})`, at, "0, 3 or 6 digits of a second");
  return withZone ? zoned(precision) : timestamp(precision);
}
