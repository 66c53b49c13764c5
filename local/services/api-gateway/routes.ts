// routes: which route of an API a request takes.
//
// A full match comes before one with a greedy variable, and what fits more closely before what fits less; `$default` takes the
// rest. https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-routes.html

import { refused } from "./answer";

export interface Match<Route> {
  readonly route: Route;
  /** What stood in the place of the variables, percent-decoded. */
  readonly parameters: Readonly<Record<string, string>>;
}

interface Compiled<Route> {
  readonly route: Route;
  readonly method: string;
  readonly segments: readonly string[];
}

/** Gives what finds the route of a method and a path as it was sent, percent-encoded. */
export function router<Route extends { readonly key: string }>(routes: readonly Route[]) {
  const compiled = routes
    .filter(({ key }) => key !== "$default")
    .map(compile)
    .sort((a, b) => compareRanks(rank(a), rank(b)));
  const otherwise = routes.find(({ key }) => key === "$default");

  return (method: string, path: string): Match<Route> | undefined => {
    const segments = path.split("/").slice(1).map(decoded);
    for (const candidate of compiled) {
      if (candidate.method !== method && candidate.method !== "ANY") continue;
      const parameters = match(candidate.segments, segments);
      if (parameters !== undefined) return { route: candidate.route, parameters };
    }
    return otherwise && { route: otherwise, parameters: {} };
  };
}

/** API Gateway hands paths over decoded (https://github.com/middleapi/standard-server/pull/93 has events of it). */
export function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw refused(400, `"${text}" is not percent-encoded`);
  }
}

/** Throws at what is no route key. */
function compile<Route extends { readonly key: string }>(route: Route): Compiled<Route> {
  const [, method, path] = /^(ANY|GET|HEAD|POST|PUT|PATCH|DELETE|OPTIONS) (\/\S*)$/.exec(route.key) ?? [];
  const segments = path?.split("/").slice(1) ?? [];
  const isKey = segments.every(
    (segment, index) =>
      /^(?:[^{}]*|\{\w+\})$/.test(segment) || (/^\{\w+\+\}$/.test(segment) && index === segments.length - 1),
  );
  if (method === undefined || path === undefined || !isKey) throw new Error(`"${route.key}" is no route key`);
  return { route, method, segments };
}

const isGreedy = (segment: string): boolean => segment.endsWith("+}");
const isVariable = (segment: string): boolean => segment.startsWith("{");

/** The lower, the closer, from left to right. */
const rank = ({ method, segments }: Compiled<unknown>): number[] => [
  segments.some(isGreedy) ? 1 : 0,
  ...segments.map((segment) => (isGreedy(segment) ? 2 : isVariable(segment) ? 1 : 0)),
  method === "ANY" ? 1 : 0,
];

/** An order of all routes, also of those that have not as many segments: what is sorted by less may come out in any order. */
function compareRanks(a: readonly number[], b: readonly number[]): number {
  const longer = a.length < b.length ? b : a;
  const index = longer.findIndex((_, place) => a[place] !== b[place]);
  return index < 0 ? 0 : (a[index] ?? -1) - (b[index] ?? -1);
}

/** A variable takes no empty segment. */
function match(wanted: readonly string[], given: readonly string[]): Record<string, string> | undefined {
  const last = wanted.at(-1) ?? "";
  const fits = isGreedy(last) ? given.length >= wanted.length : given.length === wanted.length;
  if (!fits) return undefined;
  const parameters: [string, string][] = [];
  for (const [index, segment] of wanted.entries()) {
    const value = isGreedy(segment) ? given.slice(index).join("/") : (given[index] ?? "");
    if (isVariable(segment) ? value === "" : value !== segment) return undefined;
    if (isVariable(segment)) parameters.push([segment.replace(/[{}+]/g, ""), value]);
  }
  return Object.fromEntries(parameters);
}
