// normal-distribution: probabilities of the standard normal distribution, exact far into its tails.

import erfc = require("@stdlib/math-base-special-erfc");

/** The probability of a value at least as far from 0 as `z`, on either side. */
export function twoSidedP(z: number): number {
  return erfc(Math.abs(z) / Math.SQRT2);
}

/** The value that lies above a share of `p` of the distribution, `p` being from 1e-300 to 1 - 1e-16. */
export function normalQuantile(p: number): number {
  if (!(p >= 1e-300 && p < 1)) {
    throw new RangeError(`Cannot compute the normal quantile of p as p must be between 0 and 1: current value is ${p}`);
  }
  if (p > 0.5) return -normalQuantile(1 - p);
  // Newton on the logarithm of the probability, which is concave: from a start too far out, no step passes the root.
  let z = -Math.sqrt(-2 * Math.log(p));
  for (let step = 0; step < 100; step++) {
    const below = erfc(-z / Math.SQRT2) / 2;
    const density = Math.exp((-z * z) / 2) / Math.sqrt(2 * Math.PI);
    const change = (Math.log(below / p) * below) / density;
    z -= change;
    if (Math.abs(change) <= 1e-14 * Math.max(1, Math.abs(z))) break;
  }
  return z;
}
