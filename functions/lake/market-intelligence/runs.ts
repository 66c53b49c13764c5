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
/** Of what a query's text has room for (256 KiB) the hundredth part: a query that fails is asked again in halves. */
const atOnceInAthena = 200;

export interface Run {
  readonly work: Work;
  readonly changed: readonly CuratedPartition[];
  /** YYYY-MM-DD. */
  readonly today: string;
  /** How Athena makes the sales of days that it can see, where there is more to read than the function should. */
  readonly inAthena?: { readonly salesOf: SalesOf; readonly sees: (day: string) => boolean };
  /** Whether to begin nothing more: what is not reached fails, and comes again. */
  readonly timeIsUp?: () => boolean;
  /** Told after each step, for the log. */
  readonly progress: (step: string, days: number) => void;
}

export interface Ran {
  /** The days that were computed anew. */
  readonly days: readonly string[];
  /** The partitions whose day could not be computed, and why. The others are published. */
  readonly failed: readonly { readonly partition: CuratedPartition; readonly error: Error }[];
}

export async function run({ work, changed, today, inAthena, timeIsUp = () => false, progress }: Run): Promise<Ran> {
  const of = (table: string) => [...new Set(changed.filter((each) => each.table === table).map(({ dt }) => dt))].sort();
  const failures = new Map<string, Error>();
  const limits = { failures, timeIsUp };

  const unknown = of("products").length > 0 ? await mergeProducts(work, of("products")) : [];
  const elsewhere = await inParts(of("orders"), atOnce, limits, (dts) => indexOrders(work, dts));
  progress("indexed orders", of("orders").length);
  const renamed = await daysToRename(work, unknown);

  const days = [...new Set([...of("orders"), ...of("order_items"), ...elsewhere, ...renamed])].sort();
  const seen = days.filter((day) => inAthena?.sees(day));
  const computed = [
    ...(inAthena ? await inParts(seen, atOnceInAthena, limits, (part) => compute(work, part, inAthena.salesOf)) : []),
    ...(await inParts(inAthena ? days.filter((day) => !inAthena.sees(day)) : days, atOnce, limits, (part) =>
      compute(work, part, salesFromFiles),
    )),
  ];
  progress("computed days", computed.length);
  if (!renamed.some((day) => failures.has(day))) await allDaysRenamed(work);
  await publish(work, today);
  progress("published", computed.length);
  const own = new Set(changed.map(({ dt }) => dt));
  // A day of which no event speaks comes again with the orders that led to it; one of a moved product is found by the next run.
  const stray = elsewhere.find((day) => failures.has(day) && !own.has(day)) ?? "";
  const failed = changed.flatMap((partition) => {
    const error = failures.get(partition.dt) ?? (partition.table === "orders" ? failures.get(stray) : undefined);
    return error === undefined ? [] : [{ partition, error }];
  });
  return { days: computed, failed };
}

async function compute(work: Work, days: readonly string[], salesOf: SalesOf): Promise<string[]> {
  await updateDays(work, days, salesOf, () => updateSeries(work, days));
  return [...days];
}

/** Failures of AWS or the network, one after another, before it is the moment that is bad, and not the days. */
const badMoment = 3;
const isOfAws = (error: unknown): boolean => error instanceof Error && "$metadata" in error;

/** Does `step` for parts of the days; where a part fails, for each half of it, so that one bad day spoils no other. */
async function inParts(
  days: readonly string[],
  size: number,
  { failures, timeIsUp }: { readonly failures: Map<string, Error>; readonly timeIsUp: () => boolean },
  step: (part: readonly string[]) => Promise<string[]>,
): Promise<string[]> {
  const waiting = partsOf(days, size);
  const done: string[] = [];
  let inARow = 0;
  for (let part = waiting.shift(); part !== undefined; part = waiting.shift()) {
    if (timeIsUp()) {
      for (const day of [part, ...waiting].flat()) failures.set(day, new Error("The function's time is up"));
      break;
    }
    try {
      done.push(...(await step(part)));
      inARow = 0;
    } catch (error) {
      inARow = isOfAws(error) ? inARow + 1 : 0;
      if (inARow === badMoment) throw error;
      if (part.length === 1) failures.set(part[0] ?? "", error as Error);
      else waiting.unshift(...partsOf(part, Math.ceil(part.length / 2)));
    }
  }
  return done;
}

const partsOf = (days: readonly string[], size: number): (readonly string[])[] =>
  Array.from({ length: Math.ceil(days.length / size) }, (_, index) => days.slice(index * size, (index + 1) * size));
