import assert from "node:assert/strict";
import { test } from "node:test";
import { gzipSync } from "node:zlib";
import fc from "fast-check";
import { ownColumns } from "../../../schemas/feed";
import { csv, type Read, read, sample } from "./feed-samples";
import { rejectedCsv } from "./rejected-rows";

/** Text that is neither trimmed nor composed, with all that has a meaning in some format. */
const text = (maxLength: number) =>
  fc
    .string({
      unit: fc.oneof(fc.constantFrom(..."'\",;|=+-@é🍵 x"), fc.string({ unit: "grapheme", maxLength: 1 })),
      maxLength,
    })
    .map((it) => `x${it.replaceAll(/\p{Cc}/gu, "")}x`.normalize("NFC"))
    .filter((it) => it.isWellFormed() && !it.includes("\uFFFD") && [...it].length <= 90);

const lines = fc
  .tuple(text(10), fc.constantFrom("\n", "\r\n", "\t", "'", '"', "''"), text(10))
  .map((parts) => parts.join(""));

const row = fc
  .record({
    transaction_id: text(20),
    product_id: text(20),
    product_name: fc.oneof(
      text(20),
      lines,
      fc.tuple(fc.constantFrom("=", "+", "-", "@", "'", "'=", "''@"), text(9)).map((it) => it.join("")),
    ),
    category: lines,
    quantity: fc.integer({ min: 1, max: 1_000_000_000 }).map(String),
    unit_price: fc
      .tuple(fc.bigInt({ min: 0n, max: 999_999_999_999_999n }), fc.integer({ min: 10, max: 99 }))
      .map((it) => it.join(".")),
    inventory_level: fc.oneof(fc.constant(""), fc.nat().map(String)),
  })
  .map((values) => sample({ ...values, discount: "0" }));

const quoted = (cells: readonly string[], delimiter: string, quote: string): string =>
  cells.map((cell) => `${quote}${cell.replaceAll(quote, quote + quote)}${quote}`).join(delimiter);

type Rows = readonly Readonly<Record<string, string>>[];

const csvFormats = [",", ";", "\t", "|"].flatMap((delimiter) =>
  ['"', "'"].flatMap((quote) =>
    ["\n", "\r\n"].map(
      (end) => (rows: Rows) =>
        [ownColumns, ...rows.map((each) => ownColumns.map((column) => each[column] ?? ""))]
          .map((cells) => quoted(cells, delimiter, quote) + end)
          .join(""),
    ),
  ),
);

const jsonRow = (each: Readonly<Record<string, string>>, space?: number) =>
  JSON.stringify(each, undefined, space)
    .replace(/("quantity":\s*)"(\d+)"/, "$1$2")
    .replace(/("unit_price":\s*)"([\d.]+)"/, "$1$2");

const formats: readonly ((rows: Rows) => string)[] = [
  ...csvFormats,
  (rows) => `[${rows.map((each) => jsonRow(each, 2)).join(",\n")}]`,
  (rows) => JSON.stringify(rows),
  (rows) => rows.map((each) => `${jsonRow(each)}\n`).join(""),
];

function* chunks(bytes: Uint8Array, sizes: readonly number[]): Generator<Uint8Array> {
  for (let at = 0, index = 0; at < bytes.length; index++) {
    const size = sizes[index % sizes.length] ?? 1;
    yield bytes.subarray(at, at + size);
    at += size;
  }
}

/** What is expected of good rows. */
const transactions = (rows: Rows) =>
  rows.map((each, index) => ({
    row: index + 1,
    transactionId: each.transaction_id,
    occurredAt: each.occurred_at,
    productId: each.product_id,
    productName: each.product_name,
    category: each.category,
    currency: each.currency,
    quantity: each.quantity,
    unitPrice: each.unit_price,
    discount: each.discount,
    inventoryLevel: each.inventory_level === "" ? null : each.inventory_level,
  }));

