// xoshiro128: a seeded random number generator, so that one seed gives one shop on every machine.
//
// xoshiro128** 1.1 by David Blackman and Sebastiano Vigna (https://prng.di.unimi.it/xoshiro128starstar.c), its state filled
// by SplitMix32. Each stream has a name of its own: one more draw for the products leaves the customers as they were.

/** The next number of a stream: at least 0, below 1. */
export type Random = () => number;

export function xoshiro128(seed: number, stream: string): Random {
  const fill = splitMix32(fnv1a(stream) ^ Math.imul(seed, 0x9e3779b1));
  let a = fill();
  let b = fill();
  let c = fill();
  let d = fill();

  return () => {
    const result = Math.imul(rotate(Math.imul(b, 5), 7), 9);
    const shifted = b << 9;
    c ^= a;
    d ^= b;
    b ^= c;
    a ^= d;
    c ^= shifted;
    d = rotate(d, 11);
    return (result >>> 0) / 0x1_0000_0000;
  };
}

const rotate = (x: number, bits: number) => (x << bits) | (x >>> (32 - bits));

function splitMix32(state: number) {
  return () => {
    state = (state + 0x9e3779b9) | 0;
    let z = state ^ (state >>> 16);
    z = Math.imul(z, 0x21f0aaad);
    z = Math.imul(z ^ (z >>> 15), 0x735a2d97);
    return z ^ (z >>> 15);
  };
}

function fnv1a(text: string) {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return hash;
}
