// simulated-series: series whose dependence, trend and step are known, the same ones for the same seed.

interface Shape {
  readonly n: number;
  /** What each value takes over from the one before it, from 0 to below 1. */
  readonly memory?: number;
  /** Added at each step. */
  readonly slope?: number;
  /** Added from `at` on. */
  readonly step?: { readonly at: number; readonly size: number };
}

/** `count` normal first-order autoregressive series, each from its stationary distribution. */
export function simulate(count: number, { n, memory = 0, slope = 0, step }: Shape, seed = 20_011): number[][] {
  const normal = normals(seed);
  return Array.from({ length: count }, () => {
    let noise = normal() / Math.sqrt(1 - memory ** 2);
    return Array.from({ length: n }, (_, index) => {
      const value = noise + slope * index + (step !== undefined && index >= step.at ? step.size : 0);
      noise = memory * noise + normal();
      return value;
    });
  });
}

/** The share of series for which `found` holds. */
export const share = (series: readonly number[][], found: (values: readonly number[]) => boolean) =>
  series.filter(found).length / series.length;

function normals(seed: number): () => number {
  // Park & Miller's minimal standard (1988), then Box and Muller.
  let state = seed;
  const uniform = () => {
    state = (state * 48_271) % 2_147_483_647;
    return state / 2_147_483_647;
  };
  return () => Math.sqrt(-2 * Math.log(uniform())) * Math.cos(2 * Math.PI * uniform());
}
