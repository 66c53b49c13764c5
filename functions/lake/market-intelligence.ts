// market-intelligence: curated orders in; sales, forecasts and trends out.
//
//   in    sqs   "Object Created" of curated/{orders,order_items,products}/dt=YYYY-MM-DD/{table}.parquet
//   out   s3    prod     the datasets of schemas/datasets.ts: sales_daily, sales_weekly, forecasts, trends, model_card
//         s3    prod     state/: its running aggregates
//         glue  crawler  started where the catalog lacks a table or a day
//         dynamodb       audit: what became of each curated file
//
// A run reads the days that changed, and for the models the sums of two years at most. A day that cannot be computed fails its own messages and no others: they come
// again four times, then they wait in the queue's dead letters. Twice is the same as once, and so is late, out of order or at the
// same time as another run: see market-intelligence/runs.ts.

import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { Logger } from "@aws-lambda-powertools/logger";
import { AthenaClient } from "@aws-sdk/client-athena";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { GlueClient } from "@aws-sdk/client-glue";
import { S3Client } from "@aws-sdk/client-s3";
import type * as aws from "@pulumi/aws";
import type { Context, SQSBatchResponse, SQSEvent } from "aws-lambda";
import { type CreatedObject, objectsOf } from "../../schemas/object-created";
import type { DataBucket } from "../../stage/data-bucket";
import { openDuckDB } from "../../stage/duckdb";
import { environment } from "../../stage/environment";
import { crawl, inspect, list, query, read, recordMany, unloadTo, write } from "../../stage/permissions";
import type { Platform } from "../../stage/platform";
import { stage } from "../../stage/stage";
import { objectBatches } from "../../stage/triggers";
import { type Ran, run } from "./market-intelligence/runs";
import { salesInAthena } from "./market-intelligence/sales-in-athena";
import { weeksOf } from "./market-intelligence/sales-series";
import { partitionOf } from "./prod/changed-partitions";
import { crawlWhereNeeded } from "./prod/crawl";
import { recordRun } from "./prod/run-audit";

interface Ground {
  readonly platform: Platform;
  readonly curated: DataBucket;
  /** What it writes to, and what finds it there. */
  readonly prod: { readonly bucket: DataBucket; readonly crawler: aws.glue.Crawler };
  readonly analytics: {
    readonly database: aws.glue.CatalogDatabase;
    readonly workgroup: aws.athena.Workgroup;
    readonly results: DataBucket;
  };
  /** New curated files of more than this, in MB, are computed in Athena. */
  readonly athenaAboveMb: number;
  /** The first day that Athena finds in the curated tables. */
  readonly historyFrom: string;
}

export const marketIntelligence = ({ platform, curated, prod, analytics, athenaAboveMb, historyFrom }: Ground) =>
  stage(platform, "market-intelligence", factory, {
    on: [
      objectBatches(curated, {
        prefixes: ["curated/orders/", "curated/order_items/", "curated/products/"],
        batch: 10_000,
        window: 60,
      }),
    ],
    may: [
      list(curated),
      read(curated, "curated/"),
      list(prod.bucket),
      read(prod.bucket),
      write(prod.bucket),
      unloadTo(prod.bucket, "state/unload/"),
      query(analytics),
      inspect(analytics.database, "market_intelligence_"),
      crawl(prod.crawler),
      recordMany(platform.audit),
    ],
    env: {
      CURATED_BUCKET: curated.bucket,
      PROD_BUCKET: prod.bucket.bucket,
      AUDIT_TABLE: platform.audit.name,
      CATALOG_DATABASE: analytics.database.name,
      CRAWLER: prod.crawler.name,
      WORKGROUP: analytics.workgroup.name,
      ATHENA_ABOVE_MB: String(athenaAboveMb),
      HISTORY_FROM: historyFrom,
    },
    memory: 3_072,
    timeout: 900,
    disk: 10_240,
    layers: [platform.duckdb],
  });

