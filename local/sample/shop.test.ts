import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { test } from "node:test";
import { type Column, type TableName, tableNames, tables } from "../../schemas/tables";
import { day, hour, isoDate, minute } from "./calendar";
import { passesLuhn } from "./cards";
import { countries } from "./countries";
import { firstBadKey } from "./dirt";
import type { RawRow } from "./rows";
import { type Settings, sampleShop } from "./shop";

const shop = sampleShop();
const { customers, products, orders, order_items, payments, search_queries } = shop.latest;
const small: Settings = { seed: 7, customers: 200, days: 60, increments: 3 };

test("A shop is the same whenever it is made from the same settings, and another one with another seed", () => {
  assert.equal(fingerprint(sampleShop(small)), fingerprint(sampleShop(small)));
  assert.notEqual(fingerprint(sampleShop(small)), fingerprint(sampleShop({ ...small, seed: 8 })));
});

test("Every reference of the last evening points at a row that was there in time", () => {
  const customer = new Map(customers.map((row) => [row.customer_id, row.created_at]));
  const product = new Map(products.map((row) => [row.product_id, row.created_at]));
  const order = new Map(orders.map((row) => [row.order_id, row.created_at]));
  const before = (found: number | undefined, at: number) => found !== undefined && found <= at;

  for (const row of orders) assert.ok(before(customer.get(row.customer_id), row.created_at), `order ${row.order_id}`);
  for (const row of order_items) {
    assert.ok(before(order.get(row.order_id), row.created_at), `line of order ${row.order_id}`);
    assert.ok(before(product.get(row.product_id), row.created_at), `product ${row.product_id}`);
  }
  for (const row of payments) {
    assert.ok(before(order.get(row.order_id), row.created_at), `payment ${row.payment_id}`);
    assert.ok(customer.has(row.customer_id), `payment ${row.payment_id}`);
  }
  for (const { query_id, customer_id, clicked_product_id, created_at } of search_queries) {
    assert.ok(customer_id === null || customer.has(customer_id), `query ${query_id}`);
    assert.ok(clicked_product_id === null || before(product.get(clicked_product_id), created_at), `query ${query_id}`);
  }
});

test("An order's total is the sum of its lines, and its money is that total or nothing at all", () => {
  const lines = new Map<number, number>();
  for (const { order_id, quantity, unit_price, discount } of order_items) {
    add(lines, order_id, quantity * unit_price - discount);
  }
  const money = new Map<number, number>();
  for (const { order_id, amount, status } of payments) if (status !== "declined") add(money, order_id, amount);

  assert.ok(orders.some(({ status, total }) => status === "returned" && total === 0));
  for (const { order_id, total, status } of orders) {
    assert.equal(total, lines.get(order_id), `order ${order_id}`);
    assert.ok(Number.isSafeInteger(total) && total >= 0, `order ${order_id}`);
    if (status === "placed" && !money.has(order_id)) continue; // not paid yet
    assert.equal(money.get(order_id) ?? 0, status === "cancelled" ? 0 : total, `order ${order_id}`);
  }
});

test("A country has one currency", () => {
  const currencies = new Map(countries.map(({ code, currency }) => [code, currency]));
  for (const { country, currency } of orders) assert.equal(currency, currencies.get(country));
});

test("Good card numbers pass Luhn's check, in all lengths that brands use, and a good row breaks no rule", () => {
  const lengths = new Set<number>();
  for (const { card_number, method } of payments) {
    assert.equal(card_number !== null, method === "card");
    if (card_number === null) continue;
    const number = card_number.replace(/[ -]/g, "");
    assert.ok(passesLuhn(number), number);
    lengths.add(number.length);
  }
  assert.deepEqual([...lengths].sort(), [13, 14, 15, 16, 19]);
  for (const table of tableNames) for (const row of shop.latest[table]) assert.equal(broken(table, row), undefined);
});

test("Nobody's real address or social security number can come up", () => {
  for (const { email, ssn } of customers) {
    assert.match(email, /@example\.(com|org|net)$/);
    if (ssn !== null) assert.match(ssn, /^9\d\d-[0-4]\d-\d{4}$/);
  }
});

test("The dirty rows and duplicates of each file are as many as it says", () => {
  const kinds = new Set<string>();
  for (const { key, table, rows, dirty, duplicates } of shop.files) {
    const good = rows.filter((row) => {
      const fault = broken(table, row);
      if (fault) kinds.add(`${table}.${fault}`);
      return fault === undefined;
    });
    assert.equal(rows.length - good.length, dirty, key);
    assert.equal(good.length - new Set(good.map((row) => keyOf(table, row))).size, duplicates, key);
  }
  for (const kind of [
    "customers.email",
    "customers.ssn",
    "customers.country",
    "orders.order_id",
    "orders.status",
    "order_items.quantity",
    "order_items.unit_price",
    "payments.card_number",
  ]) {
    assert.ok(kinds.has(kind), kind);
  }
  assert.ok(shop.files.some(({ dirty, duplicates }) => dirty + duplicates === 0));
});

