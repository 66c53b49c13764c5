// ingestion: the work of the two stages that take sellers' feeds.
//
//   feed ──> database (all of it or nothing) ──> audit ──> its seller is told ──> the error that it corrects is closed
//     │          └── rejected rows: a CSV, and an item in feed-errors
//     └── cannot be read: a copy of it, and an item in feed-errors
//
// What comes behind the database is done again at every try, from the record of the upload in it.

import type { Readable } from "node:stream";
import { Logger } from "@aws-lambda-powertools/logger";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { GetObjectCommand, HeadObjectCommand, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { PublishCommand, SNSClient } from "@aws-sdk/client-sns";
import type { Context, S3Event } from "aws-lambda";
import type { Audit } from "../../../schemas/audit";
import type { FeedError } from "../../../schemas/feed-error";
import { environment } from "../../../stage/environment";
import { openPostgres } from "../../../stage/postgres";
import { copyObject } from "../../copy-object";
import { asSellers } from "../as-sellers";
import { isBadFeed } from "../feed/read-feed";
import { rejectedKey } from "../rejected-key";
import { writeAudit } from "./audit-row";
import { openError, resolveError } from "./feed-errors";
import { errorIdOf, type FeedObject, feedObjectOf } from "./feed-object";
import { loadFeed, recordFailure } from "./load-feed";
import { notificationOf } from "./notification";
import { type RejectedFile, rejectedFile } from "./rejected-file";
import { markNotified, type Upload, uploadOf } from "./upload-row";

/** For a function's factory. */
export function ingestion(stage: string) {
  const { REJECTED_BUCKET, AUDIT_TABLE, ERRORS_TABLE, NOTIFICATIONS_TOPIC } = environment(
    "REJECTED_BUCKET",
    "AUDIT_TABLE",
    "ERRORS_TABLE",
    "NOTIFICATIONS_TOPIC",
  );
  const connect = openPostgres(environment("DATABASE_ENDPOINT", "DATABASE_NAME", "DATABASE_USER"));
  const s3 = new S3Client({});
  const dynamodb = new DynamoDBClient({});
  const sns = new SNSClient({});
  const logger = new Logger();
  const audits = { dynamodb, table: AUDIT_TABLE };
  const errors = { dynamodb, table: ERRORS_TABLE };

  return async ({ Records }: S3Event, { awsRequestId: requestId }: Context): Promise<Upload[]> => {
    const uploads: Upload[] = [];
    for (const record of Records) {
      const feed = feedObjectOf(record);
      // What the console makes where somebody creates a folder.
      if (feed.size === 0 && feed.key.endsWith("/")) continue;
      const startedAt = new Date().toISOString();
      const upload = await take(feed);
      await writeAudit(audits, { ...auditOf(feed, upload), requestId, startedAt, endedAt: new Date().toISOString() });
      await tell(feed, upload);
      if (upload.outcome === "processed") await resolve(feed, upload);
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
    const rejected = rejectedFile(s3, { Bucket: REJECTED_BUCKET, Key: rowsKey(feed) });
    try {
      const keep = (upload: Upload) => keepRejected(feed, upload, rejected);
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
    const message = `Cannot take "${feed.key}": its key names no seller. Put it under uploads/{seller}/`;
    const error = { code: "NoSeller", message };
    await keepWhole(feed, error);
    return uploadOf(feed, { rowsIn: 0, rowsAccepted: 0, rowsRejected: 0, error });
  }

  async function keepRejected(feed: FeedObject, upload: Upload, rejected: RejectedFile): Promise<void> {
    if (upload.rowsRejected === 0) return;
    await rejected.keep();
    const message = `${upload.rowsRejected} of ${upload.rowsIn} rows break a rule`;
    await open(feed, upload, { code: "RowsRejected", message }, rejected);
  }

  async function keepFailed(feed: FeedObject, upload: Upload): Promise<void> {
    if (upload.error === undefined) return;
    await keepWhole(feed, upload.error);
    await open(feed, upload, upload.error);
  }

  async function keepWhole(feed: FeedObject, error: NonNullable<Upload["error"]>): Promise<void> {
    const Key = fileKey(feed);
    await copyObject(s3, feed, { Bucket: REJECTED_BUCKET, Key });
    const { bucket, key, version, size } = feed;
    const Body = JSON.stringify({ bucket, key, version, size, ...error }, undefined, 2);
    const problem = { Bucket: REJECTED_BUCKET, Key: `${Key}.problem.json`, Body, ContentType: "application/json" };
    await s3.send(new PutObjectCommand(problem));
  }

  async function open(
    feed: FeedObject,
    { rowsIn, rowsAccepted, rowsDuplicate, rowsRejected }: Upload,
    { code, message }: NonNullable<Upload["error"]>,
    rejected?: RejectedFile,
  ): Promise<void> {
    const { bucket, key, version, seller = "", uploadId, file, corrects, uploadedAt } = feed;
    await openError(errors, {
      seller,
      errorId: errorIdOf(feed),
      uploadId,
      object: `${bucket}/${key}`,
      version,
      stage,
      file,
      uploadedAt,
      code,
      message,
      status: "open",
      rowsIn,
      rowsAccepted,
      rowsDuplicate,
      rowsRejected,
      sample: (rejected?.sample() ?? []).map(({ row, line, problems }) => ({
        row,
        ...(line === undefined ? {} : { line }),
        problems: [...problems],
      })),
      rejected: rejected ? rowsKey(feed) : fileKey(feed),
      ...(corrects === undefined ? {} : { corrects }),
      at: new Date().toISOString(),
    });
  }

  /** Closes the error that the feed corrects, and those that this one had corrected in vain. */
  async function resolve(
    { seller, bucket, key, version, uploadId, corrects }: FeedObject,
    upload: Upload,
  ): Promise<void> {
    const object = `${bucket}/${key}`;
    for (let errorId = corrects; errorId !== undefined && seller !== undefined; ) {
      const rowsCorrected = upload.rowsIn;
      const by = { object, version, uploadId, at: upload.processedAt, rowsCorrected };
      const error: FeedError | undefined = await resolveError(errors, { seller, errorId }, by);
      if (error === undefined) return;
      const versionAndStage = `${error.version}#${error.stage}`;
      await writeAudit(audits, { object: error.object, versionAndStage, resolvedBy: `${object}@${version}` });
      errorId = error.corrects;
    }
  }

  async function tell(feed: FeedObject, upload: Upload): Promise<void> {
    if (upload.notified) return;
    const { seller, uploadId, file, corrects } = feed;
    const told = {
      uploadId,
      file,
      upload,
      ...(seller === undefined ? {} : { seller }),
      ...(upload.outcome === "processed" ? {} : { rejected: `s3://${REJECTED_BUCKET}/${keptKey(feed, upload)}` }),
      ...(corrects === undefined ? {} : { resolves: corrects }),
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
      outputs: upload.outcome === "processed" ? [] : [`${REJECTED_BUCKET}/${keptKey(feed, upload)}`],
      ...(upload.error === undefined ? {} : { error: upload.error }),
      ...(seller === undefined ? {} : { seller }),
      ...(upload.errorId === undefined ? {} : { errorId: upload.errorId }),
      ...(corrects === undefined ? {} : { corrects }),
    };
  }
}

const sourceOf = ({ bucket, key, version }: FeedObject) => ({ Bucket: bucket, Key: key, VersionId: version });

/** Of one that names no seller its whole key, which says why. */
const keyOf = (feed: FeedObject, failed: boolean): string =>
  rejectedKey({
    seller: feed.seller,
    errorId: errorIdOf(feed),
    failed,
    file: feed.seller === undefined ? feed.key : feed.file,
  });

const rowsKey = (feed: FeedObject): string => keyOf(feed, false);
const fileKey = (feed: FeedObject): string => keyOf(feed, true);
const keptKey = (feed: FeedObject, { outcome }: Upload): string => keyOf(feed, outcome === "failed");
