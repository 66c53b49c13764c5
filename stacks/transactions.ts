// transactions: from sellers' feeds to what they add up to, and to answers.
//
//   seller ──> POST /api/transactions/upload ──> feeds/uploads ──> aggregate-transactions ──┬──> database
//     ^                                                                                     ├──> rejected-feeds, feed-errors
//     │                                                                                     └──> feed-notifications ──> (e-mail)
//     ├──> GET /api/errors, POST .../reprocess ──> feeds/reprocess ──> reprocess-transactions ──> the same, and the error is closed
//     ├──> GET /api/transactions, .../summary  ──> database
//     └──> POST /api/queries ──> ask-transactions ──> Claude
//                                       └──> run-query ──> database, as one who may only read

import * as aws from "@pulumi/aws";
import { aggregateTransactions } from "../functions/transactions/aggregate-transactions";
import { askTransactions } from "../functions/transactions/ask-transactions";
import { listErrors } from "../functions/transactions/list-errors";
import { listTransactions } from "../functions/transactions/list-transactions";
import { presignFeed } from "../functions/transactions/presign-feed";
import { reprocessError } from "../functions/transactions/reprocess-error";
import { reprocessTransactions } from "../functions/transactions/reprocess-transactions";
import { runQuery } from "../functions/transactions/run-query";
import { showError } from "../functions/transactions/show-error";
import { showUpload } from "../functions/transactions/show-upload";
import { summarizeTransactions } from "../functions/transactions/summarize-transactions";
import { uploadTransactions } from "../functions/transactions/upload-transactions";
import { DataBucket } from "../stage/data-bucket";
import type { Database } from "../stage/database";
import type { HttpApi } from "../stage/http-api";
import { mailTo, notificationTopic } from "../stage/notification-topic";
import type { Platform } from "../stage/platform";
import { postgresParserLayer } from "../stage/postgres-parser-layer";
import { keyParameter } from "./key-parameter";
import type { Settings } from "./settings";

export interface TransactionsGround {
  readonly database: Database;
  readonly api: HttpApi;
}

export function transactions(base: Platform, { database, api }: TransactionsGround, settings: Settings) {
  const platform = { ...base, pipeline: "transactions" };
  // Feeds as sellers send them. What is in them is in the database, and what is not, in the bucket below.
  const feeds = new DataBucket("feeds", platform, {
    dataClass: "internal",
    expireAfterDays: settings.rawRetentionDays,
    takesOnly: ["uploads/", "reprocess/"],
    ...(settings.apiOrigins ? { formsFrom: settings.apiOrigins } : {}),
  });
  // Rows and feeds that were rejected, until their seller has corrected them.
  const rejected = new DataBucket("rejected-feeds", platform, {
    dataClass: "internal",
    expireAfterDays: settings.quarantineRetentionDays,
  });
  const errors = errorTable(platform);
  const notifications = notificationTopic("feed-notifications", platform);
  if (settings.notificationsEmail) mailTo(notifications, settings.notificationsEmail, platform);

  const ground = { platform, feeds, rejected, errors, notifications, database, api };
  const taking = settings.feedsAtOnce === undefined ? ground : { ...ground, atOnce: settings.feedsAtOnce };
  aggregateTransactions(taking);
  reprocessTransactions(taking);

  uploadTransactions({ platform, api, feeds });
  presignFeed({ platform, api, feeds });
  showUpload({ platform, api, database, feeds, rejected });
  listTransactions({ platform, api, database });
  summarizeTransactions({ platform, api, database });
  listErrors({ platform, api, errors });
  showError({ platform, api, errors, rejected });
  reprocessError({ platform, api, errors, feeds });

  const running = runQuery({ platform, database, parser: postgresParserLayer() });
  const anthropicKey = keyParameter("anthropic-api-key", `/tributary/${platform.stack}/anthropic-api-key`, platform);
  const asking = { runQuery: running, anthropicKey, claudeModel: settings.claudeModel };
  askTransactions({ platform, api, ...asking });
  return { feeds, rejected, errors, notifications };
}

/** What is wrong with feeds, by seller and in the order of time; see schemas/feed-error.ts. */
const errorTable = ({ key, protect, pipeline }: Platform): aws.dynamodb.Table =>
  new aws.dynamodb.Table(
    "feed-errors",
    {
      billingMode: "PAY_PER_REQUEST",
      hashKey: "seller",
      rangeKey: "errorId",
      attributes: [
        { name: "seller", type: "S" },
        { name: "errorId", type: "S" },
      ],
      pointInTimeRecovery: { enabled: true },
      serverSideEncryption: key ? { enabled: true, kmsKeyArn: key.arn } : { enabled: true },
      deletionProtectionEnabled: protect,
      tags: { pipeline, dataClass: "internal" },
    },
    { protect, retainOnDelete: protect },
  );
