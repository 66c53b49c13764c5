// pattern-operators: the comparison operators of event patterns, one function each, under AWS's own names.

import { BlockList, isIP } from "node:net";
import { awsError } from "../../door/service";

/** Whether one value of an event meets the operator. */
export type Meets = (value: unknown) => boolean;

export const invalid = (reason: string): Error =>
  awsError("InvalidEventPatternException", `Event pattern is not valid. Reason: ${reason}`);

type Operand = Readonly<Record<string, unknown>>;

export function operatorOf(test: Operand, path: string): Meets {
  const [[name = "", operand] = [], ...more] = Object.entries(test);
  if (more.length > 0) throw invalid(`Only one key allowed in match expression at "${path}"`);
  const operator = operators[name];
  if (operator === undefined || !Object.hasOwn(operators, name)) {
    throw invalid(`Unrecognized match type ${name} at "${path}"`);
  }
  return operator(operand, path);
}

const operators: Readonly<Record<string, (operand: unknown, path: string) => Meets>> = {
  prefix: (operand, path) => affix(operand, path, "prefix", (value, wanted) => value.startsWith(wanted)),
  suffix: (operand, path) => affix(operand, path, "suffix", (value, wanted) => value.endsWith(wanted)),
  "equals-ignore-case": (operand, path) => {
    const wanted = textOf(operand, path, "equals-ignore-case").toLowerCase();
    return ofText((value) => value.toLowerCase() === wanted);
  },
  wildcard: (operand, path) => {
    const expression = wildcard(textOf(operand, path, "wildcard"), path);
    return ofText((value) => expression.test(value));
  },
  numeric,
  cidr,
  "anything-but": anythingBut,
};

type Compare = (value: string, wanted: string) => boolean;

/** A text, or `{ "equals-ignore-case": text }`. */
function affix(operand: unknown, path: string, name: string, compare: Compare): Meets {
  if (typeof operand !== "object" || operand === null) {
    const wanted = textOf(operand, path, name);
    return ofText((value) => compare(value, wanted));
  }
  const [[key, text] = [], ...more] = Object.entries(operand);
  if (key !== "equals-ignore-case" || more.length > 0) throw invalid(`Unrecognized ${name} type ${key} at "${path}"`);
  const wanted = textOf(text, path, name).toLowerCase();
  return ofText((value) => compare(value.toLowerCase(), wanted));
}

/** One or more texts or numbers, or one operator on one or more texts. */
function anythingBut(operand: unknown, path: string): Meets {
  if (typeof operand === "object" && operand !== null && !Array.isArray(operand)) {
    const [[name = "", wanted] = [], ...more] = Object.entries(operand);
    if (more.length > 0 || !["prefix", "suffix", "equals-ignore-case", "wildcard"].includes(name)) {
      throw invalid(`Unsupported anything-but type ${name} at "${path}"`);
    }
    const tests = [wanted].flat().map((each) => operatorOf({ [name]: each }, path));
    return (value) => !tests.some((meets) => meets(value));
  }
  const unwanted = [operand].flat();
  const wrong = unwanted.find((each) => typeof each !== "string" && typeof each !== "number");
  if (unwanted.length === 0 || wrong !== undefined) throw invalid(`Inside anything-but list at "${path}": ${wrong}`);
  return (value) => !unwanted.includes(value);
}

type Inequality = (value: number, bound: number) => boolean;

const inequalities: Readonly<Record<string, Inequality>> = {
  "=": (value, bound) => value === bound,
  "<": (value, bound) => value < bound,
  "<=": (value, bound) => value <= bound,
  ">": (value, bound) => value > bound,
  ">=": (value, bound) => value >= bound,
};

/** `[">", 0, "<=", 5]`; AWS compares between -5e9 and 5e9. */
function numeric(operand: unknown, path: string): Meets {
  const parts = Array.isArray(operand) ? operand : [];
  if (parts.length !== 2 && parts.length !== 4) throw invalid(`Invalid numeric match at "${path}"`);
  const bounds = [parts.slice(0, 2), parts.slice(2)].filter(({ length }) => length > 0);
  const tests = bounds.map(([name, bound]) => {
    const inequality = inequalities[String(name)];
    if (inequality === undefined || typeof bound !== "number" || Math.abs(bound) > 5e9) {
      throw invalid(`Unrecognized numeric range ${name} ${bound} at "${path}"`);
    }
    return (value: number) => inequality(value, bound);
  });
  return (value) => typeof value === "number" && tests.every((test) => test(value));
}

function cidr(operand: unknown, path: string): Meets {
  const [address = "", bits = "", ...more] = textOf(operand, path, "cidr").split("/");
  const family = isIP(address);
  const most = family === 4 ? 32 : 128;
  if (family === 0 || more.length > 0 || !/^\d+$/.test(bits) || Number(bits) > most) {
    throw invalid(`Malformed CIDR at "${path}": ${operand}`);
  }
  const block = new BlockList();
  block.addSubnet(address, Number(bits), family === 4 ? "ipv4" : "ipv6");
  return ofText((value) => isIP(value) === family && block.check(value, family === 4 ? "ipv4" : "ipv6"));
}

/** `*` is any text; `\*` and `\\` stand for themselves. */
function wildcard(text: string, path: string): RegExp {
  if (text.includes("**")) throw invalid(`Consecutive wildcard characters at "${path}"`);
  const source = text.replace(/\\(.?)|\*|[^\w\s]/gs, (found, escaped: string | undefined) => {
    if (found === "*") return ".*";
    if (escaped === undefined) return `\\${found}`;
    if (escaped !== "*" && escaped !== "\\") throw invalid(`Invalid escape character at "${path}"`);
    return `\\${escaped}`;
  });
  return new RegExp(`^${source}$`, "s");
}

function textOf(value: unknown, path: string, operator: string): string {
  if (typeof value === "string") return value;
  throw invalid(`${operator} match pattern at "${path}" must be a string`);
}

const ofText =
  (meets: (value: string) => boolean): Meets =>
  (value) =>
    typeof value === "string" && meets(value);
