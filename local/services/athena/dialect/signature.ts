// signature: which line of a function's answers for the arguments of a call, and what its types become. See functions/line.ts.

import type { Place } from "../query-error";
import { coerced } from "./casts";
import { coerces, commonType, isInteger, isNumber, isOrderable, isTime } from "./coercion";
import { arrayOf, of, type Type, typeName, varchar } from "./types";
import type { Value } from "./value";

/** A lambda is a value only when the types of its parameters are known. */
export interface Lambda {
  /** DuckDB's names for them. */
  readonly parameters: readonly string[];
  readonly body: (types: readonly Type[]) => Value;
}

export type Argument = Value | Lambda;

export const isLambda = (argument: Argument): argument is Lambda => "parameters" in argument;

export interface Match {
  /** The arguments as the function takes them. */
  readonly values: readonly Value[];
  /** As they were before, for results that follow from them. */
  readonly types: readonly Type[];
  /** The result, where the signature tells. */
  readonly result: Type | undefined;
  /** How far the arguments had to be coerced: the least is chosen. */
  readonly cost: number;
  readonly bound: ReadonlyMap<string, Type>;
}

/** The best of the lines for these arguments. */
export function choose<L extends { readonly takes: string; readonly literals?: readonly number[] }>(
  lines: readonly L[],
  given: readonly Argument[],
  at: Place,
): { readonly line: L; readonly match: Match } | undefined {
  let best: { line: L; match: Match } | undefined;
  for (const line of lines) {
    const match = matched(signatureOf(line.takes), given, at);
    if (match !== undefined && (best === undefined || match.cost < best.match.cost)) best = { line, match };
  }
  return best;
}

function matched(
  { parameters, variadic, result }: Signature,
  given: readonly Argument[],
  at: Place,
): Match | undefined {
  const missing = parameters.length - given.length;
  if (variadic ? missing > 1 : missing !== 0) return undefined;
  const last = parameters.at(-1);
  const wanted = given.map((_, index) => parameters[index] ?? last);
  const bound = new Map<string, Type>();
  // Values first: they say what the lambdas are given.
  for (const [index, argument] of given.entries()) {
    const pattern = wanted[index];
    if (pattern === undefined || isLambda(argument) !== (pattern.name === "function")) return undefined;
    if (!isLambda(argument) && !bind(pattern, argument.type, bound)) return undefined;
  }
  let cost = 0;
  const values: Value[] = [];
  for (const [index, argument] of given.entries()) {
    const pattern = wanted[index];
    if (pattern === undefined) return undefined;
    if (isLambda(argument)) {
      const value = lambda(argument, pattern, bound, at);
      if (value === undefined) return undefined;
      values.push(value);
      continue;
    }
    const type = resolve(pattern, bound, argument.type);
    if (type === undefined || !coerces(argument.type, type)) return undefined;
    cost += distance(argument.type, type);
    values.push(coerced(argument, type, at));
  }
  const types = values.map(({ type }) => type);
  return { values, types, result: resolve(result, bound), cost, bound };
}

function lambda(
  { parameters, body }: Lambda,
  pattern: Pattern,
  bound: Map<string, Type>,
  at: Place,
): Value | undefined {
  const takes = pattern.of.slice(0, -1).map((each) => resolve(each, bound));
  const known = takes.filter((type) => type !== undefined);
  const gives = pattern.of.at(-1);
  if (known.length !== parameters.length || takes.length !== parameters.length || gives === undefined) return undefined;
  const value = body(known);
  if (!bind(gives, value.type, bound)) return undefined;
  const type = resolve(gives, bound, value.type);
  if (type === undefined || !coerces(value.type, type)) return undefined;
  return { sql: `lambda ${parameters.join(", ")} : ${coerced(value, type, at).sql}`, type };
}

interface Pattern {
  readonly name: string;
  readonly of: readonly Pattern[];
}

interface Signature {
  readonly parameters: readonly Pattern[];
  readonly variadic: boolean;
  readonly result: Pattern;
}

const read = new Map<string, Signature>();

