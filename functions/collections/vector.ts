// vector: a text as a model of language has it, as numbers, for PostgreSQL.

/** Of every vector, as schemas/migrations/0003_collections.sql has them. */
export const dimensions = 1_024;

/** As the type `vector` reads it. Throws where it is none: numbers are kept with four bytes each. */
export function vectorText(vector: readonly number[], whose: string): string {
  const bad = vector.findIndex((each) => typeof each !== "number" || !Number.isFinite(Math.fround(each)));
  if (vector.length === dimensions && bad === -1) return `[${vector.join(",")}]`;
  const found =
    bad === -1 ? `it has ${vector.length} numbers, and ${dimensions} are needed` : `[${bad}] is ${vector[bad]}`;
  throw Object.assign(new Error(`Cannot take the vector of ${whose}: ${found}`), {
    name: "BadVector",
    code: "BadVector",
  });
}

/** A vector of nothing but zeros has no direction, and so nothing is near it or far from it. */
export const hasDirection = (vector: readonly number[]): boolean => vector.some((each) => Math.fround(each) !== 0);
