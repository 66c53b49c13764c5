// daily-cost: what a day's files cost market-intelligence when the shop has been open for 4, 40, 220 and 400 days.
//
// The same number of orders every day, one partition of orders and one of their lines; what came back counts among the lines. A run
// is measured as the function makes it, on the embedded S3, without the start of a process. Its two parts are told apart: bringing the
// sales up to date, which must not depend on the history, and the models, which look at half a year of it at most.

import { mkdir, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { PutObjectCommand, type S3Client } from "@aws-sdk/client-s3";
import type { DuckDBConnection } from "@duckdb/node-api";
import { run } from "../functions/lake/market-intelligence/runs";
import { dayNumber, dayText } from "../functions/lake/market-intelligence/sales-history";
import { type CuratedPartition, partitionKey } from "../functions/lake/prod/changed-partitions";
import { serve } from "../local/services/s3/harness";
import { literal } from "../schemas/sql-text";
import { openDuckDB } from "../stage/duckdb";
import { type Measurement, median } from "./measurement";

const ordersPerDay = 300;
const firstDay = dayNumber("2025-01-06");
const measuredDays = [4, 40, 220, 400];
/** From here on there is half a year to model. */
const fullDay = 220;
/** Each time so many days in a row, of which the median counts. */
const repeats = 5;

interface Shop {
  readonly s3: S3Client;
  readonly connection: DuckDBConnection;
  readonly directory: string;
}

interface Cost {
  readonly salesMs: number;
  readonly modelsMs: number;
}

export async function dailyCost(directory: string): Promise<Measurement[]> {
  const endings: (() => void)[] = [];
  const harness = await serve(
    { after: (ending) => endings.push(ending as () => void) },
    { directory: join(directory, "s3") },
  );
  const duckdb = await openDuckDB(directory);
  try {
    for (const bucket of ["curated", "prod"]) harness.s3.createBucket(`daily-${bucket}`, { versioned: true });
    const shop = { s3: harness.client(), connection: await duckdb.connect(), directory };
    await putProducts(shop);
    await runOver(shop, [{ table: "products", dt: "2025-01-01" }], 0);

    const costs: Cost[] = [];
    let open = 0;
    for (const day of measuredDays) {
      const before = day - Math.ceil(repeats / 2);
      await runOver(shop, await trade(shop, open + 1, before), before);
      const own: Cost[] = [];
      for (let next = before + 1; next <= before + repeats; next++)
        own.push(await runOver(shop, await trade(shop, next, next), next));
      open = before + repeats;
      costs.push({
        salesMs: median(own.map(({ salesMs }) => salesMs)),
        modelsMs: median(own.map(({ modelsMs }) => modelsMs)),
      });
    }
    const full = costs[measuredDays.indexOf(fullDay)];
    return measuredDays.flatMap((day, index) => measurements(day, costs[index], costs[0], full));
  } finally {
    duckdb.closeSync();
    for (const end of endings) await end();
  }
}

function measurements(
  day: number,
  cost: Cost | undefined,
  first: Cost | undefined,
  full: Cost | undefined,
): Measurement[] {
  if (cost === undefined || first === undefined || full === undefined) return [];
  const [sales, models] = [cost.salesMs / first.salesMs, cost.modelsMs / full.modelsMs];
  const goal = (ratio: number) => (day === measuredDays.at(-1) ? { goal: "<= 1.2", met: ratio <= 1.2 } : {});
  return [
    {
      what: `day ${day}: bringing the sales up to date`,
      measured: cost.salesMs,
      unit: "ms",
      baseline: first.salesMs,
      ratio: sales,
      ...goal(sales),
      note: `${ordersPerDay} orders a day; the baseline is day ${measuredDays[0]}`,
    },
    {
      what: `day ${day}: models and datasets`,
      measured: cost.modelsMs,
      unit: "ms",
      ...(day >= fullDay ? { baseline: full.modelsMs, ratio: models, ...goal(models) } : {}),
      note: `half a year of days and two of weeks at most; the baseline is day ${fullDay}`,
    },
  ];
}

let runs = 0;

async function runOver({ s3, directory }: Shop, changed: readonly CuratedPartition[], day: number): Promise<Cost> {
  const own = join(directory, `run-${++runs}`);
  await mkdir(own);
  const duckdb = await openDuckDB(own);
  try {
    const work = {
      connection: await duckdb.connect(),
      curated: { s3, bucket: "daily-curated" },
      prod: { s3, bucket: "daily-prod" },
      directory: own,
    };
    const started = performance.now();
    let computed = started;
    const progress = (step: string) => {
      if (step === "computed days") computed = performance.now();
    };
    await run({ work, changed, today: dayText(firstDay + day + 1), progress });
    return { salesMs: computed - started, modelsMs: performance.now() - computed };
  } finally {
    duckdb.closeSync();
    await rm(own, { recursive: true });
  }
}

async function putProducts(shop: Shop): Promise<void> {
  await put(
    shop,
    { table: "products", dt: "2025-01-01" },
    `
    SELECT id::BIGINT AS product_id, 'Product ' || id AS name, 'Category ' || id % 8 AS category,
      TIMESTAMP_MS '2025-01-01' AS updated_at FROM range(1, 201) ids(id)`,
  );
}

/** The days from `from` to `to`, counted from 1: their curated files, and what they are. */
async function trade(shop: Shop, from: number, to: number): Promise<CuratedPartition[]> {
  const changed: CuratedPartition[] = [];
  for (let day = from; day <= to; day++) {
    const dt = dayText(firstDay + day);
    const ids = `range(${day * ordersPerDay}, ${(day + 1) * ordersPerDay}) ids(id)`;
    await put(
      shop,
      { table: "orders", dt },
      `
      SELECT id::BIGINT AS order_id, 'paid' AS status, 'DE' AS country, 'Region ' || hash(id) % 12 AS region, 'web' AS channel,
        'EUR' AS currency, TIMESTAMP_MS '${dt}' AS updated_at FROM ${ids}`,
    );
    // One line in twenty came back, of an order of the last two weeks.
    await put(
      shop,
      { table: "order_items", dt },
      `
      SELECT if(line = 3 AND id % 7 = 0, greatest(${ordersPerDay}, id - ${ordersPerDay} * (1 + hash(id) % 14)), id)::BIGINT AS order_id,
        line::INTEGER AS line, (1 + hash(id, line) % 200)::BIGINT AS product_id, if(line = 3 AND id % 7 = 0, -1, 1)::INTEGER AS quantity,
        (5 + hash(line, id) % 50)::DECIMAL(12,2) AS unit_price, 0::DECIMAL(12,2) AS discount
      FROM ${ids}, range(1, 4) lines(line)`,
    );
    changed.push({ table: "orders", dt }, { table: "order_items", dt });
  }
  return changed;
}

async function put({ s3, connection, directory }: Shop, partition: CuratedPartition, rows: string): Promise<void> {
  const file = join(directory, "partition.parquet");
  await connection.run(`COPY (${rows}) TO ${literal(file)} (FORMAT parquet)`);
  await s3.send(
    new PutObjectCommand({ Bucket: "daily-curated", Key: partitionKey(partition), Body: await readFile(file) }),
  );
}
