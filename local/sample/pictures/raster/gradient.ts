// gradient: paints that go from colour to colour.

import { mix } from "./colour";
import type { Colour } from "./raster";

export type Stop = readonly [at: number, colour: Colour];

type Gradient = (x: number, y: number) => Colour;

/** The stops are sorted and lie between 0 and 1; before the first and after the last the colour stays. */
export function ramp(stops: readonly Stop[]): (at: number) => Colour {
  const steps = 255;
  const colours = Uint32Array.from({ length: steps + 1 }, (_, step) => {
    const at = step / steps;
    const next = stops.findIndex(([place]) => place >= at);
    const [toAt, to] = stops[next] ?? stops.at(-1) ?? [0, 0];
    const [fromAt, from] = stops[next < 0 ? stops.length - 1 : Math.max(0, next - 1)] ?? [0, 0];
    return mix(from, to, toAt > fromAt ? (at - fromAt) / (toAt - fromAt) : 1);
  });
  return (at) => colours[(Math.min(1, Math.max(0, at)) * steps + 0.5) | 0] ?? 0;
}

export function downwards(top: number, bottom: number, ...stops: readonly Stop[]): Gradient {
  const colourAt = ramp(stops);
  return (_, y) => colourAt((y + 0.5 - top) / (bottom - top));
}

export function across(
  [fromX, fromY]: readonly [number, number],
  [toX, toY]: readonly [number, number],
  ...stops: readonly Stop[]
): Gradient {
  const colourAt = ramp(stops);
  const [dx, dy] = [toX - fromX, toY - fromY];
  const square = dx * dx + dy * dy;
  return (x, y) => colourAt(((x + 0.5 - fromX) * dx + (y + 0.5 - fromY) * dy) / square);
}

/** From the middle, at 0, to an ellipse round it, at 1. */
export function around(
  [middleX, middleY]: readonly [number, number],
  [radiusX, radiusY]: readonly [number, number],
  ...stops: readonly Stop[]
): Gradient {
  const colourAt = ramp(stops);
  return (x, y) => {
    const u = (x + 0.5 - middleX) / radiusX;
    const v = (y + 0.5 - middleY) / radiusY;
    return colourAt(Math.sqrt(u * u + v * v));
  };
}
