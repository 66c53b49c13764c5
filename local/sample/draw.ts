// draw: numbers of a wanted distribution, and choices, drawn from a random stream.

import type { Random } from "./xoshiro128";

export const chance = (random: Random, probability: number) => random() < probability;

/** A whole number from `least` to `most`, both included. */
export const integer = (random: Random, least: number, most: number) =>
  least + Math.floor(random() * (most - least + 1));

export const between = (random: Random, least: number, most: number) => least + random() * (most - least);

export const exponential = (random: Random, mean: number) => -mean * Math.log(1 - random());

export const logNormal = (random: Random, median: number, sigma: number) => median * Math.exp(sigma * normal(random));

export function normal(random: Random): number {
  // Box and Muller.
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}

export function gamma(random: Random, shape: number, scale: number): number {
  // Marsaglia and Tsang (2000), "A simple method for generating gamma variables"; a shape below 1 by their section 6.
  if (shape < 1) return gamma(random, shape + 1, scale) * (1 - random()) ** (1 / shape);
  const d = shape - 1 / 3;
  for (;;) {
    const x = normal(random);
    const v = (1 + x / Math.sqrt(9 * d)) ** 3;
    if (v > 0 && Math.log(1 - random()) < x * x * 0.5 + d - d * v + d * Math.log(v)) return d * v * scale;
  }
}

export function beta(random: Random, a: number, b: number): number {
  const x = gamma(random, a, 1);
  return x / (x + gamma(random, b, 1));
}

export function poisson(random: Random, mean: number): number {
  let count = 0;
  for (let sum = exponential(random, 1); sum < mean; sum += exponential(random, 1)) count++;
  return count;
}

export function pick<T>(random: Random, list: readonly T[]): T {
  const chosen = list[Math.floor(random() * list.length)];
  if (chosen === undefined) throw new RangeError("Cannot pick from an empty list");
  return chosen;
}

export function digits(random: Random, count: number): string {
  let text = "";
  for (let i = 0; i < count; i++) text += Math.floor(random() * 10);
  return text;
}

/** A way to pick again and again from one list, each item as often as its weight says. */
export function weighted<T>(list: readonly T[], weightOf: (item: T, index: number) => number): (random: Random) => T {
  const sums: number[] = [];
  let sum = 0;
  list.forEach((item, index) => {
    sum += weightOf(item, index);
    sums.push(sum);
  });

  return (random) => {
    const chosen = list[firstAbove(sums, random() * sum)];
    if (chosen === undefined) throw new RangeError("Cannot pick from an empty list");
    return chosen;
  };
}

/** The first place in the rising `sums` whose value is greater than `value`. */
export function firstAbove(sums: ArrayLike<number>, value: number): number {
  let low = 0;
  let high = sums.length - 1;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((sums[middle] ?? 0) > value) high = middle;
    else low = middle + 1;
  }
  return low;
}
