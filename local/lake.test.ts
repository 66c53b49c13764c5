// The lake on the embedded AWS: what comes out of good files, in whatever order and however often they come.

import assert from "node:assert/strict";
import { before, test } from "node:test";
import type { Evaluation } from "../stage/evaluation/evaluate";
import {
  cardIn,
  cards,
  curation,
  evaluated,
  objectEvent,
  openLake,
  order,
  parquet,
  payment,
  query,
  rowsOf,
} from "./lake-fixture";

let program: Evaluation;
before(async () => {
  program = curation(await evaluated("dev"));
});

test("a raw file ends as protected partitions, and every row knows the row that it came from", async (t) => {
  const lake = await openLake(t, program);
  const { raw, curated, quarantine } = lake.buckets;
  const key = "raw/payments/2026-05.parquet";
  const rows = [
    payment({ payment_id: 1, card_number: cards.visa }),
    payment({ payment_id: 2, card_number: cards.visa.replaceAll(" ", ""), created_at: "2026-05-02 23:59:59.999" }),
    payment({ payment_id: 3, card_number: null, card_cvv: null, method: "paypal" }),
    payment({ payment_id: 1, card_number: cards.master, updated_at: "2026-05-03 00:00:00" }),
    payment({ payment_id: 4, card_number: cards.amex, currency: "euro" }),
    payment({ payment_id: 5, card_number: cards.visa.replaceAll(" ", "-") }),
  ];

  const version = await lake.put(key, await parquet(rowsOf("payments", rows)));
  await lake.cloud.idle();

  assert.deepEqual(await lake.keys(curated), [
    "curated/payments/dt=2026-05-01/payments.parquet",
    "curated/payments/dt=2026-05-02/payments.parquet",
  ]);
  const found = await lake.curated("payments");
  assert.deepEqual(
    found.map(({ payment_id, card_last4, source_row }) => [payment_id, card_last4, source_row]),
    [
      ["1", "4444", "4"],
      ["2", "1111", "2"],
      ["3", null, "3"],
      ["5", "1111", "6"],
    ],
  );
  // Equal cards have equal tokens however they are written, and different cards different ones.
  const [master, visa, none, same] = found.map(({ card_token }) => card_token);
  assert.match(String(visa), /^[0-9a-f]{64}$/);
  assert.deepEqual([none, same === visa, master === visa], [null, true, false]);
  assert.equal(
    found.some((row) => "card_number" in row || "card_cvv" in row),
    false,
  );
  assert.equal(cardIn(JSON.stringify(found)), undefined);

  // The way back: the object version, and the row in it.
  assert.deepEqual(
    new Set(found.map((row) => `${row.source_file} ${row.source_version}`)),
    new Set([`${key} ${version}`]),
  );
  assert.deepEqual(await lake.read(raw, key, version), await parquet(rowsOf("payments", rows)));
  assert.equal(rows[Number(found[0]?.source_row) - 1]?.updated_at, "2026-05-03 00:00:00");

  const [audit, ...more] = await lake.audits();
  assert.equal(more.length, 0);
  const { object, versionAndStage, outcome, table, rowsIn, rowsOut, duplicates, quarantined, outputs } = audit ?? {};
  assert.deepEqual(
    { object, versionAndStage, outcome, table, rowsIn, rowsOut, duplicates, quarantined, outputs },
    {
      object: `${raw}/${key}`,
      versionAndStage: `${version}#raw-to-curated`,
      outcome: "curated",
      table: "payments",
      rowsIn: 6,
      rowsOut: 4,
      duplicates: 1,
      quarantined: 1,
      outputs: [`${quarantine}/rows/${key}/${version}.ndjson`, `${curated}/curated/payments/`],
    },
  );
});

