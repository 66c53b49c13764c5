// simulated-series: random numbers for the tests, the same at every run.

/** Uniform in [0, 1), from a whole number (mulberry32, Tommy Ettinger, public domain). */
export function uniform(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Standard normal (Box and Muller 1958). */
export function normal(seed: number): () => number {
  const random = uniform(seed);
  return () => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}

/** Daily sales: a level that drifts, a week, and noise in proportion. */
export function dailySales(seed: number, length: number): number[] {
  const noise = normal(seed);
  let level = 1_000;
  return Array.from({ length }, (_, day) => {
    level += 1 + 5 * noise();
    return Math.max(0, level * (week[day % 7] ?? 1) * (1 + 0.15 * noise()));
  });
}

const week = [0.8, 0.85, 0.9, 1, 1.2, 1.4, 0.85];
