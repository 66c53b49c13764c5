// export-tables on MySQL: the server of MYSQL_URL, in databases of its own that go again. .ci/run starts one.

import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { before, type TestContext, test } from "node:test";
import { createConnection } from "mysql2/promise";
import type { Evaluation } from "../stage/evaluation/evaluate";
import { exportCases } from "./export-cases";
import { createTables, insert, openExport, type ShopDatabase } from "./export-fixture";
import { evaluated, order } from "./lake-fixture";

const { MYSQL_URL } = process.env;
const skip = MYSQL_URL ? false : "there is no MySQL here: give MYSQL_URL=mysql://user:password@host:port/";

let program: Evaluation;
before(async () => {
  if (!skip) program = await evaluated("dev");
});

exportCases({ name: "MySQL", program: () => program, text: "longtext", skip, open });

async function open(t: Pick<TestContext, "after">): Promise<ShopDatabase> {
  const url = new URL(MYSQL_URL ?? "");
  const database = `tributary_${randomBytes(6).toString("hex")}`;
  const connection = await createConnection(url.href);
  await connection.query(`CREATE DATABASE ${database} CHARACTER SET utf8mb4`);
  await connection.query(`USE ${database}`);
  await connection.query("SET SESSION sql_mode = 'ANSI_QUOTES,NO_BACKSLASH_ESCAPES', SESSION time_zone = '+00:00'");
  t.after(async () => {
    await connection.query(`DROP DATABASE ${database}`);
    await connection.end();
  });
  url.pathname = database;
  return {
    url: url.href,
    async run(sql) {
      await connection.query(sql);
    },
    typeOf: ({ type }) => ({ varchar: "longtext", timestamp: "datetime(6)" })[type as string] ?? type,
  };
}

const mysql = (says: string, run: (t: TestContext) => Promise<void>) => test(`MySQL: ${says}`, { skip }, run);

mysql(
  "a number's width, a bit and a tinyint arrive as what they stand for, and a date of zeros in quarantine",
  async (t) => {
    const shop = await open(t);
    const own = {
      "orders.order_id": "int(6) unsigned zerofill",
      "orders.total": "double",
      "customers.marketing_consent": "bit(1)",
      "orders.updated_at": "timestamp(3) NULL",
    };
    await createTables(shop, own);
    await shop.run("SET SESSION time_zone = '+05:00'");
    await insert(shop, "orders", [
      order({ order_id: 1, updated_at: "2026-05-01 10:00:00.123", total: 0.1 }),
      order({ order_id: 2, created_at: "0000-00-00 00:00:00" }),
      order({ order_id: 3, updated_at: "0000-00-00 00:00:00" }),
      order({ order_id: 4, created_at: "2026-00-15 00:00:00", total: 1e300 }),
    ] as never);
    const customer = { full_name: "A", email: "a@b.de", country: "DE", region: "X", created_at: "2026-05-01 10:00:00" };
    await insert(shop, "customers", [
      { customer_id: 1, ...customer, updated_at: "2026-05-01 10:00:00", marketing_consent: true },
      { customer_id: 2, ...customer, updated_at: "2026-05-01 10:00:00", marketing_consent: false },
    ]);
    const { run, raw } = await openExport(t, program, shop.url);

    const [customers, , orders] = (await run()).tables;

    assert.equal(customers?.outcome, "exported");
    assert.deepEqual(
      (await raw("customers")).map((row) => row.marketing_consent),
      ["true", "false"],
    );
    assert.deepEqual(
      (await raw("orders")).map(({ order_id, total, updated_at }) => [order_id, total, updated_at]),
      [["1", "0.10", "2026-05-01 05:00:00.123"]],
    );
    assert.ok(orders?.outcome === "exported");
    assert.deepEqual([orders.rows, orders.undated, orders.quarantined], [4, 1, 3]);
  },
);

mysql("a transaction that is open while others are exported is exported when it is committed", async (t) => {
  const shop = await open(t);
  await createTables(shop);
  const slow = await createConnection(shop.url);
  t.after(() => slow.end());
  await slow.query("START TRANSACTION");
  await slow.query("INSERT INTO orders (order_id, customer_id, updated_at) VALUES (1, 1, '2026-05-01 09:59:59')");
  await insert(shop, "orders", [order({ order_id: 2 })] as never);
  const { run, raw } = await openExport(t, program, shop.url);

  await run();
  assert.deepEqual(
    (await raw("orders")).map(({ order_id }) => order_id),
    ["2"],
  );
  await slow.query("COMMIT");
  await run();

  assert.deepEqual([...new Set((await raw("orders")).map(({ order_id }) => order_id))], ["1", "2"]);
});
