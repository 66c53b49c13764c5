import assert from "node:assert/strict";
import { Readable } from "node:stream";
import { test } from "node:test";
import { gzipSync } from "node:zlib";
import { ownColumns } from "../../../schemas/feed";
import { csv, now, read, refusal, sample, told } from "./feed-samples";
import { readFeed } from "./read-feed";

const transaction = {
  row: 1,
  transactionId: "T-1",
  occurredAt: "2026-03-01T10:00:00Z",
  productId: "P-1",
  productName: "Tea",
  category: "Drinks",
  currency: "EUR",
  quantity: "3",
  unitPrice: "12.50",
  discount: "0.50",
  inventoryLevel: "100",
};

test("readFeed() reads CSV, a JSON array and NDJSON, each also as gzip and with a byte order mark", async () => {
  const formats = [
    csv(sample()),
    JSON.stringify([sample()]),
    `${JSON.stringify(sample())}\n`,
    JSON.stringify(sample()),
  ];
  for (const format of formats) {
    for (const text of [format, `\ufeff${format}`, `\n \n${format}\n\n`]) {
      for (const bytes of [
        Buffer.from(text),
        gzipSync(text),
        Buffer.concat([gzipSync(text.slice(0, 9)), gzipSync(text.slice(9))]),
      ]) {
        assert.deepEqual(await read(bytes), { accepted: [transaction], rejected: [] }, text);
      }
    }
  }
});

test("readFeed() finds delimiter and quote by the header", async () => {
  for (const delimiter of [",", ";", "\t", "|"]) {
    for (const quote of ['"', "'"]) {
      const quoted = (cells: readonly string[]) => cells.map((cell) => `${quote}${cell}${quote}`).join(delimiter);
      const name = `a${delimiter}b\r\nc${quote}${quote}d`;
      const cells = ownColumns.map((column) => sample({ product_name: name })[column] ?? "");
      const expected = { ...transaction, productName: `a${delimiter}b\r\nc${quote}d` };
      for (const header of [quoted(ownColumns), ownColumns.join(delimiter)]) {
        const { accepted, rejected } = await read(`${header}\r\n${quoted(cells)}\r\n`);
        assert.deepEqual(rejected, []);
        assert.deepEqual(accepted, [expected], `${delimiter} ${quote}`);
      }
    }
  }
});

test("readFeed() takes an apostrophe for a quote only where another one closes the cell", async () => {
  const { accepted } = await read(csv(sample({ product_name: "'tis" }), sample({ product_name: "rock 'n' roll'" })));
  assert.deepEqual(
    accepted.map(({ productName }) => productName),
    ["'tis", "rock 'n' roll'"],
  );
});

test("readFeed() knows columns by their words, keeps unknown ones and needs no optional ones", async () => {
  const header = "Transaction ID; OCCURRED-AT ;Product_Id;product name;Category;Quantity;Unit Price;Currency;Notes;";
  const row = "T-1;2026-03-01;P-1;Tea;Drinks;3;12.50;EUR;fine;";
  const { accepted, rejected } = await read(`${header}\n${row}\n${row.replace("EUR", "eur")}`);
  const { occurredAt, discount, inventoryLevel } = accepted[0] ?? {};
  assert.deepEqual([occurredAt, discount, inventoryLevel], ["2026-03-01T00:00:00Z", "0", null]);
  assert.deepEqual(rejected[0]?.source, {
    "Transaction ID": "T-1",
    "OCCURRED-AT": "2026-03-01",
    Product_Id: "P-1",
    "product name": "Tea",
    Category: "Drinks",
    Quantity: "3",
    "Unit Price": "12.50",
    Currency: "eur",
    Notes: "fine",
    "(column 10)": "",
  });
});

