// Whatever the order and the batches in which curated files come to market-intelligence, its datasets are those of one run over all.

import assert from "node:assert/strict";
import { test } from "node:test";
import { type CuratedPartition, partitionKey } from "../functions/lake/prod/changed-partitions";
import { literal } from "../schemas/sql-text";
import {
  dailyFiles,
  type Ground,
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
import { query } from "./lake-fixture";
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

const someday = "2026-03-03";
const later = "2026-03-05";
const mug = [1, "Mug", "Kitchen"] as const;

test("an order that changes while another run takes in its old state counts as it is now, on every day", async (t) => {
  const { id, ...rest } = { id: 7, day: someday, status: "paid", region: "Hesse", updated: someday };
  const sold = { order: id, line: 1, product: 1, quantity: 2, price: "9.99" };
  const old = { table: "orders", dt: someday, body: await ordersFile([{ id, ...rest }]) };
  const moved = { ...old, body: await ordersFile([{ id, ...rest, region: "Saxony", updated: later }]) };
  const others = [
    { table: "products", dt: "2026-01-01", body: await productsFile([mug], someday) },
    { table: "order_items", dt: someday, body: await linesFile([sold]) },
    { table: "order_items", dt: later, body: await linesFile([{ ...sold, line: 2, quantity: -1 }]) },
  ];
  const parts = await ground(t, "parts");
  for (const version of [...others, old]) await put(parts, version);
  await taken(parts, others);
  const disturbed = meanwhile(parts, "GetObjectCommand", "state/orders/", async () => {
    await put(parts, moved);
    await taken(parts, [moved]);
  });
  await taken(disturbed, [old]);

  const regions = await query(
    `SELECT DISTINCT day::VARCHAR AS day, region FROM read_parquet(${literal(dailyFiles(parts))}) ORDER BY day`,
  );
  assert.deepEqual(regions, [
    { day: someday, region: "Saxony" },
    { day: later, region: "Saxony" },
  ]);
});

test("a product that moves while another run computes a new day is shown where it is now", async (t) => {
  const sold = { order: 7, line: 1, product: 1, quantity: 2, price: "9.99" };
  const lines = { table: "order_items", dt: someday, body: await linesFile([sold]) };
  const old = { table: "products", dt: "2026-01-01", body: await productsFile([mug], someday) };
  const moved = { ...old, body: await productsFile([[1, "Mug", "Camping"]], later) };
  const parts = await ground(t, "parts");
  for (const version of [old, lines]) await put(parts, version);
  await taken(parts, [old]);
  const disturbed = meanwhile(parts, "PutObjectCommand", "sales_daily/", async () => {
    await put(parts, moved);
    await taken(parts, [moved]);
  });
  await taken(disturbed, [lines]);

  const categories = await query(`SELECT category FROM read_parquet(${literal(dailyFiles(parts))})`);
  assert.deepEqual(categories, [{ category: "Camping" }]);
});

test("a run that breaks off anywhere is completed by the same events once more", async (t) => {
  const day = { id: 7, day: someday, status: "paid", region: "Hesse", updated: someday };
  const sold = { order: 7, line: 1, product: 1, quantity: 2, price: "9.99" };
  const versions = [
    { table: "orders", dt: someday, body: await ordersFile([day]) },
    { table: "products", dt: "2026-01-01", body: await productsFile([mug], someday) },
    { table: "order_items", dt: someday, body: await linesFile([sold]) },
    { table: "order_items", dt: later, body: await linesFile([{ ...sold, line: 2, quantity: -1 }]) },
  ];
  const whole = await ground(t, "whole");
  for (const version of versions) await put(whole, version);
  await taken(whole, versions);
  const expected = await published(whole);
  for (const key of [
    "state/products/",
    "state/orders/",
    "state/line-days/",
    "sales_daily/",
    "state/series/",
    "forecasts/",
  ]) {
    const parts = await ground(t, "parts");
    for (const version of versions) await put(parts, version);
    const cut = () => Promise.reject(new Error(`no network for ${key}`));
    await assert.rejects(taken(meanwhile(parts, "PutObjectCommand", key, cut, Number.MAX_SAFE_INTEGER), versions));
    await taken(parts, versions);
    assert.deepEqual(await published(parts), expected, key);
  }
});

/** The same ground by a client of its own, whose first requests (so many) of this kind wait until `happens` is over. */
function meanwhile(base: Ground, command: string, prefix: string, happens: () => Promise<void>, times = 1): Ground {
  const s3 = base.harness.client();
  let left = times;
  s3.middlewareStack.add(
    (next, { commandName }) =>
      async (args) => {
        const { Key = "" } = args.input as { Key?: string };
        if (left > 0 && commandName === command && Key.startsWith(prefix)) {
          left -= 1;
          await happens();
        }
        return next(args);
      },
    { step: "initialize" },
  );
  return { ...base, s3 };
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