test("rows come back the same from every format, packed or not, in chunks of any size", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(row, { minLength: 1, maxLength: 8 }),
      fc.constantFrom(...formats),
      fc.boolean(),
      fc.boolean(),
      fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 5 }),
      async (rows, format, packed, marked, sizes) => {
        const feed = Buffer.from(`${marked ? "\ufeff" : ""}${format(rows)}`);
        const { accepted, rejected } = await read(chunks(packed ? gzipSync(feed) : feed, sizes));
        assert.deepEqual(rejected, []);
        assert.deepEqual(accepted, transactions(rows));
      },
    ),
    { numRuns: 300 },
  );
});

const rejectedOf = ({ rejected }: Read): string => {
  const { header, line } = rejectedCsv(Object.keys(rejected[0]?.source ?? {}));
  return header + rejected.map(line).join("");
};

test("rejected rows come back as they came, again and again, and corrected as they were meant", async () => {
  const bad = row.map((each) => ({ ...each, currency: "NONE" }));
  await fc.assert(
    fc.asyncProperty(
      fc.array(bad, { minLength: 1, maxLength: 5 }),
      fc.constantFrom(...formats),
      async (rows, format) => {
        const first = await read(format(rows));
        const once = rejectedOf(first);
        const second = await read(once);
        assert.deepEqual(
          second.rejected.map(({ source }) => source),
          first.rejected.map(({ source }) => ({ ...source, seller_id: "" })),
        );
        const withoutLine = (text: string) => text.replaceAll(/ \(line \d+\)/g, "");
        assert.equal(withoutLine(rejectedOf(second)), withoutLine(once));
        const corrected = await read(once.replaceAll(/(?<=,)NONE(?=,)/g, "EUR"));
        assert.deepEqual(corrected, {
          accepted: transactions(rows.map((each) => ({ ...each, currency: "EUR" }))),
          rejected: [],
        });
      },
    ),
    { numRuns: 150 },
  );
});

test("no cell of the rejected rows runs as a formula, and their values stay as they are", async () => {
  const names = ["=1+1", "+1", "-1", "@SUM(A1)", "'=1", "''@x", "'plain", "＝1", '=HYPERLINK("https://x.example";"a")'];
  const rows = names.map((product_name) => sample({ product_name, quantity: "-0" }));
  const first = await read(JSON.stringify(rows));
  const text = rejectedOf(first);
  for (const cell of text.slice(1).split(/\r\n|,/)) assert.doesNotMatch(cell, /^"?[=+\-@\t\r＝]/, cell);
  const { accepted } = await read(text.replaceAll('"\'-0"', "-2"));
  assert.deepEqual(
    accepted.map(({ productName, quantity }) => [productName, quantity]),
    names.map((name) => [name, "-2"]),
  );
});

test("rejectedCsv() says where, what and why first, and has a place for every column", async () => {
  const feed = await read(`${csv(sample({ quantity: "0", currency: "eur" })).trim()},more\n`);
  const { header, line } = rejectedCsv(["transaction_id", "Notes"]);
  assert.equal(
    header,
    "\ufefferror_row,error_fields,error_reasons,error_other,transaction_id,Notes,occurred_at,product_id,product_name," +
      "category,quantity,unit_price,discount,currency,inventory_level,seller_id\r\n",
  );
  assert.equal(
    feed.rejected.map(line).join(""),
    '1 (line 2),row,row has more cells than the header: 11 and not 10,"{""error_cells"":""[\\""more\\""]""}",' +
      "T-1,,2026-03-01T10:00:00Z,P-1,Tea,Drinks,0,12.50,0.50,eur,100,\r\n",
  );
});

test("a column of ours in a feed that is no correction is one that it has", async () => {
  const { rejected } = await read(
    csv(sample({ quantity: "0" }))
      .replace("\n", ",error_code\n")
      .replace(/\n$/, ",E1\n"),
  );
  assert.equal(rejected[0]?.source.error_code, "E1");
});

test("a correction that a spreadsheet saved without quotes keeps the apostrophes that are ours", async () => {
  const feed = csv(sample({ product_name: "'=A'" }));
  const [header, row] = feed.replace("transaction_id", "error_row,transaction_id").split("\n");
  const { accepted } = await read(`${header}\n1,${row}\n`);
  assert.equal(accepted[0]?.productName, "=A'");
});
