// feed-error: a feed that failed, or had rows that were rejected; an item of the DynamoDB table feed-errors, by seller and error.

import {
  array,
  examples,
  type InferOutput,
  integer,
  isoTimestamp,
  maxLength,
  minValue,
  number,
  object,
  optional,
  picklist,
  pipe,
  regex,
  string,
} from "valibot";
import { Seller } from "./seller";

const count = pipe(number(), integer(), minValue(0));
const time = pipe(string(), isoTimestamp());

/** When its file was uploaded, then 12 hex digits that tell it from others of that moment: in the order of time. */
export const ErrorId = pipe(
  string(),
  regex(/^\d{8}T\d{9}Z-[0-9a-f]{12}$/, "must be an error's id, like 20260301T101500000Z-0123456789ab"),
  examples(["20260301T101500000Z-0123456789ab"]),
);

/** A row that was rejected, and everything that is wrong with it. */
export const RejectedSample = object({
  /** Of the rows, from 1 on. */
  row: count,
  /** Where it begins in the file, from 1 on. */
  line: optional(count),
  problems: array(object({ field: string(), reason: string(), found: string() })),
});

export type RejectedSample = InferOutput<typeof RejectedSample>;

export const FeedError = object({
  seller: Seller,
  errorId: ErrorId,
  uploadId: string(),
  /** `bucket/key` of the feed, and its version. */
  object: string(),
  version: string(),
  /** Its name, without the way to it. */
  file: string(),
  /** When the feed was uploaded, and when this was found. */
  uploadedAt: string(),
  at: time,
  /** Stable, and a sentence. */
  code: string(),
  message: string(),
  status: picklist(["open", "resolved"]),
  rowsIn: count,
  rowsAccepted: count,
  rowsDuplicate: count,
  rowsRejected: count,
  /** The first of the rejected rows. */
  sample: pipe(array(RejectedSample), maxLength(20)),
  /** Key in rejected-feeds: a CSV of the rejected rows, or the whole file where that failed. */
  rejected: optional(string()),
  /** Of the program, which found it: with the object's version the key of its audit row. */
  stage: string(),
  /** The error that the feed was to correct. */
  corrects: optional(ErrorId),
  /** What corrected it. Rejected rows that were not sent again are taken as withdrawn. */
  resolvedBy: optional(
    object({
      object: string(),
      version: string(),
      uploadId: string(),
      at: time,
      rowsCorrected: count,
    }),
  ),
});

export type FeedError = InferOutput<typeof FeedError>;
