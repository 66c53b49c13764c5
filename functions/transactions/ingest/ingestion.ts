// ingestion: the work of the two stages that take sellers' feeds.
//
//   feed ──> database (all of it or nothing) ──> audit ──> the error that it corrects is closed ──> its seller is told
//     │          └── rejected rows: a CSV, and an item in feed-errors
//     └── cannot be read: a copy of it, and an item in feed-errors
//
// What comes behind the database is done again at every try, from the record of the upload in it.

import type { Readable } from "node:stream";
import { Logger } from "@aws-lambda-powertools/logger";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { GetObjectCommand, HeadObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { PublishCommand, SNSClient } from "@aws-sdk/client-sns";
import type { Context, S3Event } from "aws-lambda";
import type { Audit } from "../../../schemas/audit";
import { environment } from "../../../stage/environment";
import { openPostgres } from "../../../stage/postgres";
import { writeAudit } from "../../audit-row";
import { asSellers } from "../as-sellers";
import { isBadFeed } from "../feed/read-feed";
import { type FeedObject, feedObjectOf } from "./feed-object";
import { loadFeed, recordFailure } from "./load-feed";
import { notificationOf } from "./notification";
import { rejects } from "./rejects";
import { resolve } from "./resolve";
import { markNotified, type Upload, uploadOf } from "./upload-row";

/** For a function's factory. */
export function ingestion(stage: string) {
  const { REJECTED_BUCKET, AUDIT_TABLE, ERRORS_TABLE, NOTIFICATIONS_TOPIC, API_URL } = environment(
    "REJECTED_BUCKET",
    "AUDIT_TABLE",
    "ERRORS_TABLE",
    "NOTIFICATIONS_TOPIC",
    "API_URL",
  );
  const connect = openPostgres(environment("DATABASE_ENDPOINT", "DATABASE_NAME", "DATABASE_USER"));
  const s3 = new S3Client({});
  const dynamodb = new DynamoDBClient({});
  const sns = new SNSClient({});
  const logger = new Logger();
  const audits = { dynamodb, table: AUDIT_TABLE };
  const errors = { dynamodb, table: ERRORS_TABLE };
  const { gather, keepRows, keepFailed, keepFile, keptAt } = rejects({ s3, bucket: REJECTED_BUCKET, errors, stage });

  return async ({ Records }: S3Event, { awsRequestId: requestId }: Context): Promise<Upload[]> => {
    const uploads: Upload[] = [];
    for (const record of Records) {
      const feed = feedObjectOf(record);
      // What the console makes where somebody creates a folder.
      if (feed.size === 0 && feed.key.endsWith("/")) continue;
      const startedAt = new Date().toISOString();
      const upload = await take(feed);
      await writeAudit(audits, { ...auditOf(feed, upload), requestId, startedAt, endedAt: new Date().toISOString() });
      const resolved = await resolve({ errors, audits }, feed, upload);
      await tell(feed, upload, resolved);
      logger[upload.outcome === "failed" ? "warn" : "info"]("Took a feed", { key: feed.key, ...upload });
      uploads.push(upload);
    }
    return uploads;
  };

  async function take(found: FeedObject): Promise<Upload> {
    const { seller } = found;
    if (seller === undefined) return refuseStranger(found);
    const feed = await timed(found);
    const sql = await connect();
    const rejected = gather(feed);
    try {
      const keep = (upload: Upload) => keepRows(feed, upload, rejected);
      return await loadFeed({ sql, seller, feed, open: () => bytesOf(feed), rejected, keep });
    } catch (error) {
      if (!isBadFeed(error)) throw error;
      const { code, message } = error;
      const keep = (upload: Upload) => keepFailed(feed, upload);
      return await recordFailure({ sql: await connect(), seller, feed, keep }, { code, message });
    } finally {
      await rejected.end();
    }
  }

  /** A feed that is to be tried again as it was says on its copy when it came: newer ones stay newer. */
  async function timed(feed: FeedObject): Promise<FeedObject> {
    if (feed.corrects === undefined) return feed;
    const { Metadata } = await s3.send(new HeadObjectCommand(sourceOf(feed)));
    return { ...feed, uploadedAt: Metadata?.["uploaded-at"] ?? feed.uploadedAt };
  }

  async function bytesOf(feed: FeedObject): Promise<Readable> {
    const { Body } = await s3.send(new GetObjectCommand(sourceOf(feed)));
    return Body as Readable;
  }

  /** There is nobody to tell but those who hear of everything. */
  async function refuseStranger(feed: FeedObject): Promise<Upload> {
    const message = `Cannot take "${feed.key}": its key names no seller. Put it under uploads/{seller}/, in plain characters`;
    const error = { code: "NoSeller", message };
    await keepFile(feed, error);
    return uploadOf(feed, { rowsIn: 0, rowsAccepted: 0, rowsRejected: 0, error });
  }

  async function tell(feed: FeedObject, upload: Upload, resolved: boolean): Promise<void> {
    if (upload.notified) return;
    const { seller, uploadId, file, corrects } = feed;
    const told = {
      api: API_URL,
      uploadId,
      file,
      upload,
      ...(seller === undefined ? {} : { seller }),
      ...(upload.outcome === "processed" ? {} : { rejected: `s3://${keptAt(feed, upload)}` }),
      ...(corrects === undefined ? {} : { corrects, resolved }),
    };
    await sns.send(new PublishCommand({ TopicArn: NOTIFICATIONS_TOPIC, ...notificationOf(told) }));
    if (seller !== undefined) await asSellers(await connect(), [seller], (sql) => markNotified(sql, seller, feed));
  }

  function auditOf(feed: FeedObject, upload: Upload): Omit<Audit, "requestId" | "startedAt" | "endedAt"> {
    const { seller, corrects } = feed;
    const failed = upload.outcome === "failed";
    return {
      object: `${feed.bucket}/${feed.key}`,
      versionAndStage: `${feed.version}#${stage}`,
      stage,
      outcome: failed ? "rejected" : "ingested",
      rowsIn: upload.rowsIn,
      rowsOut: upload.rowsAccepted,
      duplicates: upload.rowsDuplicate,
      quarantined: upload.rowsRejected,
      outputs: upload.outcome === "processed" ? [] : [keptAt(feed, upload)],
      ...(upload.error === undefined ? {} : { error: upload.error }),
      ...(seller === undefined ? {} : { seller }),
      ...(upload.errorId === undefined ? {} : { errorId: upload.errorId }),
      ...(corrects === undefined ? {} : { corrects }),
    };
  }
}

const sourceOf = ({ bucket, key, version }: FeedObject) => ({ Bucket: bucket, Key: key, VersionId: version });