test("a rejected row tells its row, its line, everything that is wrong with it, and how it came", async () => {
  const bad = sample({ quantity: "0", unit_price: "1,5", discount: "" });
  const quoted = { ...bad, unit_price: '"1,5"', product_name: '"two\r\nlines"' };
  const { rejected } = await read(
    csv(sample(), quoted, {}, bad).replace("\n,,,,,,,,,\n", "\n\n,,,,,,,,,\n").replace(",1,5,", ',"1,5",'),
  );
  assert.deepEqual(
    rejected.map(({ row, line }) => [row, line]),
    [
      [2, 3],
      [3, 7],
    ],
  );
  assert.deepEqual(rejected[0]?.problems, [
    { field: "quantity", reason: "must not be 0", found: "0" },
    {
      field: "unit_price",
      reason: "must have a point before its decimals and nothing between thousands: write 1.5",
      found: "1,5",
    },
  ]);
  assert.deepEqual(rejected[0]?.source, { ...bad, product_name: "two\r\nlines" });
});

test("a row with too many or too few cells is rejected alone", async () => {
  const [header, good] = csv(sample()).split("\n");
  const feed = await read([header, `${good},x,y`, good?.slice(0, -4), good].join("\n"));
  assert.equal(feed.accepted.length, 1);
  assert.deepEqual(told(feed), [
    "1 row has more cells than the header: 12 and not 10",
    "2 row has fewer cells than the header: 9 and not 10",
  ]);
  assert.deepEqual(feed.rejected[0]?.source, { ...sample(), error_cells: '["x","y"]' });
});

test("a quote in the wrong place is a sign like others", async () => {
  const { accepted } = await read(csv(sample({ product_name: '27" screen' })));
  assert.equal(accepted[0]?.productName, '27" screen');
});

test("line ends may be CRLF, LF and CR, also in one feed", async () => {
  const text = csv(sample(), sample(), sample());
  let breaks = 0;
  const mixed = text.replaceAll("\n", () => ["\r\n", "\n", "\r"][breaks++ % 3] ?? "");
  for (const feed of [text, text.replaceAll("\n", "\r\n"), text.replaceAll("\n", "\r"), mixed]) {
    assert.equal((await read(feed)).accepted.length, 3, JSON.stringify(feed));
  }
});

test("a header without rows is a feed without rows", async () => {
  for (const feed of [csv(), csv().trim(), "[]", " [ ] \n"]) {
    assert.deepEqual(await read(feed), { accepted: [], rejected: [] });
  }
});

test("numbers of JSON keep every digit, and need not be texts", async () => {
  const { quantity, unit_price, discount, inventory_level, ...texts } = sample();
  const rest = JSON.stringify(texts).slice(0, -1);
  const samples: readonly [string, string, string][] = [
    ["3", "12.50", "12.50"],
    ["3.0", "999999999999999.99", "999999999999999.99"],
    ["1e3", "12.5000", "12.50"],
    ["-2", "1.5e1", "15"],
    ['"3"', "25E-1", "2.5"],
    ["3", "1000", "1000"],
  ];
  for (const [pieces, price, expected] of samples) {
    const row = `${rest},"quantity":${pieces},"unit_price":${price},"discount":null}`;
    for (const feed of [`[${row}]`, row]) {
      const { accepted, rejected } = await read(feed);
      assert.deepEqual(rejected, [], row);
      assert.equal(accepted[0]?.unitPrice, expected, row);
    }
  }
  const [digits] = (await read(`[${rest},"quantity":12345678901234567890,"unit_price":0.30000000000000004}]`)).rejected;
  assert.deepEqual(
    digits?.problems.map(({ found }) => found),
    ["12345678901234567890", "0.30000000000000004"],
  );
  assert.deepEqual(digits?.source.quantity, "12345678901234567890");
  assert.match(told(await read(`[${rest},"quantity":"1e3","unit_price":1e99}]`)).join(), /exponent.*exponent/);
});

