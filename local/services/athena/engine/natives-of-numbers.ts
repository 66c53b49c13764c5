// natives-of-numbers: see natives.ts. Decimals come and go as text, which is exact.
// io.trino.type.DecimalOperators, io.trino.operator.scalar.MathFunctions

import type { DuckDBListValue } from "@duckdb/node-api";
import { queryError } from "../query-error";
import type { Native } from "./natives";

const invalid = (message: string) => queryError("INVALID_FUNCTION_ARGUMENT", message);

/** DuckDB has an error or NULL where the result is not a number or infinite. */
const double = (compute: (value: number) => number): Native => ({ takes: ["double"], gives: "double", compute });

export const numberNatives = {
  decimal_divide: {
    takes: ["varchar", "varchar", "integer"],
    gives: "varchar",
    compute(dividend: string, divisor: string, scale: number) {
      const [a, b] = [unscaled(dividend), unscaled(divisor)];
      if (b.digits === 0n) throw queryError("DIVISION_BY_ZERO", "Division by zero");
      return scaled(halfUp(a.digits * 10n ** BigInt(scale - a.scale + b.scale), b.digits), scale);
    },
  },
  decimal_modulus: {
    takes: ["varchar", "varchar", "integer"],
    gives: "varchar",
    compute(dividend: string, divisor: string, scale: number) {
      const [a, b] = [unscaled(dividend), unscaled(divisor)];
      if (b.digits === 0n) throw queryError("DIVISION_BY_ZERO", "Division by zero");
      return scaled((a.digits * 10n ** BigInt(scale - a.scale)) % (b.digits * 10n ** BigInt(scale - b.scale)), scale);
    },
  },
  trino_round_decimal: {
    takes: ["varchar", "bigint", "varchar", "integer"],
    gives: "varchar",
    compute(value: string, places: bigint, how: string, scale: number) {
      const { digits } = unscaled(value);
      if (places >= BigInt(scale)) return value;
      // Beyond 38 digits nothing is left of any decimal.
      const unit = 10n ** (BigInt(scale) - (places < -38n ? -38n : places));
      return scaled(rounded(digits, unit, how) * unit, scale);
    },
  },
  trino_round_integer: {
    takes: ["bigint", "bigint"],
    gives: "bigint",
    compute: (value: bigint, places: bigint) => {
      if (places >= 0n) return value;
      const unit = 10n ** (places < -38n ? 38n : -places);
      const result = halfUp(value, unit) * unit;
      if (result !== BigInt.asIntN(64, result))
        throw queryError("NUMERIC_VALUE_OUT_OF_RANGE", `numerical overflow: ${value}`);
      return result;
    },
  },
  trino_round: {
    takes: ["double", "bigint"],
    gives: "double",
    compute(value: number, places: bigint) {
      if (!Number.isFinite(value)) return value;
      const factor = 10 ** Number(places);
      // Math.round of Java, with halves away from zero: both signs alike.
      const result = Math.floor(Math.abs(value) * factor + 0.5) / factor;
      return Number.isFinite(result) ? Math.sign(value) * result : value;
    },
  },
  trino_index: {
    takes: ["bigint"],
    gives: "bigint",
    compute(index: bigint) {
      if (index === 0n) throw invalid("SQL array indices start at 1");
      return index;
    },
  },
  trino_sign: { takes: ["double"], gives: "double", compute: (value: number) => Math.sign(value) },
  trino_power: {
    takes: ["double", "double"],
    gives: "double",
    compute: (base: number, exponent: number) => base ** exponent,
  },
  trino_width_bucket: {
    takes: ["double", "double", "double", "bigint"],
    gives: "bigint",
    compute(value: number, one: number, other: number, count: bigint) {
      if (count <= 0n) throw invalid("bucketCount must be greater than 0");
      if (Number.isNaN(value)) throw invalid("operand must not be NaN");
      if (!Number.isFinite(one) || !Number.isFinite(other)) throw invalid("bounds must be finite");
      if (one === other) throw invalid("bounds cannot equal each other");
      const [lower, upper] = [Math.min(one, other), Math.max(one, other)];
      const place =
        value < lower
          ? 0n
          : value >= upper
            ? count + 1n
            : BigInt(Math.floor((Number(count) * (value - lower)) / (upper - lower) + 1));
      return one > other ? count - place + 1n : place;
    },
  },
  /** Which of the ascending bins, from 0. */
  trino_bin: {
    takes: ["double", "doubles"],
    gives: "bigint",
    compute(value: number, { items }: DuckDBListValue) {
      if (items.length === 0) throw invalid("Bins cannot be an empty array");
      if (Number.isNaN(value)) throw invalid("Operand cannot be NaN");
      return BigInt(items.filter((bin) => typeof bin === "number" && bin <= value).length);
    },
  },
  trino_acos: double(Math.acos),
  trino_asin: double(Math.asin),
  trino_atan: double(Math.atan),
  trino_cbrt: double(Math.cbrt),
  trino_cos: double(Math.cos),
  trino_cosh: double(Math.cosh),
  trino_exp: double(Math.exp),
  trino_log: double(Math.log),
  trino_log10: double(Math.log10),
  trino_log2: double((value) => Math.log(value) / Math.log(2)),
  trino_sin: double(Math.sin),
  trino_sinh: double(Math.sinh),
  trino_sqrt: double(Math.sqrt),
  trino_tan: double(Math.tan),
  trino_tanh: double(Math.tanh),
} satisfies Readonly<Record<string, Native>>;

function unscaled(text: string): { readonly digits: bigint; readonly scale: number } {
  const [, fraction = ""] = text.split(".");
  return { digits: BigInt(text.replace(".", "")), scale: fraction.length };
}

function scaled(digits: bigint, scale: number): string {
  const text = String(digits < 0n ? -digits : digits).padStart(scale + 1, "0");
  const whole = text.slice(0, text.length - scale);
  return `${digits < 0n ? "-" : ""}${whole}${scale === 0 ? "" : `.${text.slice(-scale)}`}`;
}

/** The quotient, halves away from zero. */
function halfUp(dividend: bigint, divisor: bigint): bigint {
  const [a, b] = [abs(dividend), abs(divisor)];
  const quotient = (2n * a + b) / (2n * b);
  return dividend < 0n === divisor < 0n ? quotient : -quotient;
}

function rounded(digits: bigint, unit: bigint, how: string): bigint {
  const down = digits / unit;
  const exact = digits % unit === 0n;
  if (how === "down" || exact) return down;
  if (how === "floor") return digits < 0n ? down - 1n : down;
  if (how === "ceiling") return digits > 0n ? down + 1n : down;
  return halfUp(digits, unit);
}

const abs = (value: bigint): bigint => (value < 0n ? -value : value);
