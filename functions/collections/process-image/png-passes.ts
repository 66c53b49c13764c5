// png-passes: in which order a PNG brings its pixels. An interlaced one brings a coarse picture first, then what lies between
// (Adam7; PNG, third edition, 8.1).

export interface PngPass {
  /** Its first pixel, and how far it is to the next. */
  readonly x: number;
  readonly y: number;
  readonly stepX: number;
  readonly stepY: number;
  /** In pixels of its own; never 0. */
  readonly width: number;
  readonly height: number;
}

const adam7 = [
  { x: 0, y: 0, stepX: 8, stepY: 8 },
  { x: 4, y: 0, stepX: 8, stepY: 8 },
  { x: 0, y: 4, stepX: 4, stepY: 8 },
  { x: 2, y: 0, stepX: 4, stepY: 4 },
  { x: 0, y: 2, stepX: 2, stepY: 4 },
  { x: 1, y: 0, stepX: 2, stepY: 2 },
  { x: 0, y: 1, stepX: 1, stepY: 2 },
] as const;

export function pngPasses(width: number, height: number, isInterlaced: boolean): readonly PngPass[] {
  const steps = isInterlaced ? adam7 : [{ x: 0, y: 0, stepX: 1, stepY: 1 }];
  return steps
    .map((step) => ({
      ...step,
      width: Math.ceil((width - step.x) / step.stepX),
      height: Math.ceil((height - step.y) / step.stepY),
    }))
    .filter((pass) => pass.width > 0 && pass.height > 0);
}
