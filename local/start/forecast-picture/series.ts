// series: what of a panel's data can be drawn, as days and numbers.

import { dayNumber } from "./day-axis";

/** `values` are one for a line, two for a band. */
export interface Placed {
  readonly day: number;
  readonly values: readonly number[];
}

/** Beyond it, the distance of two values could leave what a double holds. */
const largest = 1e300;

/** In the order of the days, without what is no day, or has a value that is missing or cannot be drawn. */
export function placed<T extends { readonly day: string }>(
  rows: readonly T[],
  valuesOf: (row: T) => readonly (number | null | undefined)[],
): Placed[] {
  return rows
    .flatMap((row) => {
      const day = dayNumber(row.day);
      const values = valuesOf(row).filter((value) => typeof value === "number" && Math.abs(value) <= largest);
      return day === undefined || values.length < valuesOf(row).length ? [] : [{ day, values: values.map(Number) }];
    })
    .sort((a, b) => a.day - b.day);
}

/** The stretches without a missing day between. */
export function runs(of: readonly Placed[]): Placed[][] {
  const found: Placed[][] = [];
  for (const one of of) {
    const current = found.at(-1);
    if (current !== undefined && one.day - (current.at(-1)?.day ?? Number.NaN) <= 1) current.push(one);
    else found.push([one]);
  }
  return found;
}
