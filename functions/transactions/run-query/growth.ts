// growth: how large a value may become, foreseen from the statement alone.
//
// A column holds what a feed may say, a constant what is written, and a value that is made of others at most what they come to
// together. By CTEs that double what is before them a text of 500 characters would otherwise be gigabytes, and a number one
// whose product takes minutes, of which statement_timeout does not see one.

import type { Fields } from "./named";
import { refusal } from "./refusal";

export interface Value {
  /** Characters of a text; of a number the digits before its point, and those behind it. Right within a factor of two. */
  readonly size: number;
  /** Floating-point numbers do not grow, and a text can be a number of any size. */
  readonly kind: "text" | "float" | "other";
}

/** Of a text that is made of others: those of a whole row. */
export const mostCharacters = 4_000;

/** Of a number that is made of others: a hundred thousand products of such take less than a second. */
const mostDigits = 1_000;

/** Of a name, which is the longest text of a feed (schemas/feed.ts). */
export const longestName = 200;

/** Of a separator: what stands between two names, and no third one. */
const longestSeparator = 10;

/** string_agg() in a statement. */
const mostLists = 3;

/** Decimals that a number is rounded to: PostgreSQL would write down 16,383. */
const mostDecimals = 20;

/** A float8 has at most 308 digits before its point. */
export const floatSize = 309;

/** As it is written: -1.2345678901234567e-308. */
const floatCharacters = 25;

/** A number of the relations, a time, a truth. */
export const small: Value = { size: 40, kind: "other" };

/** What division adds behind the point (PostgreSQL's NUMERIC_MIN_SIGNIFICANT_DIGITS, in numeric.h, and a group of four). */
const quotientDigits = 20;

/** One of several. */
export function oneOf(values: readonly Value[]): Value {
  const kinds = values.map(({ kind }) => kind);
  const kind = kinds.includes("text") ? "text" : kinds.includes("float") ? "float" : "other";
  return { size: Math.max(1, ...values.map(({ size }) => size)), kind };
}

/** All of several, in a row or an array. */
export const allOf = (values: readonly Value[]): Value => ({ ...oneOf(values), size: sizeOf(values) });

const sizeOf = (values: readonly Value[]): number => values.reduce((sum, { size }) => sum + size, 0);

export function operated(operator: string, operands: readonly Value[], where: string): Value {
  switch (operator) {
    case "||":
      return text(sizeOf(operands), `"||"${where}`);
    case "*":
      return number(operands, sizeOf(operands), `"*"${where}`);
    case "/":
      return number(operands, sizeOf(operands) + quotientDigits, `"/"${where}`);
    case "+":
    case "-":
    case "%":
      return number(operands, oneOf(operands).size, `"${operator}"${where}`);
    default:
      return small;
  }
}

/** By the name of a function that gives no argument as it is. */
export function computed(name: string, given: readonly Value[], where: string): Value {
  const [first = small, second = small, third = small] = given;
  const found = `${name}()${where}`;
  switch (name) {
    case "concat":
      return text(sizeOf(given), found);
    case "concat_ws":
      return text(sizeOf(given) + first.size * given.length, found);
    case "replace":
      return text(first.size * Math.max(1, third.size), found);
    // Each sign that escapes becomes two.
    case "like_escape":
      return text(2 * first.size, found);
    // Of a format: `Month` is September at most, `RN` LXXXVIII.
    case "to_char":
      return text(second.size * 10, found);
    case "div":
      return number(given, sizeOf(given), found);
    case "avg":
    case "sqrt":
      return number(given, oneOf(given).size + quotientDigits, found);
    // The first argument may be an array of fractions, for each of which there is a value.
    case "percentile_disc":
      return { ...oneOf(given.slice(1)), size: text(first.size * oneOf(given.slice(1)).size, found).size };
    case "percentile_cont":
      return { size: Math.max(floatSize, text(first.size * floatCharacters, found).size), kind: "float" };
    case "corr":
    case "cume_dist":
    case "date_part":
    case "percent_rank":
      return { size: floatSize, kind: "float" };
    case "stddev":
    case "stddev_pop":
    case "stddev_samp":
    case "var_pop":
    case "var_samp":
    case "variance":
      return number(given, 2 * oneOf(given).size + quotientDigits, found);
    default:
      return given.some(({ kind }) => kind === "text") ? small : number(given, oneOf([small, ...given]).size, found);
  }
}

/** `round(x, 2)`: how many decimals must be seen. */
export function rounded([, decimals]: readonly Fields[], [first = small]: readonly Value[], where: string): Value {
  const written = (decimals?.A_Const as { readonly ival?: { readonly ival?: number } } | undefined)?.ival;
  if (decimals !== undefined && (written === undefined || Math.abs(written.ival ?? 0) > mostDecimals)) {
    throw refusal("TooLarge", `the decimals that are rounded to${where} must be a constant of at most ${mostDecimals}`);
  }
  return { ...first, size: Math.max(first.size, mostDecimals) };
}

/**
 * string_agg() makes one text of many rows, as many as a join may give. Of distinct names it is no longer than what the seller
 * has sent; where nothing else is made of it, that is no more than once.
 */
export function listed(
  { agg_distinct }: Fields,
  [name = small, separator = small]: readonly Value[],
  { isOutermost, count, where }: { readonly isOutermost: boolean; readonly count: number; readonly where: string },
): Value {
  const wrong =
    agg_distinct !== true
      ? "must have DISTINCT"
      : name.size > longestName || separator.size > longestSeparator
        ? `must be of one column, with a separator of at most ${longestSeparator} characters`
        : !isOutermost
          ? "may stand in the outermost SELECT only"
          : count > mostLists
            ? `may stand there ${mostLists} times`
            : undefined;
  if (wrong !== undefined) throw refusal("TooLarge", `string_agg()${where} ${wrong}`);
  return { size: mostCharacters, kind: "text" };
}

function text(size: number, found: string): Value {
  if (size <= mostCharacters) return { size, kind: "text" };
  throw refusal("TooLarge", `${found} may make a text of more than ${mostCharacters} characters`);
}

function number(operands: readonly Value[], size: number, found: string): Value {
  if (operands.some(({ kind }) => kind === "float")) return { size: floatSize, kind: "float" };
  if (size <= mostDigits) return { size, kind: "other" };
  throw refusal("TooLarge", `${found} may make a number of more than ${mostDigits} digits`);
}
