// market-intelligence in its place: raw files in, and out of Athena what was sold, whoever has added it up.

import assert from "node:assert/strict";
import { before, test } from "node:test";
import { AthenaClient } from "@aws-sdk/client-athena";
import { PutObjectCommand } from "@aws-sdk/client-s3";
import { literal } from "../schemas/sql-text";
import type { Evaluation } from "../stage/evaluation/evaluate";
import { changed, evaluated, type Lake, openLake, order, parquet, query, type RawFile, rowsOf } from "./lake-fixture";
import { ask } from "./start/ask";

let program: Evaluation;
before(async () => {
  program = await evaluated("dev");
});

const product = (id: number, category: string) => ({
  product_id: id,
  name: `Product ${id}`,
  category,
  price: 10,
  cost: 5,
  currency: "EUR",
  description: null,
  created_at: "2026-01-05 10:00:00",
  updated_at: "2026-01-05 10:00:00",
});

const line = (own: Readonly<Record<string, unknown>>) => ({
  order_id: 1,
  line: 1,
  product_id: 1,
  quantity: 1,
  unit_price: 10,
  discount: 0,
  created_at: "2026-05-01 10:00:00",
  updated_at: "2026-05-01 10:00:00",
  ...own,
});

const at = (day: string) => ({ created_at: `${day} 10:00:00`, updated_at: `${day} 10:00:00` });

/** Sold on the first of May in two currencies, in part cancelled, in part sent back a week later. */
const files = async (): Promise<RawFile[]> => [
  {
    key: "raw/products/a.parquet",
    body: await parquet(rowsOf("products", [product(1, "Kitchen"), product(2, "Garden")])),
  },
  {
    key: "raw/orders/a.parquet",
    body: await parquet(
      rowsOf("orders", [
        order({ order_id: 1, ...at("2026-05-01") }),
        order({ order_id: 2, currency: "GBP", country: "GB", region: "Wales", ...at("2026-05-01") }),
        order({ order_id: 3, status: "cancelled", ...at("2026-05-01") }),
        order({ order_id: 4, channel: "store", ...at("2026-05-07") }),
      ]),
    ),
  },
  {
    key: "raw/order_items/a.parquet",
    body: await parquet(
      rowsOf("order_items", [
        line({ order_id: 1, quantity: 3, discount: 1.5, ...at("2026-05-01") }),
        line({ order_id: 1, line: 2, product_id: 2, unit_price: 99.99, ...at("2026-05-01") }),
        line({ order_id: 2, ...at("2026-05-01") }),
        line({ order_id: 3, ...at("2026-05-01") }),
        line({ order_id: 4, ...at("2026-05-07") }),
        line({ order_id: 1, line: 3, quantity: -1, ...at("2026-05-08") }),
      ]),
    ),
  },
];

const sold = `SELECT CAST(day AS varchar) AS day, product, category, region, channel, currency, units, returned_units, revenue
  FROM market_intelligence_sales_daily ORDER BY day, currency, product`;

async function asked(lake: Lake, sql: string) {
  const { url, region, operator } = lake.cloud;
  const { athenaWorkgroup = "", athenaDatabase = "" } = program.outputs as Record<string, string>;
  const client = new AthenaClient({ endpoint: url, region, credentials: operator });
  try {
    return await ask({ client, workgroup: athenaWorkgroup, database: athenaDatabase }, sql);
  } finally {
    client.destroy();
  }
}

const expected = [
  ["2026-05-01", "Product 1", "Kitchen", "Hamburg", "web", "EUR", "3", "0", "28.50"],
  ["2026-05-01", "Product 2", "Garden", "Hamburg", "web", "EUR", "1", "0", "99.99"],
  ["2026-05-01", "Product 1", "Kitchen", "Wales", "web", "GBP", "1", "0", "10.00"],
  ["2026-05-07", "Product 1", "Kitchen", "Hamburg", "store", "EUR", "1", "0", "10.00"],
  ["2026-05-08", "Product 1", "Kitchen", "Hamburg", "web", "EUR", "0", "1", "-10.00"],
];

test("what the shop sold can be asked of Athena, and each curated file has its audit row", async (t) => {
  const lake = await openLake(t, program);
  await lake.take(await files());
  assert.deepEqual(
    (await asked(lake, sold)).map((row) => Object.values(row)),
    expected,
  );
  const weeks = await asked(
    lake,
    `SELECT category, currency, sum(orders) AS orders, sum(revenue) AS revenue FROM market_intelligence_sales_weekly
     GROUP BY category, currency ORDER BY category, currency`,
  );
  assert.deepEqual(
    weeks.map((row) => Object.values(row)),
    [
      ["Garden", "EUR", "1", "99.99"],
      ["Kitchen", "EUR", "2", "28.50"],
      ["Kitchen", "GBP", "1", "10.00"],
    ],
  );

  const aggregated = (await lake.audits()).filter(({ outcome }) => outcome === "aggregated");
  const curated = await lake.keys(lake.buckets.curated, "curated/");
  assert.deepEqual(
    new Set(aggregated.map(({ object }) => object)),
    new Set(curated.map((key) => `${lake.buckets.curated}/${key}`)),
  );
});

test("Athena adds up what is too much for the function, to the same datasets", async (t) => {
  const small = await openLake(t, program);
  await small.take(await files());

  const name = "market-intelligence";
  const large = await openLake(
    t,
    changed(program, "aws:lambda/function:Function", (inputs) => {
      const { variables = {} } = (inputs.environment ?? {}) as { variables?: Record<string, string> };
      return variables.ATHENA_ABOVE_MB === undefined
        ? {}
        : { environment: { variables: { ...variables, ATHENA_ABOVE_MB: "0" } } };
    }),
  );
  await large.take(await files());
  const unloads = large.cloud.journal.entries.filter(
    ({ principal, operation }) => principal === name && operation === "StartQueryExecution",
  );
  assert.ok(unloads.length > 0, "Athena was asked");
  for (const dataset of ["sales_daily", "sales_weekly", "forecasts", "trends", "model_card"]) {
    assert.deepEqual(await dataOf(large, dataset), await dataOf(small, dataset), dataset);
  }
  const { prodBuckets } = program.outputs as { prodBuckets: Record<string, string> };
  assert.deepEqual(await large.keys(prodBuckets[name] ?? "", "state/unload/"), [], "nothing of it is left");
});

async function dataOf(lake: Lake, dataset: string) {
  const { prodBuckets } = program.outputs as { prodBuckets: Record<string, string> };
  const bucket = prodBuckets["market-intelligence"] ?? "";
  const keys = await lake.keys(bucket, `${dataset}/`);
  const paths = keys.map((key) => literal(lake.cloud.s3.pathOf(bucket, key) ?? ""));
  return query(`FROM read_parquet([${paths.join(", ")}], hive_partitioning = false) ORDER BY ALL`);
}

test("an object that is no partition waits in the dead letters, and holds nobody else up", async (t) => {
  const lake = await openLake(t, program);
  const stray = { Bucket: lake.buckets.curated, Key: "curated/orders/notes.txt", Body: "remember the milk" };
  await lake.s3.send(new PutObjectCommand(stray));
  await lake.take(await files());
  assert.equal((await asked(lake, sold)).length, expected.length);
  const dead = lake.cloud.deadLetterQueues.flatMap(({ arn }) => lake.cloud.sqs.messages(arn).map(({ body }) => body));
  assert.deepEqual(
    dead.map((body) => JSON.parse(body).detail.object.key),
    ["curated/orders/notes.txt"],
  );
});