test("a bad row lies in quarantine with its place and reasons, everything in it masked", async (t) => {
  const lake = await openLake(t, program);
  const key = "raw/payments/dirty.parquet";
  const rows = [
    payment({ payment_id: 1 }),
    payment({ payment_id: 2, method: cards.amex, currency: "euro", country: null }),
    payment({ payment_id: -3, card_number: `card ${cards.master}` }),
    payment({ payment_id: 4, created_at: "1970-01-01 00:00:00" }),
  ];

  const version = await lake.put(key, await parquet(rowsOf("payments", rows)));
  await lake.cloud.idle();

  assert.deepEqual(
    (await lake.curated("payments")).map(({ payment_id }) => payment_id),
    ["1"],
  );
  const text = (await lake.read(lake.buckets.quarantine, `rows/${key}/${version}.ndjson`)).toString();
  assert.equal(cardIn(text), undefined);
  assert.doesNotMatch(text, /917/);
  const lines = text
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line));
  assert.deepEqual(
    lines.map(({ file, row, problems }) => [file, row, problems.map(({ field }: { field: string }) => field)]),
    [
      [key, 2, ["method", "currency", "country"]],
      [key, 3, ["payment_id", "card_number"]],
      [key, 4, ["created_at"]],
    ],
  );
  assert.deepEqual(lines[0].problems[1], { field: "currency", reason: "does not match [A-Z]{3}", value: "euro" });
});

test("the same files give the same tables in order, in reverse, twice and together", async (t) => {
  const at = (second: number) => `2026-05-01 12:00:0${second}`;
  const bodies = [
    [order({ order_id: 1, status: "placed" }), order({ order_id: 2, updated_at: at(3), status: "shipped" })],
    [order({ order_id: 1, updated_at: at(1), status: "paid" }), order({ order_id: 2, updated_at: at(1) })],
    // As new as the last one, and other: the greater by content wins, wherever they meet.
    [order({ order_id: 1, updated_at: at(1), status: "cancelled", region: "Bremen" }), order({ order_id: 3 })],
    [
      order({ order_id: 3, created_at: "2026-05-01 23:00:00" }),
      order({ order_id: 4, created_at: "2026-05-02 00:00:00" }),
    ],
  ].map((rows) => parquet(rowsOf("orders", rows)));
  const files = (await Promise.all(bodies)).map((body, index) => ({ key: `raw/orders/${index}.parquet`, body }));
  const table = async (...takes: [files: typeof files, oneByOne: boolean][]) => {
    const lake = await openLake(t, program);
    for (const [some, oneByOne] of takes) await lake.take(some, { oneByOne });
    const rows = await lake.curated("orders");
    await lake.end();
    // A version id is drawn, and so another one in each lake.
    return rows.map(({ source_version, ...row }) => row);
  };

  const inOrder = await table([files, true]);
  assert.deepEqual(
    inOrder.map(({ order_id, status, source_file }) => [order_id, status, source_file]),
    [
      ["1", "paid", "raw/orders/1.parquet"],
      ["2", "shipped", "raw/orders/0.parquet"],
      ["3", "paid", "raw/orders/3.parquet"],
      ["4", "paid", "raw/orders/3.parquet"],
    ],
  );
  assert.deepEqual(await table([files.toReversed(), true]), inOrder);
  assert.deepEqual(await table([files, false], [files, false]), inOrder);
});

