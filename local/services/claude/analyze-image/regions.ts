// regions: connected pixels of one kind, with their box and how they fill it: by that a circle is told from a triangle.

export interface Region {
  readonly kind: number;
  /** In pixels. */
  readonly area: number;
  /** The box around it, in pixels, the ends included. */
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
  /** The centre of gravity. */
  readonly x: number;
  readonly y: number;
}

/** Those of `least` pixels and more, the largest first. Pixels of the kind 0 are of no region. */
export function regionsOf(kinds: ArrayLike<number>, columns: number, least: number): readonly Region[] {
  const seen = new Uint8Array(kinds.length);
  const waiting = new Int32Array(kinds.length);
  const regions: Region[] = [];
  for (let start = 0; start < kinds.length; start += 1) {
    const kind = kinds[start] ?? 0;
    if (kind === 0 || seen[start] === 1) continue;
    let [area, sumX, sumY, left, right, top, bottom] = [0, 0, 0, columns, 0, kinds.length, 0];
    let last = 0;
    waiting[0] = start;
    seen[start] = 1;
    const visit = (pixel: number) => {
      if (seen[pixel] === 1 || kinds[pixel] !== kind) return;
      seen[pixel] = 1;
      last += 1;
      waiting[last] = pixel;
    };
    while (last >= 0) {
      const pixel = waiting[last] ?? 0;
      last -= 1;
      const x = pixel % columns;
      const y = (pixel - x) / columns;
      area += 1;
      sumX += x;
      sumY += y;
      left = Math.min(left, x);
      right = Math.max(right, x);
      top = Math.min(top, y);
      bottom = Math.max(bottom, y);
      if (x > 0) visit(pixel - 1);
      if (x < columns - 1) visit(pixel + 1);
      visit(pixel - columns);
      visit(pixel + columns);
    }
    if (area >= least) regions.push({ kind, area, left, right, top, bottom, x: sumX / area, y: sumY / area });
  }
  return regions.sort((one, other) => other.area - one.area);
}

/** From 0 to 1: a box filled to the last pixel. */
export const fillOf = ({ area, left, right, top, bottom }: Region): number =>
  area / ((right - left + 1) * (bottom - top + 1));

/** The width by the height. */
export const aspectOf = ({ left, right, top, bottom }: Region): number => (right - left + 1) / (bottom - top + 1);
