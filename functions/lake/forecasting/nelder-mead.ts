// nelder-mead: the least value of a function of a few numbers, without derivatives (Nelder and Mead 1965).
//
// A simplex of n + 1 points walks downhill: its worst point is reflected, stretched or pulled in, and when none of these helps,
// all points move towards the best one. Bounds are kept by moving what lies outside onto them. Where the function is not a
// number it counts as infinitely high. The same start gives the same minimum.

export interface Minimum {
  readonly point: readonly number[];
  readonly value: number;
  readonly evaluations: number;
  /** False where the evaluations ran out first. */
  readonly converged: boolean;
}

export interface Search {
  readonly lower?: readonly number[];
  readonly upper?: readonly number[];
  /** How far the first simplex reaches, per coordinate; 0.1 each. */
  readonly step?: readonly number[];
  /** Ends where its values are closer than this, relatively, and its points than the root of it, in steps; 1e-8. */
  readonly tolerance?: number;
  /** 200 per coordinate. */
  readonly evaluations?: number;
}

interface Vertex {
  readonly point: number[];
  readonly value: number;
}

/** `objective` must not keep the point that it is given. */
export function nelderMead(
  objective: (point: readonly number[]) => number,
  start: readonly number[],
  { lower, upper, step, tolerance = 1e-8, evaluations: most = 200 * start.length }: Search = {},
): Minimum {
  if (start.length === 0) throw new Error("Cannot minimise a function of nothing: the start has no coordinates");
  let evaluations = 0;
  const steps = start.map((_, axis) => step?.[axis] ?? 0.1);
  const simplex = [vertex(start)];
  for (const axis of start.keys()) simplex.push(vertex(corner(axis)));
  simplex.sort(lowestFirst);

  let converged = closeTogether();
  while (!converged && evaluations < most) {
    walk();
    simplex.sort(lowestFirst);
    converged = closeTogether();
  }
  const { point, value } = at(0);
  return { point, value, evaluations, converged };

  function walk(): void {
    const worst = at(-1);
    const middle = centre();
    const reflected = vertex(between(middle, worst.point, -1));
    if (reflected.value < at(0).value) {
      const stretched = vertex(between(middle, worst.point, -2));
      simplex[simplex.length - 1] = stretched.value < reflected.value ? stretched : reflected;
    } else if (reflected.value < at(-2).value) {
      simplex[simplex.length - 1] = reflected;
    } else {
      const pulledIn = vertex(between(middle, worst.point, reflected.value < worst.value ? -0.5 : 0.5));
      if (pulledIn.value < Math.min(reflected.value, worst.value)) simplex[simplex.length - 1] = pulledIn;
      else shrink();
    }
  }

  function shrink(): void {
    const best = at(0).point;
    for (let index = 1; index < simplex.length; index++) simplex[index] = vertex(between(best, at(index).point, 0.5));
  }

  /** The mean of all points but the worst. */
  function centre(): number[] {
    const middle: number[] = [];
    for (let axis = 0; axis < start.length; axis++) {
      let sum = 0;
      for (let index = 0; index < start.length; index++) sum += at(index).point[axis] ?? Number.NaN;
      middle.push(sum / start.length);
    }
    return middle;
  }

  /** The start, one step along an axis: the other way where a bound is in the way. */
  function corner(axis: number): number[] {
    const moved = [...start];
    const x = moved[axis] ?? 0;
    const length = steps[axis] ?? 0.1;
    moved[axis] = x + length <= (upper?.[axis] ?? Number.POSITIVE_INFINITY) ? x + length : x - length;
    return moved;
  }

  function vertex(wanted: readonly number[]): Vertex {
    const point: number[] = [];
    for (const x of wanted) {
      const axis = point.length;
      point.push(Math.min(Math.max(x, lower?.[axis] ?? x), upper?.[axis] ?? x));
    }
    const value = objective(point);
    evaluations++;
    return { point, value: Number.isNaN(value) ? Number.POSITIVE_INFINITY : value };
  }

  function closeTogether(): boolean {
    const [best, worst] = [at(0), at(-1)];
    if (worst.value - best.value > tolerance * (Math.abs(best.value) + Number.MIN_VALUE)) return false;
    return simplex.every(({ point }) =>
      point.every((x, axis) => Math.abs(x - (best.point[axis] ?? x)) <= Math.sqrt(tolerance) * (steps[axis] ?? 0.1)),
    );
  }

  function at(index: number): Vertex {
    const found = simplex[index < 0 ? simplex.length + index : index];
    if (found === undefined) throw new Error(`Cannot find point ${index} of a simplex of ${simplex.length}`);
    return found;
  }
}

/** On the line through both: 0 is `from`, 1 is `to`. */
function between(from: readonly number[], to: readonly number[], share: number): number[] {
  const point: number[] = [];
  for (const x of from) point.push(x + share * ((to[point.length] ?? Number.NaN) - x));
  return point;
}

const lowestFirst = (one: Vertex, other: Vertex) => (one.value === other.value ? 0 : one.value - other.value);
