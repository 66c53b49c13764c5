// finite-series: refuses a series that no statistic is defined for.

/** Beyond it, the difference of two values or a sum of some thousands could leave what a double holds. */
const largest = 1e300;

/** @throws code `NotFinite`, naming the place and the value, when a value is no number, infinite, or beyond 1e300. */
export function requireFinite(values: readonly number[], name = "series"): void {
  const index = values.findIndex((value) => !(Math.abs(value) <= largest));
  if (index < 0) return;
  throw Object.assign(
    new RangeError(
      `Cannot analyse "${name}": value ${index} of ${values.length} is ${values[index]}. ` +
        "Fill or leave out what is missing before; values lie between -1e300 and 1e300",
    ),
    { code: "NotFinite" },
  );
}
