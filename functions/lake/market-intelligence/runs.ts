// runs: what a batch of changed partitions makes of the datasets.
//
//   products ──> catalogue ───────────────┐
//   orders   ──> index ──> days elsewhere ─┴─> days ──> series ──> datasets
//   lines    ──────────────────────────────┘
//
// Each step can be broken off and done again, and two runs at once may meet in any of them: what is written depends on what is
// curated alone, and what somebody else has changed in between is read again. So any order of the same events, in whatever
// batches, ends in the same datasets as one run over everything.

import type { CuratedPartition } from "../prod/changed-partitions";
import type { Work } from "../prod/work";
import { indexOrders } from "./order-index";
import { allDaysRenamed, daysToRename, mergeProducts } from "./product-catalogue";
import { publish } from "./publication";
import { type SalesOf, salesFromFiles, updateDays } from "./sales-days";
import { updateSeries } from "./sales-series";

/** Days, or partitions of orders, in work at once: what some hundred megabytes have room for. */
const atOnce = 32;
/** Athena takes a query of 256 KiB. */
const atOnceInAthena = 1_000;

export interface Run {
  readonly work: Work;
  readonly changed: readonly CuratedPartition[];
  /** YYYY-MM-DD. */
  readonly today: string;
  /** How Athena makes the sales of days that it can see, where there is more to read than the function should. */
  readonly inAthena?: { readonly salesOf: SalesOf; readonly sees: (day: string) => boolean };
  /** Told after each step, for the log. */
  readonly progress: (step: string, days: number) => void;
}

export interface Ran {
  /** The days that were computed anew. */
  readonly days: readonly string[];
  /** The partitions whose day could not be computed, and why. The others are published. */
  readonly failed: readonly { readonly partition: CuratedPartition; readonly error: Error }[];
}

export async function run({ work, changed, today, inAthena, progress }: Run): Promise<Ran> {
  const of = (table: string) => [...new Set(changed.filter((each) => each.table === table).map(({ dt }) => dt))].sort();
  const failures = new Map<string, Error>();

  if (of("products").length > 0) await mergeProducts(work, of("products"));
  const elsewhere = await inParts(of("orders"), atOnce, failures, (dts) => indexOrders(work, dts));
  progress("indexed orders", of("orders").length);
  const renamed = await daysToRename(work);

  const days = [...new Set([...of("orders"), ...of("order_items"), ...elsewhere, ...renamed])].sort();
  const seen = days.filter((day) => inAthena?.sees(day));
  const computed = [
    ...(inAthena ? await inParts(seen, atOnceInAthena, failures, (part) => compute(work, part, inAthena.salesOf)) : []),
    ...(await inParts(inAthena ? days.filter((day) => !inAthena.sees(day)) : days, atOnce, failures, (part) =>
      compute(work, part, salesFromFiles),
    )),
  ];
  progress("computed days", computed.length);
  if (!renamed.some((day) => failures.has(day))) await allDaysRenamed(work);
  await publish(work, today);
  progress("published", computed.length);
  const own = new Set(changed.map(({ dt }) => dt));
  for (const [day, error] of failures) {
    // A day of which no event speaks would not come again if its error were only told.
    if (!own.has(day)) throw error;
  }
  const failed = changed.flatMap((partition) => {
    const error = failures.get(partition.dt);
    return error === undefined ? [] : [{ partition, error }];
  });
  return { days: computed, failed };
}

async function compute(work: Work, days: readonly string[], salesOf: SalesOf): Promise<string[]> {
  await updateDays(work, days, salesOf, () => updateSeries(work, days));
  return [...days];
}

/** Days that fail one after another before it is the moment that is bad, and not the days. */
const badMoment = 3;

/** Does `step` for parts of the days; where a part fails, for each of its days alone, so that one bad day spoils no other. */
async function inParts(
  days: readonly string[],
  size: number,
  failures: Map<string, Error>,
  step: (part: readonly string[]) => Promise<string[]>,
): Promise<string[]> {
  const done: string[] = [];
  let inARow = 0;
  for (let from = 0; from < days.length; from += size) {
    const part = days.slice(from, from + size);
    try {
      done.push(...(await step(part)));
      inARow = 0;
    } catch (error) {
      if (part.length > 1) {
        done.push(...(await inParts(part, 1, failures, step)));
        continue;
      }
      failures.set(part[0] ?? "", error as Error);
      inARow += 1;
      if (inARow === badMoment) throw error;
    }
  }
  return done;
}
