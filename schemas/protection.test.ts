import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import { before, test } from "node:test";
import { type DuckDBConnection, DuckDBInstance } from "@duckdb/node-api";
import { protectionMacros } from "./protection";

let db: DuckDBConnection;

before(async () => {
  db = await (await DuckDBInstance.create()).connect();
  for (const statement of protectionMacros("a key for tests")) await db.run(statement);
});

const call = async (macro: string, value: string | null) =>
  (await db.runAndReadAll(`SELECT ${macro}($1::VARCHAR) AS it`, [value])).getRows()[0]?.[0];

const masked = (text: string) => call("masked_text", text);

const cards = [
  "4111111111111111",
  "5555555555554444",
  "378282246310005",
  "371449635398431",
  "6011111111111117",
  "3530111333300000",
  "30569309025904",
  "38520000023237",
  "2223003122003222",
  "6200000000000005",
  "4222222222222",
  "5019717010103742",
  "122000000000003",
];

test("masked_text() keeps the last four digits of every card number", async () => {
  for (const card of cards) {
    const hidden = `${"*".repeat(card.length - 4)}${card.slice(-4)}`;
    assert.equal(await masked(`pay with ${card}, please`), `pay with ${hidden}, please`, card);
  }
});

test("masked_text() finds a card number however it is grouped and whatever stands beside it", async () => {
  const hidden = "************1111";
  for (const [text, expected] of [
    ["4111 1111 1111 1111", hidden],
    ["4111-1111-1111-1111", hidden],
    ["card:4111111111111111.", `card:${hidden}.`],
    ["4111 1111 1111 1111 2024", `${hidden} 2024`],
    ["12 4111 1111 1111 1111", `12 ${hidden}`],
    ["4111111111111111 und 5555-5555-5555-4444", `${hidden} und ************4444`],
    ["4111111111111111, 4111111111111111", `${hidden}, ${hidden}`],
    ["Karte4111111111111111ü", `Karte${hidden}ü`],
  ] as const) {
    assert.equal(await masked(text), expected);
  }
});

test("masked_text() masks every digit of what is too long to be searched", async () => {
  const run = "1 ".repeat(100);
  assert.equal(await masked(`a ${run}4111 1111 1111 1111 z`), `a ${"*".repeat(112)}1111 z`);
  const text = "room 12, ".repeat(5_000);
  assert.equal(await masked(`${text}4111 1111 1111 1111`), `${text.replaceAll("12", "**")}**** **** **** ****`);
});

test("masked_text() leaves what only looks like a card number", async () => {
  for (const text of [
    "4012-8888-8888-1882", // fails Luhn
    "36168002586008", // fails Luhn
    "1748503543012", // a time in milliseconds that passes Luhn: 13 digits, but not a 4 in front
    "0000000000000000", // passes Luhn
    "41111111111111112024", // 20 digits
    "4111  1111  1111  1111", // two spaces between groups
    "order 1234567",
    "",
    "no digits at all",
  ]) {
    assert.equal(await masked(text), text);
  }
  assert.equal(await call("masked_text", null), null);
});

test("masked_text() masks social security numbers that can have been issued, and no others", async () => {
  assert.equal(await masked("ssn 078-05-1120!"), "ssn ***-**-1120!");
  for (const text of ["000-12-3456", "666-12-3456", "900-12-3456", "123-00-4567", "123-45-0000", "2123-45-67890"]) {
    assert.equal(await masked(text), text);
  }
});

test("card_token() is HMAC-SHA256 of the bare digits", async () => {
  const expected = createHmac("sha256", "a key for tests").update("4111111111111111").digest("hex");
  assert.equal(await call("card_token", "4111 1111-1111 1111"), expected);
  assert.equal(await call("card_token", null), null);
});

test("card_token() follows RFC 2104 for a key longer than a block", async () => {
  const key = "k".repeat(100);
  const other = await (await DuckDBInstance.create()).connect();
  for (const statement of protectionMacros(key)) await other.run(statement);
  const rows = (await other.runAndReadAll("SELECT card_token('4222222222222')")).getRows();
  assert.deepEqual(rows, [[createHmac("sha256", key).update("4222222222222").digest("hex")]]);
});

test("masked_email() keeps the first character and the domain", async () => {
  assert.equal(await call("masked_email", "jane.doe@example.com"), "j***@example.com");
  assert.equal(await call("masked_email", '"a@b"@example.com'), '"***@example.com');
  assert.equal(await call("masked_email", null), null);
});
