// pattern: an event pattern of EventBridge, read once and asked of every event.
//
// https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-create-pattern-operators.html. A pattern has the shape of an
// event and a list where the event has a value; one of the list must meet one of the event's values. An operator that is not
// here is refused by name. Numbers compare as numbers: EventBridge tells 300 from 3.0e2, and JSON.parse has made them one.
//
// Two things are refused that AWS may take. Of a field that stands in an `$or` and beside it AWS keeps one alone, without a word
// (https://github.com/aws/event-ruler, JsonRuleCompiler: the later one replaces the other). And how many wildcards are too
// complex nobody has said; of eight in a field it is known (https://github.com/vals-ai/Valkyrie/pull/278), where six were taken.

import { invalid, type Meets, operatorOf } from "./pattern-operators";

type Fields = Readonly<Record<string, unknown>>;

/** Whether `fields` match; `siblings` are all the objects at this place, of which they are one, where the event has a list. */
type Match = (fields: Fields, siblings: readonly Fields[]) => boolean;

const largest = 2_048;
const mostWildcards = 6;

/** Throws AWS's words for what is wrong with a pattern. */
export function readPattern(text: string): (event: Fields) => boolean {
  if (text.length > largest) throw invalid(`it has ${text.length} characters, and ${largest} are allowed`);
  const match = matchOf(parsed(text), "");
  return (event) => match(event, [event]);
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw invalid((error as Error).message);
  }
}

function matchOf(pattern: unknown, path: string): Match {
  if (!isObject(pattern)) throw invalid(`${path || "Filter"} is not an object`);
  const entries = Object.entries(pattern);
  if (entries.length === 0) throw invalid("Empty objects are not allowed");
  const { $or, ...beside } = pattern;
  const twice = fieldsOf(beside, path).find((field) => fieldsOf($or, path).includes(field));
  if (twice !== undefined) throw invalid(`"${twice}" stands in an $or and beside it, which is not imitated`);
  const matches = entries.map(([name, value]) => fieldOf(name, value, path === "" ? name : `${path}.${name}`));
  return (fields, siblings) => matches.every((match) => match(fields, siblings));
}

function fieldOf(name: string, value: unknown, path: string): Match {
  if (name === "$or") return anyOf(value, path.slice(0, -".$or".length));
  if (isObject(value)) {
    const match = matchOf(value, path);
    return (fields, siblings) => {
      const all = siblings.flatMap((sibling) => objectsOf(sibling[name]));
      const own = objectsOf(fields[name]);
      return own.length === 0 ? match({}, all) : own.some((each) => match(each, all));
    };
  }
  if (!Array.isArray(value)) throw invalid(`"${path}" must be an object or an array`);
  if (value.length === 0) throw invalid("Empty arrays are not allowed");
  if (wildcardsIn(value) > mostWildcards) {
    const remedy =
      "try using fewer wildcard characters or fewer repeating character sequences after a wildcard character";
    throw invalid(`Rule is too complex - ${remedy}`);
  }
  const tests = value.map((test) => leafOf(test, name, path));
  return (fields, siblings) => tests.some((test) => test(fields, siblings));
}

function anyOf(value: unknown, path: string): Match {
  if (!Array.isArray(value) || value.length < 2) throw invalid("$or must be an array of at least two patterns");
  const matches = value.map((pattern) => matchOf(pattern, path));
  return (fields, siblings) => matches.some((match) => match(fields, siblings));
}

/** The paths of all fields of a pattern, or of those in the list of an `$or`. */
function fieldsOf(pattern: unknown, path: string): string[] {
  if (Array.isArray(pattern)) return pattern.flatMap((each) => fieldsOf(each, path));
  if (!isObject(pattern)) return [];
  return Object.entries(pattern).flatMap(([name, value]) => {
    if (name === "$or") return fieldsOf(value, path);
    const own = path === "" ? name : `${path}.${name}`;
    return Array.isArray(value) ? [own] : fieldsOf(value, own);
  });
}

/** Of all tests of a field together, whether they must or must not match. */
const wildcardsIn = (tests: readonly unknown[]): number =>
  tests
    .filter(isObject)
    .flatMap((test) => [test, test["anything-but"]].filter(isObject))
    .flatMap(({ wildcard }) => [wildcard ?? []].flat())
    .reduce<number>((sum, text) => sum + (String(text).replaceAll(/\\./g, "").split("*").length - 1), 0);

function leafOf(test: unknown, name: string, path: string): Match {
  const exists = isObject(test) ? test.exists : undefined;
  if (exists === true) return (fields) => valuesOf(fields[name]).length > 0;
  if (exists === false) return (_, siblings) => siblings.every((each) => valuesOf(each[name]).length === 0);
  const meets: Meets = isObject(test) ? operatorOf(test, path) : exactly(test, path);
  return (fields) => valuesOf(fields[name]).some(meets);
}

function exactly(wanted: unknown, path: string): Meets {
  if (Array.isArray(wanted)) throw invalid(`"${path}" holds an array in an array`);
  return (value) => value === wanted;
}

const isObject = (value: unknown): value is Fields =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** A value of the event with its lists laid flat, as EventBridge sees it. */
const flat = (value: unknown): unknown[] =>
  value === undefined ? [] : Array.isArray(value) ? value.flat(Number.POSITIVE_INFINITY) : [value];

const objectsOf = (value: unknown): Fields[] => flat(value).filter(isObject);

const valuesOf = (value: unknown): unknown[] => flat(value).filter((each) => !isObject(each));
