// benjamini-hochberg: which of many p-values are still worth a word (Benjamini & Hochberg 1995).
//
// Of 200 series without a trend, 10 have p < 0.05. The q-value of a series is the share of false ones among all that have its
// p-value or a smaller one: who takes every q <= 0.05 is wrong in one of twenty of what they take. It holds for independent tests
// and for such that err together (Benjamini & Yekutieli 2001), as categories of one shop do.

/** The q-values, in the order of the p-values. What has no p-value (null, NaN) keeps that, and does not count as a test. */
export function benjaminiHochberg<T extends number | null>(pValues: readonly T[]): (number | T)[] {
  const tests = pValues.flatMap((p, index) => (p === null || Number.isNaN(p) ? [] : [{ p: Number(p), index }]));
  const wrong = tests.find(({ p }) => p < 0 || p > 1);
  if (wrong !== undefined) {
    throw new RangeError(
      `Cannot adjust p-value ${wrong.index} as it must be between 0 and 1: current value is ${wrong.p}`,
    );
  }
  tests.sort((a, b) => b.p - a.p);
  const adjusted: (number | T)[] = [...pValues];
  let least = 1;
  for (const [larger, { p, index }] of tests.entries()) {
    least = Math.min(least, (p * tests.length) / (tests.length - larger));
    adjusted[index] = least;
  }
  return adjusted;
}
