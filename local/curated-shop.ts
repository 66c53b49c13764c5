// curated-shop: curated partitions of a test's own making, and market-intelligence run over them - without Lambda, on an embedded S3.

import { mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import type { TestContext } from "node:test";
import { PutObjectCommand, type S3Client } from "@aws-sdk/client-s3";
import { run } from "../functions/lake/market-intelligence/runs";
import { type CuratedPartition, partitionKey } from "../functions/lake/prod/changed-partitions";
import { literal } from "../schemas/sql-text";
import { openDuckDB } from "../stage/duckdb";
import { parquet, query } from "./lake-fixture";
import { type Harness, serve } from "./services/s3/harness";
import { temporaryDirectory } from "./temporary-directory";

/** A partition as it was curated at some time: whole, like every version of it. */
export interface Version extends CuratedPartition {
  readonly body: Buffer;
}

const moment = (day: string) => `TIMESTAMP_MS '${day} 10:00:00'`;

export interface Order {
  readonly id: number;
  readonly day: string;
  status: string;
  region: string;
  updated: string;
  readonly currency?: string;
}

export interface Line {
  readonly order: number;
  readonly line: number;
  readonly product: number;
  readonly quantity: number;
  readonly price: string;
}

const rows = (lines: readonly string[]) => lines.map((line) => `SELECT ${line}`).join(" UNION ALL ");

export const ordersFile = (orders: readonly Order[]) =>
  parquet(
    rows(
      orders.map(
        ({ id, status, region, updated, currency = "EUR" }) =>
          `${id}::BIGINT AS order_id, ${literal(status)} AS status, 'DE' AS country, ${literal(region)} AS region,
           ${literal(id % 3 === 0 ? "store" : "web")} AS channel, ${literal(currency)} AS currency, ${moment(updated)} AS updated_at`,
      ),
    ),
  );

export const linesFile = (lines: readonly Line[]) =>
  parquet(
    rows(
      lines.map(
        ({ order, line, product, quantity, price }) =>
          `${order}::BIGINT AS order_id, ${line}::INTEGER AS line, ${product}::BIGINT AS product_id,
           ${quantity}::INTEGER AS quantity, ${price}::DECIMAL(12,2) AS unit_price, 0.10::DECIMAL(12,2) AS discount`,
      ),
    ),
  );

export const productsFile = (
  products: readonly (readonly [id: number, name: string, category: string])[],
  updated: string,
) =>
  parquet(
    rows(
      products.map(
        ([id, name, category]) =>
          `${id}::BIGINT AS product_id, ${literal(name)} AS name, ${literal(category)} AS category, ${moment(updated)} AS updated_at`,
      ),
    ),
  );

export interface Ground {
  readonly harness: Harness;
  readonly s3: S3Client;
  readonly curated: string;
  readonly prod: string;
}

export async function ground(t: TestContext, name: string): Promise<Ground> {
  const harness = await serve(t);
  for (const bucket of [`${name}-curated`, `${name}-prod`]) harness.s3.createBucket(bucket, { versioned: true });
  return { harness, s3: harness.client(), curated: `${name}-curated`, prod: `${name}-prod` };
}

export const put = ({ s3, curated }: Ground, { body, ...partition }: Version) =>
  s3.send(new PutObjectCommand({ Bucket: curated, Key: partitionKey(partition), Body: body }));

let runs = 0;

export async function taken(
  { s3, curated, prod }: Ground,
  changed: readonly CuratedPartition[],
  today = "2026-06-01",
): Promise<void> {
  const directory = join(temporaryDirectory(), String(++runs));
  mkdirSync(directory);
  const duckdb = await openDuckDB(directory);
  try {
    const connection = await duckdb.connect();
    const work = { connection, curated: { s3, bucket: curated }, prod: { s3, bucket: prod }, directory };
    const { failed } = await run({ work, changed, today, progress: () => undefined });
    if (failed[0] !== undefined) throw failed[0].error;
  } finally {
    duckdb.closeSync();
    rmSync(directory, { recursive: true });
  }
}

const datasets = ["forecasts", "trends", "model_card"];

/** Every row of every dataset, and the days that have one. */
export async function published({ harness, prod }: Ground): Promise<Record<string, unknown>> {
  const folder = join(harness.directory, prod);
  const daily = join(folder, "sales_daily", "*", "*.parquet");
  const all = await Promise.all(
    datasets.map(async (name) => [name, await query(`FROM read_parquet(${literal(join(folder, name, "*.parquet"))})`)]),
  );
  return {
    ...Object.fromEntries(all),
    sales_weekly: await query(
      `FROM read_parquet(${literal(join(folder, "sales_weekly", "*", "*.parquet"))}, hive_partitioning = true) ORDER BY ALL`,
    ),
    sales_daily: await query(`FROM read_parquet(${literal(daily)}) ORDER BY ALL`),
    days: await query(`SELECT DISTINCT dt FROM read_parquet(${literal(daily)}, hive_partitioning = true) ORDER BY dt`),
  };
}

export const dailyFiles = ({ harness, prod }: Ground) => join(harness.directory, prod, "sales_daily", "*", "*.parquet");

/** The same ground by a client of its own, whose first requests (so many) of this kind wait until `happens` is over. */
export function meanwhile(
  base: Ground,
  command: string,
  prefix: string,
  happens: () => Promise<void>,
  times = 1,
): Ground {
  const s3 = base.harness.client();
  let left = times;
  s3.middlewareStack.add(
    (next, { commandName }) =>
      async (args) => {
        const { Key = "" } = args.input as { Key?: string };
        if (left > 0 && commandName === command && Key.startsWith(prefix)) {
          left -= 1;
          await happens();
        }
        return next(args);
      },
    { step: "initialize" },
  );
  return { ...base, s3 };
}