test("twenty files of one table with the same keys at once lose nothing", async (t) => {
  const lake = await openLake(t, program);
  const files = await Promise.all(
    Array.from({ length: 20 }, async (_, file) => {
      // Every key is newest in one file: key 1 in file 1, key 2 in file 2.
      const rows = Array.from({ length: 40 }, (_, key) =>
        order({
          order_id: key + 1,
          created_at: `2026-05-0${(key % 2) + 1} 00:00:00`,
          updated_at: key % 20 === file ? "2026-06-02 00:00:00" : `2026-06-01 00:00:${10 + file}`,
        }),
      );
      return { key: `raw/orders/${10 + file}.parquet`, body: await parquet(rowsOf("orders", rows)) };
    }),
  );

  await lake.take(files);

  assert.deepEqual(
    (await lake.curated("orders")).map(({ order_id, source_file }) => [order_id, source_file]),
    Array.from({ length: 40 }, (_, key) => [String(key + 1), `raw/orders/${10 + (key % 20)}.parquet`]),
  );
  const audits = await lake.audits();
  assert.equal(audits.length, 20);
  for (const { rowsIn = 0, rowsOut = 0, duplicates = 0, quarantined = 0, object } of audits) {
    assert.equal(rowsIn, 40, object);
    assert.equal(rowsOut + duplicates + quarantined, 40, object);
    // The two newest of its own stand there for good, whoever came later.
    assert.ok(rowsOut >= 2, object);
  }
  const overtaken = lake
    .done("PutObject", lake.buckets.curated)
    .filter(({ outcome }) => outcome === "PreconditionFailed");
  t.diagnostic(`${overtaken.length} replacements met one that was faster`);
});

test("what is not newer changes nothing and writes nothing", async (t) => {
  const lake = await openLake(t, program);
  const { raw, curated } = lake.buckets;
  const newer = await parquet(
    rowsOf("orders", [order({ order_id: 1, updated_at: "2026-05-09 00:00:00", status: "shipped" })]),
  );
  const older = await parquet(rowsOf("orders", [order({ order_id: 1, updated_at: "2026-05-08 00:00:00" })]));

  const version = await lake.put("raw/orders/newer.parquet", newer);
  await lake.cloud.idle();
  const rows = await lake.curated("orders");
  assert.equal(lake.done("PutObject", curated).length, 1);

  await lake.take([{ key: "raw/orders/older.parquet", body: older }]);
  const again = objectEvent(raw, "raw/orders/newer.parquet", version);
  const { payload } = await lake.cloud.lambda.invoke(lake.stage, again, { source: "operator" });

  assert.deepEqual(await lake.curated("orders"), rows);
  assert.equal(lake.done("PutObject", curated).length, 1);
  const [late] = await lake.audits("raw/orders/older.parquet");
  assert.deepEqual([late?.rowsIn, late?.rowsOut, late?.duplicates, late?.outputs], [1, 0, 1, []]);
  // The second run over one version has the same audit row, and says the same of its rows.
  assert.deepEqual(
    (payload as Record<string, unknown>[]).map(({ rowsIn, rowsOut, duplicates }) => [rowsIn, rowsOut, duplicates]),
    [[1, 1, 0]],
  );
  assert.equal((await lake.audits("raw/orders/newer.parquet")).length, 1);
});

test("a curated file holds the declared types, in a file that is sorted and compressed with zstd", async (t) => {
  const lake = await openLake(t, program);
  const rows = [order({ order_id: 2 }), order({ order_id: 1 })];
  await lake.take([{ key: "raw/orders/a.parquet", body: await parquet(rowsOf("orders", rows)) }]);

  const path = lake.cloud.s3.pathOf(lake.buckets.curated, "curated/orders/dt=2026-05-01/orders.parquet");
  const columns = await query(`SELECT name, type, converted_type FROM parquet_schema('${path}')`);
  const types = new Map(columns.map(({ name, type, converted_type }) => [name, `${type} ${converted_type}`]));
  assert.deepEqual(
    ["order_id", "status", "total", "created_at"].map((name) => types.get(name)),
    ["INT64 INT_64", "BYTE_ARRAY UTF8", "INT64 DECIMAL", "INT64 TIMESTAMP_MILLIS"],
  );
  const ids = await query(`SELECT order_id FROM read_parquet('${path}')`);
  assert.deepEqual(
    ids.map(({ order_id }) => order_id),
    ["1", "2"],
  );
  const [{ compression } = {}] = await query(`SELECT DISTINCT compression FROM parquet_metadata('${path}')`);
  assert.equal(compression, "ZSTD");
});