test("Bad rows stay out of the way of good ones", () => {
  for (const { table, rows } of shop.files) {
    const [first = ""] = tables[table].primaryKey;
    for (const row of rows) {
      const key = row[first];
      const bad = typeof key !== "number" || key >= firstBadKey;
      assert.equal(broken(table, row) !== undefined, bad || row.line === null, `${table} ${key}`);
    }
  }
});

test("The good rows of all files, the newest of each key, are the state of the last evening", () => {
  for (const table of tableNames) {
    const newest = new Map<string, RawRow>();
    for (const file of shop.files.filter((candidate) => candidate.table === table)) {
      for (const row of file.rows) {
        if (broken(table, row)) continue;
        const known = newest.get(keyOf(table, row));
        if (known) assert.equal(known.created_at, row.created_at);
        if (!known || Number(row.updated_at) > Number(known.updated_at)) newest.set(keyOf(table, row), row);
      }
    }
    assert.equal(newest.size, shop.latest[table].length, table);
    // Row by row: the difference of two whole tables takes minutes to print.
    for (const row of shop.latest[table]) assert.deepEqual(newest.get(keyOf(table, row)), row);
  }
});

test("A row's fate comes in later files, each with what changed on its day", () => {
  const cutoff = Date.UTC(2026, 9, 25);
  const full = file("raw/orders/full-20261024.parquet");
  assert.ok(full.rows.every(({ updated_at }) => Number(updated_at) < cutoff));

  const last = file("raw/orders/2026-10-31.parquet");
  for (const { created_at, updated_at } of last.rows) {
    if (created_at === updated_at || updated_at === null || created_at === null) continue;
    assert.equal(isoDate(Number(updated_at)), "2026-10-31");
  }
  const known = new Set(full.rows.map(({ order_id }) => order_id));
  const late = last.rows.filter(({ order_id }) => known.has(order_id ?? null));
  assert.ok(late.length > 10 && late.some(({ status }) => status === "delivered"));
});

test("Chargebacks arrive weeks after the payment, some of them in the daily files", () => {
  const late = shop.files
    .filter(({ key }) => key.startsWith("raw/payments/2026"))
    .flatMap(({ rows }) => rows.filter(({ status }) => status === "charged_back"));
  assert.ok(late.length > 0);
  for (const { created_at, updated_at } of late) assert.ok(Number(updated_at) - Number(created_at) > 3 * day);
});

test("Each category has the season that it should have", () => {
  const category = new Map(products.map((product) => [product.product_id, product.category]));
  const all = new Map<string, number>();
  const each = new Map<string, number>();
  for (const { product_id, quantity, created_at } of order_items) {
    if (quantity < 0) continue;
    const month = isoDate(created_at).slice(0, 7);
    add(all, month, quantity);
    add(each, `${category.get(product_id)} ${month}`, quantity);
  }
  const share = (name: string, month: string) => (each.get(`${name} ${month}`) ?? 0) / (all.get(month) ?? 1);

  assert.ok(share("Garden", "2026-05") > 2.5 * share("Garden", "2026-10"));
  assert.ok(share("Camping", "2026-07") > 2 * share("Camping", "2026-02"));
  assert.ok(share("School and office", "2026-09") > 2 * share("School and office", "2026-03"));
  assert.ok(share("Electronics", "2026-10") > 1.5 * share("Electronics", "2026-05"));
  assert.ok(share("Beauty", "2026-10") < 2 * share("Beauty", "2026-07"));
});

test("The shop grows, sells more in its promotion week and on Sundays, and loses one region", () => {
  const { promotion, decliningRegion } = shop.truth;
  const count = (from: number, to: number, region?: string) =>
    orders.filter((order) => order.created_at >= from && order.created_at < to && (!region || order.region === region))
      .length;
  const [start, end] = [Date.UTC(2026, 1, 1), Date.UTC(2026, 10, 1)];

  const early = (region?: string) => count(start, start + 60 * day, region);
  const late = (region?: string) => count(end - 60 * day, end, region);
  assert.ok(late() > 1.3 * early());
  assert.ok(late(decliningRegion.region) < 0.5 * early(decliningRegion.region));
  const around = count(promotion.from - 7 * day, promotion.from) + count(promotion.to, promotion.to + 7 * day);
  assert.ok(count(promotion.from, promotion.to) > 1.3 * (around / 2));
  assert.ok(order_items.some((item) => item.discount > 0 && inside(item.created_at)));
  const on = (weekday: number) => orders.filter((order) => new Date(order.created_at).getUTCDay() === weekday).length;
  assert.ok(on(0) > 1.1 * on(5));

  function inside(moment: number) {
    return moment >= promotion.from && moment < promotion.to;
  }
});

