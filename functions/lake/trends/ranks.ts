// ranks: the place of each value among the values, and the groups of equal ones.

/** Ranks from 1, in the order of the values; equal values share the mean of their places. */
export function ranks(values: readonly number[]): number[] {
  const counts = countsOf(values);
  const rankOf = new Map<number, number>();
  let below = 0;
  for (const value of [...counts.keys()].sort((a, b) => a - b)) {
    const count = counts.get(value) ?? 0;
    rankOf.set(value, below + (count + 1) / 2);
    below += count;
  }
  return values.map((value) => rankOf.get(value) ?? Number.NaN);
}

/** How many values each group of equal ones has; 1 for a value that stands alone. */
export function tieSizes(values: readonly number[]): number[] {
  return [...countsOf(values).values()];
}

function countsOf(values: readonly number[]): Map<number, number> {
  const counts = new Map<number, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return counts;
}
