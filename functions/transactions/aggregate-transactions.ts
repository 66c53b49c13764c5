// aggregate-transactions: one seller's feed in; its transactions and what they add up to in the database, and its seller told.
//
//   in    s3          feeds           uploads/{seller}/{upload id}/{file}    CSV, JSON or NDJSON (schemas/feed.ts)
//   out   postgresql  transactions    the newest version of each transaction; totals per day, product, category, currency;
//                                     inventory levels; one row of uploads
//         s3          rejected-feeds  rows/{seller}/{error id}.csv           rows that break a rule, to be corrected
//         s3          rejected-feeds  files/{seller}/{error id}/{file}       a feed that cannot be read, and why
//         dynamodb    feed-errors     what is wrong, an item per feed        (and a row of audit)
//         sns         feed-notifications
//
// A bad row never stops a feed. All good rows of a feed are in the database or none: a failed read or write throws, Lambda
// tries the event twice more, then it waits in the dead-letter queue. Twice is the same as once, and late or out of order the
// same as in order: of each transaction the version that was uploaded last wins. A message may come twice, with one upload id.

import type * as aws from "@pulumi/aws";
import type { Input } from "@pulumi/pulumi";
import type { DataBucket } from "../../stage/data-bucket";
import { addressAs, type Database } from "../../stage/database";
import type { HttpApi } from "../../stage/http-api";
import { amend, connectAs, look, notify, read, record, write } from "../../stage/permissions";
import type { Platform } from "../../stage/platform";
import { stage } from "../../stage/stage";
import { objectCreated } from "../../stage/triggers";
import { ingestion } from "./ingest/ingestion";

/** What both stages that take feeds stand on. */
export interface FeedGround {
  readonly platform: Platform;
  readonly feeds: DataBucket;
  readonly rejected: DataBucket;
  readonly errors: aws.dynamodb.Table;
  readonly notifications: aws.sns.Topic;
  readonly database: Database;
  /** Where sellers are told to ask. */
  readonly api: HttpApi;
  /** How many feeds each of the two takes at once; as many as come where it is not given. */
  readonly atOnce?: number;
}

export const aggregateTransactions = (ground: FeedGround) =>
  stage(ground.platform, "aggregate-transactions", factory, {
    on: [objectCreated(ground.feeds, { prefix: "uploads/" })],
    ...takesFeeds(ground, "uploads/"),
  });

/** All but what wakes them is the same for both. */
export const takesFeeds = (
  { platform, feeds, rejected, errors, notifications, database, api, atOnce }: FeedGround,
  prefix: string,
) => ({
  may: [
    read(feeds, prefix),
    write(rejected),
    record(errors),
    amend(errors),
    look(errors),
    amend(platform.audit),
    notify(notifications),
    connectAs(database, "transactions_ingest"),
  ],
  env: {
    REJECTED_BUCKET: rejected.bucket,
    AUDIT_TABLE: platform.audit.name,
    ERRORS_TABLE: errors.name,
    NOTIFICATIONS_TOPIC: notifications.arn,
    API_URL: api.url,
    ...addressAs(database, "transactions_ingest"),
  } satisfies Record<string, Input<string>>,
  placement: database.placement,
  memory: 1_769,
  timeout: 900,
  disk: 2_048,
  ...(atOnce === undefined ? {} : { concurrency: atOnce }),
});

export const factory = () => ingestion("aggregate-transactions");
