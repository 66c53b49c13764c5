// Whatever the order and the batches in which curated files come to market-intelligence, its datasets are those of one run over all.

import assert from "node:assert/strict";
import { test } from "node:test";
import { type CuratedPartition, partitionKey } from "../functions/lake/prod/changed-partitions";
import {
  ground,
  type Line,
  linesFile,
  type Order,
  ordersFile,
  productsFile,
  published,
  put,
  taken,
  type Version,
} from "./curated-shop";
import { chance, integer, pick } from "./sample/draw";
import { type Random, xoshiro128 } from "./sample/xoshiro128";

const days = Array.from({ length: 18 }, (_, index) => `2026-03-${String(index + 2).padStart(2, "0")}`);
/**
 * What became of some weeks, partition by partition: orders that were cancelled or moved later, lines that came back on another day or
 * were added late, a product that came after its first sale, one that moved to another category, one that was renamed.
 */
async function shopOf(random: Random): Promise<Version[]> {
  const versions: Version[] = [];
  const add = (table: string, dt: string, body: Buffer) => versions.push({ table, dt, body });
  const orders = new Map<string, Order[]>();
  const lines = new Map<string, Line[]>();
  let id = 16_380;
  for (const [index, day] of days.entries()) {
    const own = Array.from({ length: integer(random, 1, 4) }, () => {
      const order = { id: ++id, day, status: "paid", region: pick(random, ["Hesse", "Berlin"]), updated: day };
      for (let line = 1; line <= integer(random, 1, 3); line++) {
        const sold = {
          order: id,
          line,
          product: integer(random, 1, 5),
          quantity: 2,
          price: `${integer(random, 1, 99)}.99`,
        };
        lines.set(day, [...(lines.get(day) ?? []), sold]);
        const back = days[index + integer(random, 1, 9)];
        if (back !== undefined && chance(random, 0.3)) {
          lines.set(back, [...(lines.get(back) ?? []), { ...sold, line: line + 10, quantity: -1 }]);
        }
      }
      return order;
    });
    orders.set(day, own);
  }
  for (const day of days) add("orders", day, await ordersFile(orders.get(day) ?? []));
  for (const day of days) {
    const own = lines.get(day) ?? [];
    if (own.length > 2) add("order_items", day, await linesFile(own.slice(1)));
    add("order_items", day, await linesFile(own));
  }
  for (const day of days) {
    const own = orders.get(day) ?? [];
    const [first] = own;
    if (first === undefined || !chance(random, 0.4)) continue;
    Object.assign(first, chance(random, 0.5) ? { status: "cancelled" } : { region: "Saxony" }, {
      updated: "2026-04-01",
    });
    add("orders", day, await ordersFile(own));
  }
  const products = [
    [1, "Mug", "Kitchen"],
    [2, "Pan", "Kitchen"],
    [3, "Ball", "Sports"],
    [4, "Net", "Sports"],
  ] as const;
  add("products", "2026-01-01", await productsFile(products, "2026-01-01"));
  const moved = products.map(([number, name, category]) =>
    number === 2
      ? ([number, name, "Camping"] as const)
      : ([number, number === 3 ? "Football" : name, category] as const),
  );
  add("products", "2026-01-01", await productsFile(moved, "2026-03-10"));
  add("products", "2026-03-01", await productsFile([[5, "Tent", "Camping"]], "2026-03-20"));
  return versions;
}

for (const seed of [1, 2]) {
  test(`curated files in any order and batches give the datasets of one run over all (seed ${seed})`, async (t) => {
    const random = xoshiro128(seed, "running aggregates");
    const versions = await shopOf(random);

    const whole = await ground(t, "whole");
    for (const version of versions) await put(whole, version);
    await taken(whole, versions);
    const expected = await published(whole);

    const parts = await ground(t, "parts");
    const waiting: CuratedPartition[] = [];
    for (const version of shuffled(random, versions)) {
      await put(parts, version);
      waiting.push(version, ...(chance(random, 0.1) ? [version] : []));
      if (chance(random, 0.75)) continue;
      const batch = waiting.splice(0, waiting.length).filter((each) => chance(random, 0.7) || waiting.push(each) < 0);
      const other = batch.filter(() => chance(random, 0.5));
      // As Lambda does: two batches at a time.
      await Promise.all([
        taken(
          parts,
          batch.filter((each) => !other.includes(each)),
        ),
        taken(parts, other),
      ]);
    }
    await taken(parts, waiting);

    const found = await published(parts);
    for (const name of Object.keys(expected)) assert.deepEqual(found[name], expected[name], name);
    assert.ok((expected.sales_daily as unknown[]).length > 20);
  });
}

/** In any order, but of one partition the older before the newer. */
function shuffled(random: Random, versions: readonly Version[]): Version[] {
  const keyed = versions.map((version) => ({ version, at: random() }));
  const byKey = new Map<string, number[]>();
  for (const { version, at } of keyed) {
    const key = partitionKey(version);
    byKey.set(
      key,
      [...(byKey.get(key) ?? []), at].sort((a, b) => a - b),
    );
  }
  return keyed
    .map(({ version }) => ({ version, at: byKey.get(partitionKey(version))?.shift() ?? 0 }))
    .sort((a, b) => a.at - b.at)
    .map(({ version }) => version);
}
