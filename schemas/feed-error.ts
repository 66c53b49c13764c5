// feed-error: a feed that failed, or had rows that were rejected; an item of the DynamoDB table feed-errors, by seller and
// error.

import {
  array,
  description,
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
  description("When the feed was uploaded, and 12 digits that tell it from others of that moment"),
);

/** A row that was rejected, and everything that is wrong with it. */
const RejectedSample = object({
  row: pipe(count, description("Of the rows, from 1 on")),
  line: optional(pipe(count, description("Where it begins in the file, from 1 on"))),
  problems: array(
    object({
      field: pipe(string(), description("The column, or `row`")),
      reason: pipe(string(), description("Continues the name of the field: `must not be 0`")),
      found: pipe(string(), description("What stands there, shortened")),
    }),
  ),
});

export const FeedError = object({
  seller: Seller,
  errorId: ErrorId,
  uploadId: string(),
  object: pipe(string(), description("`bucket/key` of the feed")),
  version: pipe(string(), description("Of the object")),
  file: pipe(string(), description("The name of the feed, without the way to it")),
  uploadedAt: pipe(string(), description("When the feed was uploaded")),
  at: pipe(time, description("When this was found")),
  code: pipe(string(), description("What is wrong, as a word that stays the same")),
  message: pipe(string(), description("The same as a sentence")),
  status: picklist(["open", "resolved"]),
  rowsIn: pipe(count, description("Rows of the file: accepted + duplicate + rejected")),
  rowsAccepted: count,
  rowsDuplicate: pipe(count, description("Rows of which the same or a newer version was there already")),
  rowsRejected: count,
  sample: pipe(array(RejectedSample), maxLength(20), description("The first of the rejected rows")),
  /** Key in rejected-feeds: a CSV of the rejected rows, or the whole file where that failed. */
  rejected: optional(string()),
  stage: pipe(
    string(),
    description("Of the program, which found it: with the object's version the key of its audit row"),
  ),
  corrects: optional(pipe(ErrorId, description("The error that the feed was to correct"))),
  resolvedBy: optional(
    pipe(
      object({
        object: string(),
        version: string(),
        uploadId: string(),
        at: time,
        rowsCorrected: count,
      }),
      description("What corrected it. Rejected rows that were not sent again are taken as withdrawn"),
    ),
  ),
});

export type FeedError = InferOutput<typeof FeedError>;