test("Many buy once, some again and again, and one country holds nearly half of them", () => {
  const daysOf = new Map<number, Set<number>>();
  for (const { customer_id, created_at } of orders) {
    daysOf.set(customer_id, (daysOf.get(customer_id) ?? new Set()).add(Math.floor(created_at / day)));
  }
  const counts = [...daysOf.values()].map(({ size }) => size);
  const once = counts.filter((count) => count === 1).length / counts.length;
  const often = counts.filter((count) => count >= 8).length / counts.length;
  assert.ok(once > 0.3 && once < 0.55, `${once} buy once`);
  assert.ok(often > 0.03 && often < 0.12, `${often} buy on eight days or more`);

  const home = customers.filter(({ country }) => country === "DE").length / customers.length;
  assert.ok(home > 0.4 && home < 0.52, `${home} live in DE`);
});

test("A stolen card is tried out many times within minutes, at night, from a country without customers", () => {
  const fraudulent = new Set(shop.truth.fraudulentPayments);
  const byCard = Map.groupBy(
    payments.filter(({ payment_id }) => fraudulent.has(payment_id)),
    ({ card_number }) => card_number?.replace(/[ -]/g, ""),
  );
  const bursts = [...byCard.values()].filter((burst) => burst.length >= 8);
  const homes = new Set(customers.map(({ country }) => country));

  assert.ok(bursts.length >= 5);
  for (const burst of bursts) {
    const times = burst.map(({ created_at }) => created_at);
    assert.ok(Math.max(...times) - Math.min(...times) < 30 * minute);
    assert.ok(Math.min(...times) % day < 5 * hour);
    for (const { amount, country } of burst) assert.ok(amount < 1_000 && !homes.has(country));
  }
  const rate = fraudulent.size / payments.length;
  assert.ok(rate > 0.005 && rate < 0.03, `${rate} of the payments`);
});

test("Searches fail by typing errors, are narrowed down and end in clicks", () => {
  const nothing = search_queries.filter(({ results }) => results === 0).length / search_queries.length;
  const clicked = search_queries.filter((query) => query.clicked_product_id !== null).length / search_queries.length;
  assert.ok(nothing > 0.08 && nothing < 0.25, `${nothing} find nothing`);
  assert.ok(clicked > 0.25 && clicked < 0.6, `${clicked} end in a click`);
  const sessions = Map.groupBy(search_queries, ({ session_id }) => session_id);
  assert.ok([...sessions.values()].filter(({ length }) => length > 1).length > 0.25 * sessions.size);
});

test("What was planted in free texts is a card or a social security number, or only looks like one", () => {
  const { secrets, lookalikes } = shop.truth;
  assert.ok(
    secrets.length > 50 && secrets.some((text) => text.includes(" ")) && secrets.some((text) => /\d-\d/.test(text)),
  );
  for (const text of secrets) assert.ok(sensitive(text), text);
  for (const text of lookalikes) assert.ok(!sensitive(text), text);
  const notes = [...customers, ...orders].map((row) => row.notes);
  const all = [...notes, ...products.map((row) => row.description), ...search_queries.map((row) => row.query)].join(
    "\n",
  );
  for (const text of [...secrets, ...lookalikes]) assert.ok(all.includes(text), text);

  function sensitive(text: string) {
    const number = text.replace(/[ -]/g, "");
    if (/^(?!000|666|9)\d{3}-(?!00)\d{2}-(?!0000)\d{4}$/.test(text)) return true;
    return /^\d{13,19}$/.test(number) && passesLuhn(number) && (number.length > 13 || number.startsWith("4"));
  }
});

test("Settings that no shop can have are refused by name", () => {
  assert.throws(() => sampleShop({ customers: 0 }), /customers is 0/);
  assert.throws(() => sampleShop({ days: 1.5 }), /days is 1.5/);
  assert.throws(() => sampleShop({ days: 7, increments: 7 }), /increments is 7/);
  assert.throws(() => sampleShop({ endDate: "31.10.2026" }), /endDate is "31.10.2026"/);
});

function fingerprint({ files }: { readonly files: unknown }) {
  return createHash("sha256").update(JSON.stringify(files)).digest("hex");
}

function add<Key>(sums: Map<Key, number>, key: Key, value: number) {
  sums.set(key, (sums.get(key) ?? 0) + value);
}

function file(key: string) {
  const found = shop.files.find((candidate) => candidate.key === key);
  assert.ok(found, key);
  return found;
}

function keyOf(table: TableName, row: RawRow) {
  return tables[table].primaryKey.map((column) => row[column]).join("/");
}

/** The first column whose rule the row breaks: written from tables.ts alone, without a look at dirt.ts. */
function broken(table: TableName, row: RawRow): string | undefined {
  const columns: [string, Column][] = Object.entries(tables[table].columns);
  return columns.find(([name, column]) => !allows(column, row[name] ?? null))?.[0];
}

function allows({ type, nullable, oneOf, pattern, min, max }: Column, value: RawRow[string]): boolean {
  if (value === null) return nullable === true;
  if (oneOf && !oneOf.includes(String(value))) return false;
  if (pattern && !new RegExp(`^(?:${pattern})$`).test(String(value))) return false;
  const size =
    typeof value === "string" ? [...value].length : type.startsWith("decimal") ? Number(value) / 100 : Number(value);
  return (min === undefined || size >= min) && (max === undefined || size <= max);
}
