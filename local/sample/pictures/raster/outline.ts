// outline: the shapes that can be filled, as closed lines of points.

export type Point = readonly [x: number, y: number];

/** The last point is joined to the first. */
export type Outline = readonly Point[];

export const rectangle = (x: number, y: number, width: number, height: number): Outline => [
  [x, y],
  [x + width, y],
  [x + width, y + height],
  [x, y + height],
];

/** `turn` in radians, clockwise. */
export function ellipse(x: number, y: number, radiusX: number, radiusY = radiusX, turn = 0): Outline {
  const [cos, sin] = [Math.cos(turn), Math.sin(turn)];
  const steps = stepsOf(2 * Math.PI, Math.max(radiusX, radiusY));
  const points: Point[] = [];
  for (let step = 0; step < steps; step++) {
    const angle = (step / steps) * 2 * Math.PI;
    const [u, v] = [radiusX * Math.cos(angle), radiusY * Math.sin(angle)];
    points.push([x + u * cos - v * sin, y + u * sin + v * cos]);
  }
  return points;
}

export function roundedRectangle(x: number, y: number, width: number, height: number, radius: number): Outline {
  const r = Math.min(radius, width / 2, height / 2);
  const quarter = Math.PI / 2;
  return [
    ...arc(x + r, y + r, r, 2 * quarter, 3 * quarter),
    ...arc(x + width - r, y + r, r, 3 * quarter, 4 * quarter),
    ...arc(x + width - r, y + height - r, r, 0, quarter),
    ...arc(x + r, y + height - r, r, quarter, 2 * quarter),
  ];
}

/** A piece of a disc, from one angle to another: clockwise, from the right. */
export const sector = (x: number, y: number, radius: number, from: number, to: number): Outline => [
  [x, y],
  ...arc(x, y, radius, from, to),
];

/** A part of a circle as points. */
export function arc(x: number, y: number, radius: number, from: number, to: number): Point[] {
  const steps = stepsOf(to - from, radius);
  return Array.from({ length: steps + 1 }, (_, step) => {
    const angle = from + ((to - from) * step) / steps;
    return [x + radius * Math.cos(angle), y + radius * Math.sin(angle)];
  });
}

/** So many that the line is nowhere more than a tenth of a pixel off the circle. */
const stepsOf = (angle: number, radius: number) =>
  Math.max(4, Math.ceil(Math.abs(angle) * Math.sqrt(Math.max(1, radius)) * 1.12));

/** A star of `points` points, the first of them at `turn`. */
export const star = (
  x: number,
  y: number,
  outer: number,
  inner: number,
  points: number,
  turn = -Math.PI / 2,
): Outline =>
  Array.from({ length: points * 2 }, (_, index) => {
    const angle = turn + (index * Math.PI) / points;
    const radius = index % 2 === 0 ? outer : inner;
    return [x + radius * Math.cos(angle), y + radius * Math.sin(angle)];
  });

/** A smooth closed line through the points: a Catmull-Rom spline. */
export const blob = (points: readonly Point[]): Outline =>
  points.flatMap((_, index) => {
    const at = (step: number): Point => points[(index + step + points.length) % points.length] ?? [0, 0];
    return splined([at(-1), at(0), at(1), at(2)]);
  });

/** A smooth open line through the points. */
export const curve = (points: readonly Point[]): Point[] => {
  const at = (index: number): Point => points[Math.min(points.length - 1, Math.max(0, index))] ?? [0, 0];
  const pieces = points
    .slice(1)
    .flatMap((_, index) => splined([at(index - 1), at(index), at(index + 1), at(index + 2)]));
  return [...pieces, at(points.length - 1)];
};

/** From `b` to `c`, without `c`. */
function splined([a, b, c, d]: readonly [Point, Point, Point, Point]): Point[] {
  const steps = Math.max(3, Math.ceil(Math.hypot(c[0] - b[0], c[1] - b[1]) / 5));
  const along = (t: number, axis: 0 | 1) =>
    b[axis] +
    (t / 2) *
      (c[axis] -
        a[axis] +
        t * (2 * a[axis] - 5 * b[axis] + 4 * c[axis] - d[axis] + t * (3 * (b[axis] - c[axis]) + d[axis] - a[axis])));
  return Array.from({ length: steps }, (_, step) => [along(step / steps, 0), along(step / steps, 1)]);
}

/** A line as a shape: as wide at each point as `width` says, which is told how far along it is, from 0 to 1. */
export function ribbon(points: readonly Point[], width: number | ((along: number) => number)): Outline {
  const side = (sign: 1 | -1) =>
    points.map((point, index): Point => {
      const [before, after] = [points[index - 1] ?? point, points[index + 1] ?? point];
      const [dx, dy] = [after[0] - before[0], after[1] - before[1]];
      const wide = typeof width === "number" ? width : width(index / Math.max(1, points.length - 1));
      const reach = (sign * wide) / 2 / (Math.hypot(dx, dy) || 1);
      return [point[0] - dy * reach, point[1] + dx * reach];
    });
  return [...side(1), ...side(-1).reverse()];
}
