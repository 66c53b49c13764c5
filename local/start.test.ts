// npm start as its user sees it: the words that go in, what is printed, the exit code.

import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { temporaryDirectory } from "./temporary-directory";

interface Run {
  readonly code: number | string | null;
  readonly stdout: string;
  readonly stderr: string;
}

const start = (...words: string[]): Promise<Run> =>
  new Promise((ended) => {
    execFile(process.execPath, ["--import", "tsx", "local/start.ts", ...words], (error, stdout, stderr) =>
      ended({ code: error?.code ?? 0, stdout, stderr }),
    );
  });

test("npm start puts a shop through, and as JSON says what came of it", async () => {
  const data = temporaryDirectory();
  const words = ["--exit", "--json", "--customers", "30", "--data", data];
  const { code, stdout, stderr } = await start(...words);
  assert.equal(code, 0, stderr);
  const { tables, rejected, deadLetters, market, analytics, picture } = JSON.parse(stdout);
  const names = tables.map(({ table }: { table: string }) => table);
  assert.deepEqual(names, ["customers", "order_items", "orders", "payments", "products", "search_queries"]);
  for (const { table, rowsIn, rowsOut, duplicates, quarantined } of tables) {
    assert.ok(rowsIn > 0 && rowsIn === rowsOut + duplicates + quarantined, table);
  }
  assert.deepEqual([rejected, deadLetters], [[], []]);
  assert.equal(analytics.currency, "EUR");
  assert.ok(analytics.categories.length > 3);
  assert.match(readFileSync(picture, "utf8"), /^<svg /);
  assert.deepEqual(
    market.uploads.map(({ outcome }: { outcome: string }) => outcome),
    ["processed_with_rejects", "processed", "processed"],
  );
  for (const { rowsIn, rowsAccepted, rowsDuplicate, rowsRejected } of market.uploads) {
    assert.ok(rowsIn > 0 && rowsIn === rowsAccepted + rowsDuplicate + rowsRejected);
  }
  assert.equal(market.error.rowsRejected, market.corrections.length);
  assert.equal(market.resolved, true);
  assert.ok(transactions(market.after) === transactions(market.before) + market.corrections.length);
  assert.deepEqual([market.answer.model.provider, market.answer.rows.length], ["offline", market.after.length]);
  assert.equal(existsSync(join(data, "lock")), false);
  assert.equal(existsSync(join(data, "operator.env")), false);

  const again = JSON.parse((await start(...words)).stdout);
  const sum = (rows: Record<string, number>[], key: string) => rows.reduce((total, row) => total + (row[key] ?? 0), 0);
  assert.equal(sum(again.tables, "rowsOut"), 0, "what was put before is there already");
  assert.deepEqual(again.analytics, analytics, "and what is made of it");
  assert.deepEqual(again.market.before, market.after, "and the sellers' feeds count once");
});

const transactions = (groups: readonly { transactions: number }[]): number =>
  groups.reduce((total, group) => total + group.transactions, 0);

test("npm start shows a person the tables, two rows before and after, sales, forecast and trends, and the way on", async () => {
  const { code, stdout, stderr } = await start("--exit", "--customers", "300");
  assert.equal(code, 0, stderr);
  const directory = /(\S+)\/journal\.ndjson/.exec(stdout)?.[1] ?? "";
  try {
    for (const expected of [
      /customers +\d+ /,
      /The generator spoiled (\d+) rows; quarantine holds (\1|\d+, \d+ of them twice)\./,
      /Sales of the last four weeks, from Athena \(EUR, net\)/,
      /Kitchen +[\d,]+ +\d+ +[+-]?[\d.]+ % +[▁▂▃▄▅▆▇█]+/,
      /everything +[\d,]+ +[a-z-]+.* +\d\.\d\d +\d\.\d\d/,
      /Trends beyond chance/,
      /forecast, drawn +\S+forecast\.svg/,
      /One row of payments, before and after/,
      /card_number +\d{13,19} +card_last4 +\d{4}/,
      /card_cvv +\d+ +not kept/,
      /One row of customers, before and after/,
      /acme +sales\.csv +423 +418 +0 +5 +processed with rejects/,
      /What a seller sees, by category/,
      /unit_price "[\d,]+": must have a point before its decimals.*\n +corrected to "[\d.]+" and sent again/,
      /the error is resolved\n +mail to sales@acme\.example: processed: sales\.csv/,
      /revenue by category\? \(POST \/api\/queries, offline model\)/,
      /export API=http:\/\/127\.0\.0\.1:\d+ TOKEN=\S+\ncurl .*\$API\/api\/transactions\/summary/,
      /your own files +npm start -- --input DIR/,
    ]) {
      assert.match(stdout, expected);
    }
    assert.ok(existsSync(join(directory, "s3")), "the files are there to be looked at");
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
});

test("npm start takes the user's files, and prints nothing of what is sensitive in them", async () => {
  const [input, data] = [temporaryDirectory(), temporaryDirectory()];
  mkdirSync(join(input, "orders"));
  writeFileSync(join(input, "orders", "a.parquet"), "no Parquet");
  const { code, stdout } = await start("--input", input, "--data", data, "--exit");
  assert.equal(code, 0);
  assert.match(stdout, /NotParquet +Cannot curate "raw\/orders\/a\.parquet": it does not begin with PAR1/);
});

test("npm start refuses what it does not understand, with a sentence and exit code 2", async () => {
  const empty = temporaryDirectory();
  const held = temporaryDirectory();
  writeFileSync(join(held, "lock"), String(process.pid));
  for (const [words, says] of [
    [["--bogus"], /Unknown option '--bogus'/],
    [["--port", "http"], /Cannot take --port "http": it must be a whole number/],
    [["--input", join(empty, "missing")], /it is no directory/],
    [["--data", held, "--exit"], new RegExp(`process ${process.pid} is using it`)],
  ] as const) {
    const { code, stderr, stdout } = await start(...words);
    assert.deepEqual([code, stdout], [2, ""], stderr);
    assert.match(stderr, says);
    assert.doesNotMatch(stderr, /^ +at /m, "no stack trace");
  }
});