function signatureOf(text: string): Signature {
  const before = read.get(text);
  if (before !== undefined) return before;
  const [takes = "", gives = ""] = text.split(" -> ");
  const [whole] = patterns(`row${takes.replace("...", "")}`);
  const [result] = patterns(gives);
  if (whole === undefined || result === undefined) throw new Error(`Cannot read the signature "${text}"`);
  const signature = { parameters: whole.of, variadic: takes.includes("..."), result };
  read.set(text, signature);
  return signature;
}

/** `array(T), varchar`: a list of names, each with a list of its own. */
function patterns(text: string): readonly Pattern[] {
  const found: Pattern[] = [];
  let [at, depth, begin] = [0, 0, 0];
  for (; at <= text.length; at += 1) {
    const letter = text[at] ?? ",";
    if (letter === "(") depth += 1;
    if (letter === ")") depth -= 1;
    if (letter !== "," || depth > 0) continue;
    const part = text.slice(begin, at).trim();
    begin = at + 1;
    const [, name = part, inner] = /^([\w ]+?)\s*\((.*)\)$/s.exec(part) ?? [];
    if (part !== "") found.push({ name, of: inner === undefined ? [] : patterns(inner) });
  }
  return found;
}

const kinds: Readonly<Record<string, (type: Type) => boolean>> = {
  I: isInteger,
  N: isNumber,
  O: isOrderable,
  D: isTime,
};

const isVariable = ({ name }: Pattern): boolean => /^[A-Z]$/.test(name);

/** Makes the pattern's variables wide enough for the type. */
function bind(pattern: Pattern, type: Type, bound: Map<string, Type>): boolean {
  if (isVariable(pattern)) {
    const allowed = kinds[pattern.name];
    if (allowed !== undefined && type.kind !== "unknown" && !allowed(type)) return false;
    const common = commonType(bound.get(pattern.name) ?? of("unknown"), type);
    if (common === undefined) return false;
    bound.set(pattern.name, common);
    return true;
  }
  const inner = type.kind === "array" ? [type.of] : type.kind === "map" ? [type.key, type.value] : [];
  if (pattern.of.length === 0 || type.kind === "unknown") return true;
  return (
    type.kind === pattern.name && pattern.of.every((each, index) => bind(each, inner[index] ?? of("unknown"), bound))
  );
}

/** The pattern as a type. A decimal or timestamp of any size takes the size of what is given. */
function resolve(pattern: Pattern, bound: ReadonlyMap<string, Type>, given?: Type): Type | undefined {
  if (isVariable(pattern)) return bound.get(pattern.name);
  const [one, other] = pattern.of.map((each) => resolve(each, bound));
  switch (pattern.name) {
    case "array":
      return one && arrayOf(one);
    case "map":
      return one && other && { kind: "map", key: one, value: other };
    case "varchar":
      return given?.kind === "varchar" ? given : varchar;
    case "decimal":
      return given?.kind === "decimal" ? given : decimalOf(given);
    case "timestamp":
    case "timestamptz": {
      const kind = pattern.name === "timestamp" ? "timestamp" : "timestamp with time zone";
      return {
        kind,
        precision: given !== undefined && "precision" in given && given.kind !== "decimal" ? given.precision : 3,
      };
    }
    case "interval day to second":
    case "boolean":
    case "integer":
    case "bigint":
    case "real":
    case "double":
    case "varbinary":
    case "date":
    case "json":
      return of(pattern.name);
    default:
      return undefined;
  }
}

/** An integer where a decimal is wanted. */
const decimalOf = (given: Type | undefined): Type | undefined =>
  given !== undefined && isInteger(given)
    ? commonType(given, { kind: "decimal", precision: 1, scale: 0 })
    : given?.kind === "unknown"
      ? { kind: "decimal", precision: 38, scale: 0 }
      : undefined;

const widths = ["tinyint", "smallint", "integer", "bigint", "decimal", "real", "double"];
const moments = ["date", "timestamp", "timestamp with time zone"];

function distance(from: Type, to: Type): number {
  if (typeName(from) === typeName(to) || from.kind === to.kind) return 0;
  for (const order of [widths, moments]) {
    const [a, b] = [order.indexOf(from.kind), order.indexOf(to.kind)];
    if (a !== -1 && b !== -1) return b - a;
  }
  return 1;
}
