import assert from "node:assert/strict";
import { test } from "node:test";
import { safeParse } from "valibot";
import { type FeedColumn, feedRow } from "./feed";

const schema = feedRow("acme", new Date("2026-03-10T12:00:00Z"));

const good = {
  transaction_id: "T-1",
  occurred_at: "2026-03-01",
  product_id: "P-1",
  product_name: "Tea",
  category: "Drinks",
  quantity: "3",
  unit_price: "12.50",
  discount: "",
  currency: "EUR",
  inventory_level: "",
  seller_id: "",
};

const parsed = (values: Partial<Record<FeedColumn, unknown>>) => safeParse(schema, { ...good, ...values });

/** Column and reason of everything that is wrong. */
const faults = (values: Partial<Record<FeedColumn, unknown>>) =>
  parsed(values).issues?.map(({ path, message }) => `${String(path?.[0]?.key)} ${message}`) ?? [];

test("a good value of each column comes out as the database takes it", () => {
  const samples: readonly [FeedColumn, string, string | null][] = [
    ["transaction_id", " T-1 ", "T-1"],
    ["transaction_id", "x".repeat(100), "x".repeat(100)],
    ["transaction_id", "=1+1", "=1+1"],
    ["product_name", "Cafe\u0301", "Café"],
    ["product_name", "two\nlines", "two\nlines"],
    ["product_name", "🍵".repeat(200), "🍵".repeat(200)],
    ["category", "@home", "@home"],
    ["occurred_at", "2026-03-01", "2026-03-01T00:00:00Z"],
    ["occurred_at", "2026-03-01T10:30:00Z", "2026-03-01T10:30:00Z"],
    ["occurred_at", "2026-03-01 10:30:00+00:00", "2026-03-01T10:30:00Z"],
    ["occurred_at", "2026-03-01T00:30:00+01:00", "2026-02-28T23:30:00Z"],
    ["occurred_at", "2026-03-01T10:30-0330", "2026-03-01T14:00:00Z"],
    ["occurred_at", "2026-03-01T10:30:00.1234567Z", "2026-03-01T10:30:00.123456Z"],
    ["occurred_at", "2024-02-29", "2024-02-29T00:00:00Z"],
    ["occurred_at", "2000-01-01", "2000-01-01T00:00:00Z"],
    ["occurred_at", "2026-03-11", "2026-03-11T00:00:00Z"],
    ["quantity", "007", "7"],
    ["quantity", "-3", "-3"],
    ["quantity", "1000000000", "1000000000"],
    ["quantity", "-1000000000", "-1000000000"],
    ["unit_price", "0", "0"],
    ["unit_price", "0.30", "0.30"],
    ["unit_price", "999999999999999.99", "999999999999999.99"],
    ["discount", "", "0"],
    ["discount", "37.50", "37.50"],
    ["inventory_level", "", null],
    ["inventory_level", "0", "0"],
    ["seller_id", "acme", "acme"],
  ];
  for (const [column, text, expected] of samples) {
    const { success, output } = parsed({ [column]: text });
    assert.ok(success, `${column} "${text}": ${faults({ [column]: text })}`);
    assert.equal((output as Record<string, unknown>)[column] ?? null, expected);
  }
});

