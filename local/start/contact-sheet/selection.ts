// selection: which pictures come onto a sheet, and in what order.

export interface Selection<Entry> {
  /** By category, in the order of the alphabet; within one as they were given. */
  readonly shown: readonly Entry[];
  /** Of all, not only of those that are shown. */
  readonly counts: readonly (readonly [category: string, count: number])[];
  readonly more: number;
}

/** Where there are more than `most`, every category gives up of its own: none goes without a picture as long as there is room. */
export function selection<Entry extends { readonly category: string }>(
  entries: readonly Entry[],
  most: number,
): Selection<Entry> {
  const groups = [...Map.groupBy(entries, ({ category }) => category)].sort(([a], [b]) => (a < b ? -1 : 1));
  const room = groups.map(() => 0);
  for (let left = Math.min(most, entries.length); left > 0; )
    for (const [index, [, group]] of groups.entries()) {
      const taken = room[index] ?? 0;
      if (left === 0 || taken === group.length) continue;
      room[index] = taken + 1;
      left--;
    }
  const shown = groups.flatMap(([, group], index) => group.slice(0, room[index]));
  return {
    shown,
    counts: groups.map(([category, group]) => [category, group.length]),
    more: entries.length - shown.length,
  };
}
