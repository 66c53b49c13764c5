// numbers: functions of numbers. https://trino.io/docs/current/functions/math.html, bitwise.html, conversion.html

import { decimal, of, type Type } from "../types";
import type { Value } from "../value";
import { type Lines, line } from "./line";

/** The precision and scale of a decimal argument. */
const digits = (type: Type | undefined) => (type?.kind === "decimal" ? type : { precision: 38, scale: 0 });

/** round(decimal(p,s)) has no scale and a digit more where there was one (io.trino.operator.scalar.MathFunctions). */
const whole = (types: readonly Type[]): Type => {
  const { precision, scale } = digits(types[0]);
  return decimal(Math.min(38, precision - scale + Math.min(scale, 1)), 0);
};
const oneMore = (types: readonly Type[]): Type => {
  const { precision, scale } = digits(types[0]);
  return decimal(Math.min(38, precision + 1), scale);
};
const same = (types: readonly Type[]): Type => types[0] ?? of("double");

const cutDecimal = ([value]: readonly Value[], by: string) => {
  const { scale } = digits(value?.type);
  return `CAST(trino_round_decimal(CAST(${value?.sql} AS VARCHAR), 0, '${by}', ${scale}) AS DECIMAL(38,0))`;
};

/** DuckDB gives an error or NULL outside the domain of a function, Java gives NaN or an infinity. */
const double = (name: string) => [line("(double) -> double", `trino_${name}($1)`)];

export const numbers: Lines = {
  abs: [line("(N) -> N", "abs($1)")],
  acos: double("acos"),
  asin: double("asin"),
  atan: double("atan"),
  atan2: [line("(double, double) -> double", "atan2($1, $2)")],
  cbrt: double("cbrt"),
  ceiling: [
    line("(I) -> I", "$1"),
    line("(decimal) -> decimal", (values) => cutDecimal(values, "ceiling"), { gives: whole }),
    line("(real) -> real", "ceil($1)"),
    line("(double) -> double", "ceil($1)"),
  ],
  cos: double("cos"),
  cosh: double("cosh"),
  degrees: [line("(double) -> double", "degrees($1)")],
  e: [line("() -> double", "exp(1.0::DOUBLE)")],
  exp: double("exp"),
  floor: [
    line("(I) -> I", "$1"),
    line("(decimal) -> decimal", (values) => cutDecimal(values, "floor"), { gives: whole }),
    line("(real) -> real", "floor($1)"),
    line("(double) -> double", "floor($1)"),
  ],
  infinity: [line("() -> double", "'Infinity'::DOUBLE")],
  is_finite: [line("(double) -> boolean", "isfinite($1)")],
  is_infinite: [line("(double) -> boolean", "isinf($1)")],
  is_nan: [line("(double) -> boolean", "isnan($1)")],
  ln: double("log"),
  log: [line("(double, double) -> double", "(trino_log($2) / trino_log($1))")],
  log10: double("log10"),
  log2: double("log2"),
  nan: [line("() -> double", "'NaN'::DOUBLE")],
  pi: [line("() -> double", "pi()")],
  power: [line("(double, double) -> double", "trino_power($1, $2)")],
  radians: [line("(double) -> double", "radians($1)")],
  random: [line("() -> double", "random()")],
  round: [
    line("(I) -> I", "$1"),
    line("(I, bigint) -> I", "trino_round_integer($1, $2)"),
    line("(decimal) -> decimal", (values) => cutDecimal(values, "half"), { gives: whole }),
    line(
      "(decimal, bigint) -> decimal",
      ([value, places]) =>
        `CAST(trino_round_decimal(CAST(${value?.sql} AS VARCHAR), ${places?.sql}, 'half', ${digits(value?.type).scale}) AS DECIMAL(38,${digits(value?.type).scale}))`,
      { gives: oneMore },
    ),
    line("(real) -> real", "round($1)"),
    line("(double) -> double", "round($1)"),
    line("(double, bigint) -> double", "trino_round($1, $2)"),
  ],
  sign: [
    line("(I) -> I", "sign($1)"),
    line("(decimal) -> decimal", "sign($1)", { gives: () => decimal(1, 0) }),
    line("(double) -> double", "trino_sign($1)"),
  ],
  sin: double("sin"),
  sinh: double("sinh"),
  sqrt: double("sqrt"),
  tan: double("tan"),
  tanh: double("tanh"),
  truncate: [
    line("(decimal) -> decimal", (values) => cutDecimal(values, "down"), {
      gives: (types) => {
        const { precision, scale } = digits(types[0]);
        return decimal(Math.max(1, precision - scale), 0);
      },
    }),
    line(
      "(decimal, bigint) -> decimal",
      ([value, places]) =>
        `CAST(trino_round_decimal(CAST(${value?.sql} AS VARCHAR), ${places?.sql}, 'down', ${digits(value?.type).scale}) AS DECIMAL(38,${digits(value?.type).scale}))`,
      { gives: same },
    ),
    line("(double) -> double", "trunc($1)"),
  ],
  width_bucket: [
    line("(double, double, double, bigint) -> bigint", "trino_width_bucket($1, $2, $3, $4)"),
    line("(double, array(double)) -> bigint", "trino_bin($1, $2)"),
  ],

  bitwise_and: [line("(bigint, bigint) -> bigint", "($1 & $2)")],
  bitwise_or: [line("(bigint, bigint) -> bigint", "($1 | $2)")],
  bitwise_xor: [line("(bigint, bigint) -> bigint", "xor($1, $2)")],
  bitwise_not: [line("(bigint) -> bigint", "(~ $1)")],
};
