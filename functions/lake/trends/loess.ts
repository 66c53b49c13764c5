// loess: a smooth curve through a series, by a weighted line through the neighbours of each place (Cleveland 1979).

/** The curve at each place of the values, and at `beyond` places before the first and after the last. */
export function loess(values: readonly number[], span: number, beyond = 0): number[] {
  const reach = Math.min(span, values.length);
  return Array.from({ length: values.length + 2 * beyond }, (_, index) => {
    const place = index - beyond;
    const left = Math.min(Math.max(place - Math.floor((span - 1) / 2), 0), values.length - reach);
    return curveAt(place, values.slice(left, left + reach), left, span, values.length);
  });
}

/** The weighted line through the `neighbours`, which begin at place `left` of `n` values, at `place`. */
function curveAt(place: number, neighbours: readonly number[], left: number, span: number, n: number): number {
  const right = left + neighbours.length - 1;
  // A span that is longer than the series widens the neighbourhood on both sides of it.
  const distance = Math.max(place - left, right - place) + Math.max(0, Math.floor((span - n) / 2));
  const weights = neighbours.map((_, index) => tricube(Math.abs(left + index - place), distance));
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  if (total === 0) return neighbours[place - left] ?? Number.NaN;

  const places = neighbours.map((_, index) => left + index);
  const weighted = (of: readonly number[]) =>
    of.reduce((sum, value, index) => sum + value * (weights[index] ?? 0), 0) / total;
  const centre = weighted(places);
  const variance = weighted(places.map((at) => (at - centre) ** 2));
  const level = weighted(neighbours);
  // With nearly all the weight on one place, no line is defined: Cleveland's limit, as STL's reference code has it.
  if (Math.sqrt(variance) <= 0.001 * (n - 1)) return level;
  const slope = weighted(neighbours.map((value, index) => value * (left + index - centre))) / variance;
  return level + slope * (place - centre);
}

function tricube(away: number, distance: number): number {
  if (away > 0.999 * distance) return 0;
  return away <= 0.001 * distance ? 1 : (1 - (away / distance) ** 3) ** 3;
}
