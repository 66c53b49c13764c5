// some: a few of a list, none of them twice, in any order.

import { integer } from "../../draw";
import type { Random } from "../../xoshiro128";

export function some<T>(random: Random, list: readonly T[], count: number): T[] {
  const left = [...list];
  return Array.from({ length: Math.min(count, list.length) }, () =>
    left.splice(integer(random, 0, left.length - 1), 1),
  ).flat();
}
