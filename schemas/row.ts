// row: the valibot schema of one row of a lake table, as JavaScript holds it.

import * as v from "valibot";
import { earliest, latest } from "./column-rules";
import type { Column, Table } from "./tables";

/**
 * `bigint` is a bigint or a safe integer, `decimal` a string such as "12.50" (a JavaScript number would not be exact),
 * `timestamp` and `date` a Date.
 */
export const rowSchema = (table: Table) =>
  v.strictObject(
    Object.fromEntries(Object.entries(table.columns).map(([name, column]) => [name, valueSchema(column)])),
  );

function valueSchema(column: Column): v.GenericSchema {
  const value = v.pipe(typeSchema(column.type), ...(limits(column) as []));
  return column.nullable ? v.nullable(value) : value;
}

function typeSchema(type: Column["type"]): v.GenericSchema {
  switch (type) {
    case "bigint":
      return v.union([v.bigint(), v.pipe(v.number(), v.safeInteger())]);
    case "integer":
      return v.pipe(v.number(), v.integer(), v.minValue(-(2 ** 31)), v.maxValue(2 ** 31 - 1));
    case "double":
      return v.pipe(v.number(), v.finite());
    case "boolean":
      return v.boolean();
    case "varchar":
      return v.string();
    case "date":
    case "timestamp":
      return v.pipe(
        v.date(),
        v.minValue(new Date(earliest)),
        v.check((date) => date < new Date(latest)),
      );
    default:
      return v.pipe(
        v.string(),
        v.check((text) => fitsDecimal(text, type), `is not a ${type}`),
      );
  }
}

function limits({ type, oneOf, pattern, min, max }: Column) {
  const whole = pattern === undefined ? undefined : new RegExp(`^(?:${pattern})$`, "u");
  const measure = (value: unknown) => (type === "varchar" ? [...String(value)].length : Number(value));
  return [
    v.check(
      (value: unknown) => oneOf === undefined || oneOf.includes(String(value)),
      `is none of ${oneOf?.join(", ")}`,
    ),
    v.check((value: unknown) => whole === undefined || whole.test(String(value)), `does not match ${pattern}`),
    v.check((value: unknown) => min === undefined || measure(value) >= min, `is less than ${min}`),
    v.check((value: unknown) => max === undefined || measure(value) <= max, `is more than ${max}`),
  ];
}

function fitsDecimal(text: string, type: string): boolean {
  const [precision = 0, scale = 0] = [...type.matchAll(/\d+/g)].map(Number);
  const [, whole, fraction = ""] = /^-?0*(\d*)(?:\.(\d+))?$/.exec(text) ?? [];
  return whole !== undefined && text !== "-" && whole.length <= precision - scale && fraction.length <= scale;
}
