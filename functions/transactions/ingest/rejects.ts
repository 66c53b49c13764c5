// rejects: what is kept of a feed that failed, or had rows that were rejected, so that its seller can correct it.
//
//   rows/{seller}/{error id}.csv              the rejected rows
//   files/{seller}/{error id}/{file}          a feed that could not be read, and beside it why: {file}.problem.json
//
// Either way there is an item in feed-errors, but for a feed of nobody. Twice is the same as once.

import { PutObjectCommand, type S3Client } from "@aws-sdk/client-s3";
import type { FeedError } from "../../../schemas/feed-error";
import { copyObject } from "../../copy-object";
import type { RejectedRow } from "../feed/read-feed";
import { rejectedKey } from "../rejected-key";
import { type FeedErrors, openError } from "./feed-errors";
import { errorIdOf, type FeedObject } from "./feed-object";
import { type RejectedFile, rejectedFile } from "./rejected-file";
import type { Upload } from "./upload-row";

interface Keeping {
  readonly s3: S3Client;
  readonly bucket: string;
  readonly errors: FeedErrors;
  /** Of the program. */
  readonly stage: string;
}

type Reason = NonNullable<Upload["error"]>;

export function rejects({ s3, bucket: Bucket, errors, stage }: Keeping) {
  return { gather, keepRows, keepFailed, keepFile, keptAt };

  /** For the rows that are rejected while a feed is read. */
  function gather(feed: FeedObject): RejectedFile {
    return rejectedFile(s3, { Bucket, Key: rowsKey(feed) });
  }

  async function keepRows(feed: FeedObject, upload: Upload, rejected: RejectedFile): Promise<void> {
    if (upload.rowsRejected === 0) return;
    await rejected.keep();
    const message = `${upload.rowsRejected} of ${upload.rowsIn} rows break a rule`;
    await open(feed, upload, { code: "RowsRejected", message }, rejected);
  }

  async function keepFailed(feed: FeedObject, upload: Upload): Promise<void> {
    if (upload.error === undefined) return;
    await keepFile(feed, upload.error);
    await open(feed, upload, upload.error);
  }

  async function keepFile(feed: FeedObject, reason: Reason): Promise<void> {
    const Key = fileKey(feed);
    await copyObject(s3, feed, { Bucket, Key });
    const { bucket, key, version, size } = feed;
    const Body = JSON.stringify({ bucket, key, version, size, ...reason }, undefined, 2);
    const problem = { Bucket, Key: `${Key}.problem.json`, Body, ContentType: "application/json" };
    await s3.send(new PutObjectCommand(problem));
  }

  /** As `bucket/key`. */
  function keptAt(feed: FeedObject, { outcome }: Upload): string {
    return `${Bucket}/${outcome === "failed" ? fileKey(feed) : rowsKey(feed)}`;
  }

  async function open(
    feed: FeedObject,
    { rowsIn, rowsAccepted, rowsDuplicate, rowsRejected }: Upload,
    { code, message }: Reason,
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
      sample: fitting(rejected?.sample() ?? []),
      rejected: rejected ? rowsKey(feed) : fileKey(feed),
      ...(corrects === undefined ? {} : { corrects }),
      at: new Date().toISOString(),
    });
  }
}

/** Of a row's problems; the CSV has all of them. */
const mostProblems = 20;

/** In bytes of JSON: an item of DynamoDB has 400 kB. */
const mostSampled = 200_000;

/** As many of the rows as an item has room for. */
function fitting(rows: readonly RejectedRow[]): FeedError["sample"] {
  const sample = rows.map(({ row, line, problems }) => ({
    row,
    ...(line === undefined ? {} : { line }),
    problems: problems.slice(0, mostProblems),
  }));
  while (Buffer.byteLength(JSON.stringify(sample)) > mostSampled) sample.pop();
  return sample;
}

const rowsKey = (feed: FeedObject): string => keyOf(feed, false);
const fileKey = (feed: FeedObject): string => keyOf(feed, true);

/** Of one that names no seller its whole key, which says why. */
const keyOf = (feed: FeedObject, failed: boolean): string =>
  rejectedKey({
    seller: feed.seller,
    errorId: errorIdOf(feed),
    failed,
    file: feed.seller === undefined ? feed.key : feed.file,
  });
