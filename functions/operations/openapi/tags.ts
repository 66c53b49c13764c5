// tags: the pipelines whose endpoints there are, each with a sentence on what it is for.

import type { Endpoint } from "../../../schemas/endpoint";

const pipelines: Readonly<Record<string, string>> = {
  collections: "A user's pictures: what is to be seen in them, and how they are found again.",
  operations: "The API itself.",
  transactions: "What sellers have sold: their feeds, what became of these, and what they add up to.",
};

/** In the order of their names. */
export function tags(endpoints: Readonly<Record<string, Endpoint>>) {
  const names = new Set(Object.values(endpoints).map(({ pipeline }) => pipeline));
  return [...names].sort().map((name) => {
    const description = pipelines[name];
    return description === undefined ? { name } : { name, description };
  });
}