/** In milliseconds: what a part of the days and the models take, with room to spare. */
const lastPart = 180_000;

export const factory = () => {
  const settings = environment(
    "CURATED_BUCKET",
    "PROD_BUCKET",
    "AUDIT_TABLE",
    "CATALOG_DATABASE",
    "CRAWLER",
    "WORKGROUP",
    "ATHENA_ABOVE_MB",
    "HISTORY_FROM",
  );
  const [s3, dynamodb, glue, athena] = [
    new S3Client({}),
    new DynamoDBClient({}),
    new GlueClient({}),
    new AthenaClient({}),
  ];
  const logger = new Logger();
  const system = "market-intelligence";

  async function taken(objects: readonly CreatedObject[], timeIsUp: () => boolean): Promise<Ran> {
    const directory = await mkdtemp(`${tmpdir()}/market-`);
    const duckdb = await openDuckDB(directory);
    try {
      const connection = await duckdb.connect();
      // Hundreds of small files: handing their work from thread to thread takes longer than doing it.
      await connection.run("SET threads = 1");
      const work = {
        connection,
        curated: { s3, bucket: settings.CURATED_BUCKET },
        prod: { s3, bucket: settings.PROD_BUCKET },
        directory,
      };
      const today = new Date().toISOString().slice(0, 10);
      const megabytes = objects.reduce((total, { size }) => total + size, 0) / 1_000_000;
      const large = megabytes > Number(settings.ATHENA_ABOVE_MB);
      const inAthena = {
        salesOf: salesInAthena({ athena, workgroup: settings.WORKGROUP, database: settings.CATALOG_DATABASE }),
        // The tables' range ends a year from now, so every day of this calendar year lies in it.
        sees: (day: string) => day >= settings.HISTORY_FROM && day.slice(0, 4) <= today.slice(0, 4),
      };
      return await run({
        work,
        changed: objects.flatMap(({ key }) => partitionOf(key) ?? []),
        today,
        timeIsUp,
        ...(large ? { inAthena } : {}),
        progress: (step, days) => logger.debug(step, { days }),
      });
    } finally {
      duckdb.closeSync();
      await rm(directory, { recursive: true, force: true });
    }
  }

  return async (event: SQSEvent, context: Context): Promise<SQSBatchResponse> => {
    const { awsRequestId: requestId } = context;
    const startedAt = new Date().toISOString();
    const { objects, unreadable } = objectsOf(event);
    const foreign = objects.filter(({ key }) => partitionOf(key) === undefined);
    for (const { key } of foreign)
      logger.error("Cannot take a curated file: its key is not curated/{table}/dt=YYYY-MM-DD/{table}.parquet", { key });

    const { days, failed } = await taken(
      objects.filter((each) => !foreign.includes(each)),
      () => context.getRemainingTimeInMillis() < lastPart,
    );
    for (const { partition, error } of failed) logger.error("Cannot compute a day", { ...partition, error });
    const failedKeys = new Set(failed.map(({ partition: { table, dt } }) => `${table}/dt=${dt}`));
    const done = objects.filter(({ key }) => {
      const partition = partitionOf(key);
      return partition !== undefined && !failedKeys.has(`${partition.table}/dt=${partition.dt}`);
    });
    const crawled = await crawlWhereNeeded(
      { glue, database: settings.CATALOG_DATABASE, crawler: settings.CRAWLER, system },
      { sales_daily: days, sales_weekly: weeksOf(days) },
    );
    const outputs = [`${settings.PROD_BUCKET}/`];
    await recordRun(dynamodb, settings.AUDIT_TABLE, done, { stage: system, requestId, startedAt, outputs });
    logger.info("Took in curated files", { files: objects.length, days: days.length, crawled });

    const finished = new Set(done.map(({ messageId }) => messageId));
    const failures = [...unreadable, ...objects.map(({ messageId }) => messageId)].filter((id) => !finished.has(id));
    return { batchItemFailures: failures.map((itemIdentifier) => ({ itemIdentifier })) };
  };
};
