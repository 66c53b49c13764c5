// golden-section: the least value of a function of one number in an interval.
//
// A grid first finds the valley that is lowest at its points, since an error as a function of a smoothing constant may have
// several; the golden section then narrows it down (Kiefer 1953).

export interface Interval {
  readonly from: number;
  readonly to: number;
  /** Points of the grid, both ends among them; 40. */
  readonly grid?: number;
  /** Width of the interval that is left in the end, as a share of the whole; 1e-7. */
  readonly tolerance?: number;
}

export function goldenSection(
  objective: (x: number) => number,
  { from, to, grid = 40, tolerance = 1e-7 }: Interval,
): { readonly x: number; readonly value: number } {
  const width = (to - from) / (grid - 1);
  let best = { x: from, value: objective(from) };
  for (let index = 1; index < grid; index++) keepLower(index === grid - 1 ? to : from + index * width);

  let [low, high] = [Math.max(from, best.x - width), Math.min(to, best.x + width)];
  let [left, right] = [high - ratio * (high - low), low + ratio * (high - low)];
  let [valueLeft, valueRight] = [keepLower(left), keepLower(right)];
  while (high - low > tolerance * (to - from)) {
    if (valueLeft < valueRight) {
      [high, right, valueRight] = [right, left, valueLeft];
      left = high - ratio * (high - low);
      valueLeft = keepLower(left);
    } else {
      [low, left, valueLeft] = [left, right, valueRight];
      right = low + ratio * (high - low);
      valueRight = keepLower(right);
    }
  }
  return best;

  function keepLower(x: number): number {
    const value = objective(x);
    if (value < best.value) best = { x, value };
    return value;
  }
}

const ratio = (Math.sqrt(5) - 1) / 2;