test("a value of JSON that is no text or number rejects its row", async () => {
  const samples: readonly [object, string][] = [
    [{ quantity: { pieces: 3 } }, "quantity must be a text or a number"],
    [{ quantity: [3] }, "quantity must be a text or a number"],
    [{ quantity: true }, "quantity must be a text or a number"],
    [{ quantity: null }, "quantity is missing"],
    [{ notes: { a: 1 } }, "notes must be a text or a number, not an object or an array"],
    [{ notes: "x".repeat(1_001) }, "notes must have at most 1000 characters: it has 1001"],
    [{ Quantity: 4 }, "quantity is there more than once"],
    [{ product_name: "\ud800" }, "product_name must be Unicode: it holds half of a surrogate pair"],
    [{ product_name: "a\u0000" }, "product_name must not hold control characters"],
    [Object.fromEntries(Array.from({ length: 200 }, (_, index) => [`c${index}`, ""])), "row has more than 200 names"],
  ];
  for (const [values, reason] of samples) {
    const row = JSON.stringify({ ...sample(), ...values });
    assert.deepEqual(told(await read(`[${row}]`)), [`1 ${reason}`]);
    assert.deepEqual(told(await read(row)), [`1 ${reason}`]);
  }
  const twice = JSON.stringify(sample()).replace("{", '{"quantity":4,');
  assert.deepEqual(told(await read(`[${twice}]`)), ["1 row has a name more than once"]);
  assert.equal(
    Object.keys(
      (await read(`[${JSON.stringify(sample()).replace("{", '{"__proto__":"x","quantity":0,')}]`)).rejected[0]
        ?.source ?? {},
    )[0],
    "__proto__",
  );
});

test("a line or an element that is no object is rejected alone", async () => {
  const good = JSON.stringify(sample());
  const lines = [
    good,
    "42",
    "nonsense",
    "[1]",
    `${good}${good}`,
    good.slice(0, -1),
    `${good},`,
    '"text"',
    "",
    good,
    good.slice(0, 20),
  ];
  const feed = await read(lines.join("\r\n"));
  assert.deepEqual(
    feed.accepted.map(({ row }) => row),
    [1, 9],
  );
  assert.deepEqual(
    feed.rejected.map(({ row, line }) => [row, line]),
    [2, 3, 4, 5, 6, 7, 8].map((row) => [row, row]).concat([[10, 11]]),
  );
  assert.deepEqual(feed.rejected[0]?.source, { error_line: "42" });
  assert.deepEqual(told(await read(`[${good}, 42, ${good}]`)), ["2 row must be an object of JSON"]);
});

test("JSON that is nested without end is no row, and in an array nothing behind it is found", async () => {
  const deep = `{"a":${"[".repeat(200_000)}${"]".repeat(200_000)}}`;
  const good = JSON.stringify(sample());
  assert.equal((await refusal(`[${good},${deep},${good}]`)).code, "BrokenJson");
  assert.equal((await read(`${good}\n${deep}\n${good}`)).accepted.length, 2);
});

