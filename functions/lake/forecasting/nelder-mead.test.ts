import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { nelderMead } from "./nelder-mead";

const rosenbrock = ([x = 0, y = 0]: readonly number[]) => (1 - x) ** 2 + 100 * (y - x * x) ** 2;

test("nelderMead() finds the end of Rosenbrock's valley from its classical start", () => {
  const { point, value, converged } = nelderMead(rosenbrock, [-1.2, 1]);
  assert.ok(converged);
  assert.ok(value < 1e-12, `${value}`);
  for (const x of point) assert.ok(Math.abs(x - 1) < 1e-6, `${point}`);
});

test("nelderMead() finds the minimum of Powell's singular function of four numbers", () => {
  const powell = ([a = 0, b = 0, c = 0, d = 0]: readonly number[]) =>
    (a + 10 * b) ** 2 + 5 * (c - d) ** 2 + (b - 2 * c) ** 4 + 10 * (a - d) ** 4;
  assert.ok(nelderMead(powell, [3, -1, 0, 1], { evaluations: 2_000 }).value < 1e-8);
});

test("nelderMead() stays within bounds, and finds a minimum that lies on one", () => {
  let outside = 0;
  const watched = (point: readonly number[]) => {
    if (point.some((x) => x < -2 || x > 0.5)) outside++;
    return rosenbrock(point);
  };
  const { point } = nelderMead(watched, [0.5, 0.5], { lower: [-2, -2], upper: [0.5, 0.5] });
  assert.equal(outside, 0);
  assert.ok(Math.abs((point[0] ?? 0) - 0.5) < 1e-4 && Math.abs((point[1] ?? 0) - 0.25) < 1e-4, `${point}`);
});

test("nelderMead() takes what is not a number for infinitely high", () => {
  for (const start of [3, 0.95]) {
    const { point, value } = nelderMead(([x = 0]) => (x < 1 ? Number.NaN : (x - 1) ** 2), [start]);
    assert.ok(Math.abs((point[0] ?? 0) - 1) < 1e-3 && value < 1e-6, `${point} from ${start}`);
  }
});

test("nelderMead() says when the evaluations ran out", () => {
  const { converged, evaluations } = nelderMead(rosenbrock, [-1.2, 1], { evaluations: 20 });
  assert.equal(converged, false);
  assert.ok(evaluations <= 24, `${evaluations}`);
});

test("nelderMead() refuses a start without coordinates", () => {
  assert.throws(() => nelderMead(() => 0, []), /the start has no coordinates/);
});

test("nelderMead() finds the bottom of every bowl, the same at every call", () => {
  const number = fc.double({ min: -5, max: 5, noNaN: true });
  fc.assert(
    fc.property(fc.array(fc.tuple(number, number), { minLength: 1, maxLength: 4 }), (axes) => {
      const bowl = (point: readonly number[]) =>
        point.reduce((sum, x, axis) => sum + (axis + 1) * (x - (axes[axis]?.[0] ?? 0)) ** 2, 7);
      const start = axes.map(([, from]) => from);
      const found = nelderMead(bowl, start, { evaluations: 5_000 });
      for (const [axis, [bottom]] of axes.entries())
        assert.ok(Math.abs((found.point[axis] ?? Number.NaN) - bottom) < 1e-2, `${found.point} for ${bottom}`);
      assert.deepEqual(nelderMead(bowl, start, { evaluations: 5_000 }), found);
    }),
  );
});
