// exact: how near the nearest vectors are, found by looking at all of them: what an index is held against.

interface Query {
  readonly vector: Float32Array;
}

/** For each of the queries, the cosines of the `most` vectors nearest to it, the largest first. All have the length 1. */
export function exact(
  vectors: readonly Float32Array[],
  queries: readonly Query[],
  most: number,
): (readonly number[])[] {
  // Most of a query is zeros.
  const asked = queries.map(({ vector }) => {
    const places = Uint16Array.from([...vector.keys()].filter((place) => vector[place] !== 0));
    return { places, weights: Float32Array.from(places, (place) => vector[place] ?? 0), best: [] as number[] };
  });
  for (const vector of vectors) {
    for (const { places, weights, best } of asked) {
      let near = 0;
      for (let at = 0; at < places.length; at++) near += (weights[at] ?? 0) * (vector[places[at] ?? 0] ?? 0);
      if (best.length < most || near > (best[most - 1] ?? 0)) keep(best, near, most);
    }
  }
  return asked.map(({ best }) => best);
}

export const cosine = (a: Float32Array, b: Float32Array | undefined): number =>
  a.reduce((sum, value, place) => sum + value * (b?.[place] ?? 0), 0);

function keep(best: number[], near: number, most: number): void {
  best.push(near);
  best.sort((a, b) => b - a);
  best.length = Math.min(best.length, most);
}