test("a feed that cannot be read as a whole is refused with a code and what was found", async () => {
  const good = csv(sample());
  const json = JSON.stringify([sample()]);
  const latin1 = Buffer.from(csv(sample({ product_name: "Café" })), "latin1");
  const nul = csv(sample({ product_name: "a\u0000b" }));
  const utf16 = Buffer.from(good, "utf16le");
  const samples: readonly [string | Buffer, string, RegExp][] = [
    ["", "Empty", /^Cannot read feed "feed.csv": it is empty$/],
    [" \r\n\t\n", "Empty", /it is empty/],
    [gzipSync(""), "Empty", /it is empty/],
    [latin1, "NotUtf8", new RegExp(`byte ${latin1.indexOf(0xe9)} \\(0xe9\\) is no UTF-8`)],
    [Buffer.from(`${good}é`).subarray(0, -1), "NotUtf8", new RegExp(`byte ${good.length} \\(0xc3\\)`)],
    [Buffer.concat([Buffer.from([0xff, 0xfe]), utf16]), "NotUtf8", /UTF-16 \(little endian\)/],
    [Buffer.concat([Buffer.from([0xfe, 0xff]), utf16.swap16()]), "NotUtf8", /UTF-16 \(big endian\)/],
    [Buffer.from(good, "utf16le"), "NotText", /byte 1 is NUL/],
    [nul, "NotText", new RegExp(`byte ${nul.indexOf("\u0000")} is NUL`)],
    [Buffer.from("PK\u0003\u0004 and more"), "NotText", /Excel workbook/],
    [gzipSync(good).subarray(0, -6), "BrokenGzip", /cut off/],
    [Buffer.concat([gzipSync(good), Buffer.from("more")]), "BrokenGzip", /broken/],
    [Buffer.concat([Buffer.from([0x1f, 0x8b]), Buffer.from("no gzip")]), "BrokenGzip", /broken/],
    [gzipSync(gzipSync(good)), "NestedGzip", /compress it once/],
    [
      "transaction_id,quantity\nT-1,3\n",
      "NoHeader",
      /has no occurred_at, product_id,.*its first line is "transaction_id,quantity"/,
    ],
    [good.slice(good.indexOf("\n") + 1), "NoHeader", /its first line is "T-1,/],
    [good.replace("currency", "Währung"), "NoHeader", /has no currency: /],
    ["42", "NoHeader", /first line is "42"/],
    [good.replace("inventory_level", "Transaction ID"), "DuplicateColumn", /"transaction_id" and "Transaction ID"/],
    [good.replace("inventory_level", "a,A"), "DuplicateColumn", /"a" and "A"/],
    [`${good.trim()}\n${good.split("\n")[1]?.replace("Tea", '"Tea')}\n${good}`, "UnclosedQuote", /line 3 /],
    [`${good.replace("Tea", '"Tea')}${good.repeat(10_000)}`, "UnclosedQuote", /line 2 /],
    ['{"rows":[]}', "NotAnArray", /an object of JSON/],
    ['{\n "rows": [\n', "NotAnArray", /an object of JSON/],
    ["[1, 2]", "NotAnArray", /does not hold objects/],
    [`[${json}]`, "NotAnArray", /does not hold objects/],
    [json.slice(0, -1), "BrokenJson", /before its array does/],
    [`${json} ${json}`, "BrokenJson", /from line 1, byte \d+ on/],
    [`[${JSON.stringify(sample())},\n,]`, "BrokenJson", /from line 2, byte \d+ on/],
    [json.replace('"Tea"', "Tea"), "BrokenJson", new RegExp(`from line 1, byte ${json.indexOf('"Tea"')} on`)],
    [json.replace('"3"', "NaN"), "BrokenJson", /from line 1/],
    [json.replace("Tea", "T\nea"), "BrokenJson", /from line 1/],
  ];
  for (const [feed, code, message] of samples) {
    const error = await refusal(feed).catch((other) => assert.fail(`${code} ${message}: ${other}`));
    assert.equal(error.code, code, error.message);
    assert.match(error.message, message);
  }
});

test("an error of the source comes out as it is", async () => {
  const broken = new Error("connection reset");
  for (const begin of [Buffer.from(csv(sample())), gzipSync(csv(sample()))]) {
    const bytes = Readable.from(
      (async function* () {
        yield begin;
        throw broken;
      })(),
    );
    const reading = async () => {
      for await (const _ of readFeed(bytes, { fileName: "feed.csv", seller: "acme", now }));
    };
    await assert.rejects(reading, broken);
  }
});

test("readFeed() gives batches of 5,000 rows, and smaller ones of long rejected rows", async () => {
  const sizes = async (row: Record<string, string>, count: number) => {
    const bytes = Readable.from([csv(...Array.from({ length: count }, () => row))], { objectMode: false });
    const found: number[] = [];
    for await (const { rowsIn } of readFeed(bytes, { fileName: "feed.csv", seller: "acme", now })) found.push(rowsIn);
    return found;
  };
  assert.deepEqual(await sizes(sample(), 10_001), [5_000, 5_000, 1]);
  assert.deepEqual(await sizes(sample({ product_name: "x".repeat(1_000_000) }), 11), [5, 5, 1]);
});