test("a bad value of each column is told with the reason", () => {
  const samples: readonly [FeedColumn, unknown, RegExp][] = [
    ["transaction_id", "", /^is missing$/],
    ["transaction_id", "  ", /^is missing$/],
    ["transaction_id", "x".repeat(101), /^must have at most 100 characters: it has 101$/],
    ["transaction_id", "a\nb", /^must not hold control characters/],
    ["transaction_id", "a\u0000b", /^must not hold control characters/],
    ["transaction_id", {}, /^must be a text or a number$/],
    ["product_id", "", /^is missing$/],
    ["product_id", "x".repeat(101), /at most 100/],
    ["product_id", "a\tb", /control characters/],
    ["product_name", "", /^is missing$/],
    ["product_name", "x".repeat(201), /at most 200 characters: it has 201/],
    ["product_name", "a\u0000b", /control characters/],
    ["product_name", "a\u0085b", /control characters/],
    ["product_name", "a\ud800", /surrogate/],
    ["product_name", "M\ufffdller", /UTF-8/],
    ["product_name", true, /must be a text or a number/],
    ["category", "", /^is missing$/],
    ["category", "x".repeat(201), /at most 200/],
    ["occurred_at", "", /^is missing$/],
    ["occurred_at", "31/12/2025", /^must begin with the year: write 2025-12-31T00:00:00Z$/],
    ["occurred_at", "12/31/2025", /^must begin with the year: write 2025-12-31T00:00:00Z$/],
    ["occurred_at", "31.12.2025", /^must begin with the year: write 2025-12-31T00:00:00Z$/],
    ["occurred_at", "3.4.2025", /: write 2025-04-03T00:00:00Z$/],
    ["occurred_at", "05/06/2025", /: write 2025-06-05T00:00:00Z or 2025-05-06T00:00:00Z$/],
    ["occurred_at", "2026-03-01T10:30:00", /^must say how far its clock is from UTC: 2026-03-01T10:30:00Z/],
    ["occurred_at", "20260301", /^must be written as 2026-12-31/],
    ["occurred_at", "46082", /^must be written as 2026-12-31/],
    ["occurred_at", "yesterday", /^must be written as 2026-12-31/],
    ["occurred_at", "2026-02-30", /does not exist/],
    ["occurred_at", "2025-02-29", /does not exist/],
    ["occurred_at", "1900-02-29", /does not exist/],
    ["occurred_at", "2026-13-01", /does not exist/],
    ["occurred_at", "2026-00-01", /does not exist/],
    ["occurred_at", "2026-03-00", /does not exist/],
    ["occurred_at", "2026-03-01T24:00:00Z", /does not exist/],
    ["occurred_at", "2026-03-01T10:60:00Z", /does not exist/],
    ["occurred_at", "2026-03-01T10:00:00+15:00", /does not exist/],
    ["occurred_at", "1999-12-31", /^is before 2000-01-01$/],
    ["occurred_at", "2026-03-12", /^is in the future: 2026-03-11 is the latest/],
    ["quantity", "", /^is missing$/],
    ["quantity", "0", /^must not be 0$/],
    ["quantity", "-0", /^must not be 0$/],
    ["quantity", "1.5", /^must be a whole number such as 3, without points or commas$/],
    ["quantity", "1.000", /without points or commas/],
    ["quantity", "3.0", /without points or commas/],
    ["quantity", "1e3", /without an exponent/],
    ["quantity", "NaN", /^must be a whole number such as 3$/],
    ["quantity", "three", /without letters/],
    ["quantity", "1000000001", /^must be between/],
    ["quantity", "1".repeat(16), /at most 15 digits/],
    ["unit_price", "", /^is missing$/],
    ["unit_price", "1.234,56", /: write 1234.56$/],
    ["unit_price", "1,234.56", /: write 1234.56$/],
    ["unit_price", "1234,5", /: write 1234.5$/],
    ["unit_price", "1,234", /: write 1234 or 1.234$/],
    ["unit_price", "1 234.56", /: write 1234.56$/],
    ["unit_price", "1'234.56", /: write 1234.56$/],
    ["unit_price", "€5", /without letters or signs of a currency/],
    ["unit_price", "5 EUR", /without letters or signs of a currency/],
    ["unit_price", "NaN", /^must be a number such as 1234.56$/],
    ["unit_price", "Infinity", /^must be a number such as 1234.56$/],
    ["unit_price", "-Infinity", /^must be a number such as 1234.56$/],
    ["unit_price", "1e3", /without an exponent/],
    ["unit_price", "-5", /^must not be negative$/],
    ["unit_price", ".5", /digits and a point/],
    ["unit_price", "5.", /digits and a point/],
    ["unit_price", "+5", /digits and a point/],
    ["unit_price", "٣", /digits and a point/],
    ["unit_price", "12.505", /^must have at most 2 decimals: EUR has no more$/],
    ["unit_price", "1".repeat(16), /at most 15 digits before the point/],
    ["discount", "-1", /^must not be negative$/],
    ["discount", "1,5", /: write 1.5$/],
    ["discount", "0.001", /at most 2 decimals/],
    ["discount", "37.51", /^must not be more than quantity x unit_price/],
    ["currency", "", /^is missing$/],
    ["currency", "eur", /^must be in capitals: EUR$/],
    ["currency", "EURO", /ISO 4217/],
    ["currency", "€", /ISO 4217/],
    ["currency", "XXX", /ISO 4217/],
    ["currency", "XTS", /ISO 4217/],
    ["currency", "XAU", /ISO 4217/],
    ["currency", "XDR", /ISO 4217/],
    ["inventory_level", "-1", /^must not be negative$/],
    ["inventory_level", "1.5", /without points or commas/],
    ["seller_id", "berg", /^must be "acme"$/],
  ];
  for (const [column, text, reason] of samples) {
    const [first = "nothing", ...more] = faults({ [column]: text });
    const at = `${column} ${JSON.stringify(text)}: ${first}`;
    assert.ok(first.startsWith(`${column} `), at);
    assert.match(first.slice(column.length + 1), reason, at);
    assert.deepEqual(more, [], at);
  }
});

test("a price has as many decimals as ISO 4217 gives its currency, also where people write fewer", () => {
  const samples = { EUR: 2, JPY: 0, KRW: 0, KWD: 3, OMR: 3, HUF: 2, IDR: 2, IQD: 3, XOF: 0, XCG: 2 };
  for (const [currency, decimals] of Object.entries(samples)) {
    const price = (count: number) => (count === 0 ? "1" : `1.${"5".repeat(count)}`);
    assert.deepEqual(faults({ currency, unit_price: price(decimals) }), [], currency);
    assert.match(faults({ currency, unit_price: price(decimals + 1) }).join(), /^unit_price must have (no|at most)/);
  }
});

test("a discount is held exactly against the whole line, of a return against what is given back", () => {
  const line = { quantity: "1000000000", unit_price: "999999999999999.99" };
  assert.deepEqual(faults({ ...line, discount: "999999999999999.99" }), []);
  assert.deepEqual(faults({ quantity: "3", unit_price: "0.10", discount: "0.30" }), []);
  assert.deepEqual(faults({ quantity: "-3", unit_price: "0.10", discount: "0.30" }), []);
  assert.equal(faults({ quantity: "-3", unit_price: "0.10", discount: "0.31" }).length, 1);
  assert.equal(faults({ quantity: "1", unit_price: "90071992547409.92", discount: "90071992547409.93" }).length, 1);
});

test("each wrong column of a row is told once", () => {
  const all = Object.fromEntries(Object.keys(good).map((column) => [column, "\u0000"]));
  const columns = faults(all).map((fault) => fault.split(" ")[0]);
  assert.deepEqual(columns, Object.keys(good));
  assert.deepEqual(
    faults({ unit_price: "1.555", discount: "1.555", product_id: "" }).map((fault) => fault.split(" ")[0]),
    ["product_id", "unit_price", "discount"],
  );
});
