// sparkline: a series as a word of blocks, for a cell of a table.

const blocks = "▁▂▃▄▅▆▇█";

/**
 * The lowest value is the lowest block and the highest the highest; equal ones stand in the middle. What is no finite number is a
 * blank. More values than `width` are put together, each block being the mean of as many neighbours.
 */
export function sparkline(values: readonly (number | null)[], width = 32): string {
  const means = together(values, width);
  const known = means.filter((value) => value !== undefined);
  // Halves: the distance of the two largest doubles is none.
  const [least, most] = [Math.min(...known) / 2, Math.max(...known) / 2];
  return means
    .map((value) => {
      if (value === undefined) return " ";
      const share = most > least ? (value / 2 - least) / (most - least) : 0.5;
      return blocks[Math.min(blocks.length - 1, Math.floor(share * blocks.length))] ?? " ";
    })
    .join("");
}

function together(values: readonly (number | null)[], width: number): (number | undefined)[] {
  const count = Math.min(values.length, Math.max(1, Math.floor(width)));
  return Array.from({ length: count }, (_, index) => {
    const from = Math.floor((index * values.length) / count);
    const known = values
      .slice(from, Math.floor(((index + 1) * values.length) / count))
      .filter((value) => value !== null && Number.isFinite(value));
    return known.length === 0 ? undefined : known.reduce<number>((sum, value) => sum + (value ?? 0) / known.length, 0);
  });
}
