// POST /api/transactions/upload/form: leave to upload a feed of up to 1 GiB straight to S3.

import {
  integer,
  isoTimestamp,
  maxValue,
  minValue,
  number,
  optional,
  picklist,
  pipe,
  record,
  strictObject,
  string,
  url,
} from "valibot";
import { endpoint } from "../endpoint";
import { feedTypes, maxFormBytes } from "../feed-types";
import { FileName } from "../file-name";
import { Seller } from "../seller";

export const presignFeed = endpoint({
  route: "POST /api/transactions/upload/form",
  summary: "Get a form that uploads a large feed",
  description:
    "The answer is a form, good for 15 minutes: its `fields`, then the file as the last one, as multipart/form-data to `url`. " +
    "S3 takes a file of up to 1 GiB, or of just `size` bytes where that is given, and nothing else than the type that was said.",
  pipeline: "transactions",
  body: {
    schema: strictObject({
      file: FileName,
      seller: optional(Seller),
      /** In bytes. */
      size: optional(pipe(number(), integer(), minValue(1), maxValue(maxFormBytes))),
      contentType: optional(picklist(feedTypes), "text/csv"),
    }),
  },
  answer: {
    status: 201,
    description: "A form",
    schema: strictObject({
      uploadId: string(),
      url: pipe(string(), url()),
      fields: record(string(), string()),
      expiresAt: pipe(string(), isoTimestamp()),
      maxBytes: pipe(number(), integer()),
      /** The same as a command, run where the file lies. */
      curl: string(),
      /** The path of the route that says what became of it. */
      status: string(),
    }),
  },
  problems: {},
});
