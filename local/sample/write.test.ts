import assert from "node:assert/strict";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { DuckDBInstance } from "@duckdb/node-api";
import { tables } from "../../schemas/tables";
import { sampleShop } from "./shop";
import { type SampleFile, writeShop } from "./write";

const shop = sampleShop({ seed: 3, customers: 300, days: 90, increments: 3 });
const directory = mkdtemp(join(tmpdir(), "sample-shop-"));
const written = directory.then((path) => writeShop(shop, path));
after(async () => rm(await directory, { recursive: true }));

test("A file lies under its key and holds as many rows as it says", async () => {
  for (const { key, path, rows } of await written) {
    assert.equal(path, join(await directory, key));
    assert.deepEqual(await ask(`select count(*)::integer as rows from '${path}'`), [{ rows }]);
  }
  assert.equal((await written).length, shop.files.length);
});

test("The columns of a file have the types that its table declares, in its order", async () => {
  for (const { table, path } of await written) {
    const described = await ask(
      `select column_name, lower(column_type) as type from (describe select * from '${path}')`,
    );
    const declared = Object.entries(tables[table].columns).map(([column_name, { type }]) => ({ column_name, type }));
    assert.deepEqual(described, declared);
    const codecs = await ask(`select distinct compression from parquet_metadata('${path}')`);
    assert.deepEqual(codecs, [{ compression: "ZSTD" }]);
  }
});

test("Money, moments and empty values come back as they were", async () => {
  const { path } = await one("raw/payments/full-20261028.parquet");
  const rows = await ask(
    `select payment_id::varchar as id, amount::varchar as amount, epoch_ms(updated_at)::varchar as updated, card_number from '${path}'`,
  );
  const expected = shop.files
    .find(({ key }) => key === "raw/payments/full-20261028.parquet")
    ?.rows.map(({ payment_id, amount, updated_at, card_number }) => ({
      id: payment_id === null ? null : String(payment_id),
      amount: amount === null ? null : (Number(amount) / 100).toFixed(2),
      updated: updated_at === null ? null : String(updated_at),
      card_number,
    }));
  assert.deepEqual(rows, expected);
});

test("The same shop is written in the same bytes", async () => {
  const elsewhere = await mkdtemp(join(tmpdir(), "sample-shop-"));
  try {
    for (const { key, path } of await writeShop(shop, elsewhere)) {
      assert.ok((await readFile(path)).equals(await readFile(join(await directory, key))), key);
    }
  } finally {
    await rm(elsewhere, { recursive: true });
  }
});

async function one(key: string): Promise<SampleFile> {
  const file = (await written).find((candidate) => candidate.key === key);
  assert.ok(file, key);
  return file;
}

async function ask(sql: string) {
  const instance = await DuckDBInstance.create();
  const connection = await instance.connect();
  try {
    return (await connection.runAndReadAll(sql)).getRowObjectsJS();
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
}
