// print: values as Athena's results show them. Structures are printed as Presto's Java classes print themselves.

import type {
  DuckDBBlobValue,
  DuckDBDateValue,
  DuckDBIntervalValue,
  DuckDBListValue,
  DuckDBMapValue,
  DuckDBStructValue,
  DuckDBTimestampTZValue,
  DuckDBTimestampValue,
  DuckDBValue,
} from "@duckdb/node-api";
import type { Type } from "../dialect/types";

/** Nothing for NULL. */
export function printed(value: DuckDBValue, type: Type): string | undefined {
  return value === null ? undefined : print(value, type);
}

function print(value: NonNullable<DuckDBValue>, type: Type): string {
  const inner = (each: DuckDBValue, of: Type) => printed(each, of) ?? "null";
  switch (type.kind) {
    case "double":
      return javaDouble(Number(value));
    case "real":
      return javaReal(Number(value));
    case "date":
      return String(value as DuckDBDateValue);
    case "timestamp":
      return moment((value as DuckDBTimestampValue).micros, type.precision);
    case "timestamp with time zone":
      return `${moment((value as DuckDBTimestampTZValue).micros, type.precision)} UTC`;
    case "varbinary":
      return [...(value as DuckDBBlobValue).bytes].map((byte) => byte.toString(16).padStart(2, "0")).join(" ");
    case "array":
      return `[${(value as DuckDBListValue).items.map((item) => inner(item, type.of)).join(", ")}]`;
    case "map": {
      const entries = (value as DuckDBMapValue).entries.map(
        (entry) => `${inner(entry.key, type.key)}=${inner(entry.value, type.value)}`,
      );
      return `{${entries.join(", ")}}`;
    }
    case "row": {
      const own = Object.values((value as DuckDBStructValue).entries);
      const fields = type.fields.map(
        (field, index) => `${field.name ?? `field${index}`}=${inner(own[index] ?? null, field.type)}`,
      );
      return `{${fields.join(", ")}}`;
    }
    case "interval day to second":
      return dayToSecond(value as DuckDBIntervalValue);
    case "interval year to month": {
      const { months } = value as DuckDBIntervalValue;
      return `${months < 0 ? "-" : ""}${Math.floor(Math.abs(months) / 12)}-${Math.abs(months) % 12}`;
    }
    default:
      return String(value);
  }
}

/** https://docs.oracle.com/en/java/javase/21/docs/api/java.base/java/lang/Double.html#toString(double) */
export const javaDouble = (value: number): string => java(value, String(Math.abs(value)));

/** The fewest digits that are no other real. */
function javaReal(value: number): string {
  const magnitude = Math.abs(value);
  for (let digits = 1; digits <= 9; digits += 1) {
    const text = magnitude.toPrecision(digits);
    if (Math.fround(Number(text)) === magnitude) return java(value, String(Number(text)));
  }
  return java(value, String(magnitude));
}

/** `shortest`: its magnitude with the fewest digits that tell it from others, as JavaScript writes it. */
function java(value: number, shortest: string): string {
  if (!Number.isFinite(value)) return String(value);
  const sign = value < 0 || Object.is(value, -0) ? "-" : "";
  const magnitude = Math.abs(value);
  if (magnitude === 0) return `${sign}0.0`;
  const [mantissa = "", exponent = "0"] = shortest.split("e");
  const [whole = "", fraction = ""] = mantissa.split(".");
  const leading = /^0*/.exec(whole + fraction)?.[0].length ?? 0;
  const digits = (whole + fraction).slice(leading).replace(/0+$/, "");
  // Digits before the point, were it written out.
  const point = whole.length + Number(exponent) - leading;
  if (magnitude >= 1e-3 && magnitude < 1e7) {
    const padded = digits.padEnd(point, "0");
    const before = point > 0 ? padded.slice(0, point) : "0";
    const after = point > 0 ? padded.slice(point) : "0".repeat(-point) + digits;
    return `${sign}${before}.${after === "" ? "0" : after}`;
  }
  return `${sign}${digits.slice(0, 1)}.${digits.slice(1) || "0"}E${point - 1}`;
}

function moment(micros: bigint, precision: number): string {
  const fraction = ((micros % 1_000_000n) + 1_000_000n) % 1_000_000n;
  const text = new Date(Number((micros - fraction) / 1_000n)).toISOString().replace("T", " ").slice(0, -5);
  return precision === 0 ? text : `${text}.${String(fraction).padStart(6, "0").slice(0, precision)}`;
}

function dayToSecond({ days, micros }: DuckDBIntervalValue): string {
  const total = (BigInt(days) * 86_400_000_000n + micros) / 1_000n;
  const ms = total < 0n ? -total : total;
  const part = (unit: bigint, of: bigint, length = 2) => String((ms / unit) % of).padStart(length, "0");
  const time = `${part(3_600_000n, 24n)}:${part(60_000n, 60n)}:${part(1_000n, 60n)}.${part(1n, 1_000n, 3)}`;
  return `${total < 0n ? "-" : ""}${ms / 86_400_000n} ${time}`;
}
