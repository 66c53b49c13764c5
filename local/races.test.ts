// Runs of market-intelligence that meet, and runs that break off: in the end the datasets are those of what is curated.

import assert from "node:assert/strict";
import { test } from "node:test";
import { literal } from "../schemas/sql-text";
import {
  dailyFiles,
  type Ground,
  ground,
  linesFile,
  meanwhile,
  ordersFile,
  productsFile,
  published,
  put,
  taken,
} from "./curated-shop";
import { query } from "./lake-fixture";

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

const sold = { order: 7, line: 1, product: 1, quantity: 2, price: "9.99" };
const oldMug = async () => ({ table: "products", dt: "2026-01-01", body: await productsFile([mug], someday) });
const movedMug = async () => ({ ...(await oldMug()), body: await productsFile([[1, "Mug", "Camping"]], later) });
const cut = () => Promise.reject(new Error("no network"));

/** Fails at the second time: what is shown is first made unsure, and sure again at the end. */
const cutAtTheEnd = () => {
  let times = 0;
  return () => (++times === 2 ? cut() : Promise.resolve());
};

const shownDays = (shop: Ground) =>
  query(`SELECT DISTINCT day::VARCHAR AS day, category FROM read_parquet(${literal(dailyFiles(shop))}) ORDER BY day`);

test("a product that moves between two attempts of a run is shown where it is now, on the days of the first attempt too", async (t) => {
  const [old, moved] = [await oldMug(), await movedMug()];
  const first = { table: "order_items", dt: someday, body: await linesFile([sold]) };
  const second = { table: "order_items", dt: later, body: await linesFile([{ ...sold, line: 2 }]) };
  const more = {
    ...second,
    body: await linesFile([
      { ...sold, line: 2 },
      { ...sold, line: 3 },
    ]),
  };
  const parts = await ground(t, "parts");
  for (const version of [old, first, second]) await put(parts, version);
  await taken(parts, [old]);
  const disturbed = meanwhile(parts, "PutObjectCommand", `sales_daily/dt=${later}`, async () => {
    for (const version of [moved, more]) await put(parts, version);
    await taken(parts, [moved, more]);
  });
  await taken(disturbed, [first, second]);
  assert.deepEqual(await shownDays(parts), [
    { day: someday, category: "Camping" },
    { day: later, category: "Camping" },
  ]);
});

test("an order that moves and moves back while a run is at it stands where it is", async (t) => {
  const order = { id: 7, day: someday, status: "paid", region: "Hesse", updated: someday };
  const here = { table: "orders", dt: someday, body: await ordersFile([order]) };
  const away = { ...here, body: await ordersFile([{ ...order, region: "Saxony", updated: "2026-03-06" }]) };
  const back = { ...here, body: await ordersFile([{ ...order, updated: "2026-03-07" }]) };
  const lines = { table: "order_items", dt: someday, body: await linesFile([sold]) };
  const parts = await ground(t, "parts");
  for (const version of [await oldMug(), lines, here]) await put(parts, version);
  await taken(parts, [await oldMug(), lines, here]);
  await put(parts, away);
  const disturbed = meanwhile(parts, "PutObjectCommand", "sales_daily/", async () => {
    await put(parts, back);
    await taken(parts, [back]);
  });
  await taken(disturbed, [away]);
  const regions = await query(`SELECT DISTINCT region FROM read_parquet(${literal(dailyFiles(parts))})`);
  assert.deepEqual(regions, [{ region: "Hesse" }]);
});

test("a product that moves, when the run breaks off, and moves back is shown where it is", async (t) => {
  const [old, moved] = [await oldMug(), await movedMug()];
  const back = { ...old, body: await productsFile([mug], "2026-03-06") };
  const lines = { table: "order_items", dt: someday, body: await linesFile([sold]) };
  const parts = await ground(t, "parts");
  for (const version of [old, lines]) await put(parts, version);
  await taken(parts, [old, lines]);
  await put(parts, moved);
  await assert.rejects(taken(meanwhile(parts, "PutObjectCommand", "state/shown", cutAtTheEnd(), 2), [moved]));
  await put(parts, back);
  await taken(parts, [moved, back]);
  assert.deepEqual(await shownDays(parts), [{ day: someday, category: "Kitchen" }]);
});

test("a new product whose run breaks off, and that moves then, is shown where it is", async (t) => {
  const [first, moved] = [await oldMug(), await movedMug()];
  const lines = { table: "order_items", dt: someday, body: await linesFile([sold]) };
  const parts = await ground(t, "parts");
  for (const version of [first, lines]) await put(parts, version);
  const disturbed = meanwhile(parts, "GetObjectCommand", "sales_daily/", async () => {
    await assert.rejects(taken(meanwhile(parts, "PutObjectCommand", "state/products/", cut), [first]));
    await taken(
      meanwhile(parts, "PutObjectCommand", "state/shown", () => Promise.resolve()),
      [first],
    );
  });
  await taken(disturbed, [lines]);
  await put(parts, moved);
  await taken(parts, [first, moved]);
  assert.deepEqual(await shownDays(parts), [{ day: someday, category: "Camping" }]);
});

test("a day that cannot be computed, and that a moved product is on, holds up no other day", async (t) => {
  const [old, moved] = [await oldMug(), await movedMug()];
  const lines = { table: "order_items", dt: someday, body: await linesFile([sold]) };
  const others = { table: "order_items", dt: later, body: await linesFile([{ ...sold, line: 2 }]) };
  const parts = await ground(t, "parts");
  for (const version of [old, lines]) await put(parts, version);
  await taken(parts, [old, lines]);
  await put(parts, { ...lines, body: Buffer.from("no Parquet") });
  await put(parts, moved);
  await taken(parts, [moved]);
  await put(parts, others);
  await taken(parts, [others]);
  assert.deepEqual(await shownDays(parts), [
    { day: someday, category: "Kitchen" },
    { day: later, category: "Camping" },
  ]);
});
