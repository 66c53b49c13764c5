// POST /api/transactions/upload/form: leave to upload a feed of up to 1 GiB straight to S3.

import {
  description,
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
import { OneSeller } from "../parameters";

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
      seller: OneSeller,
      size: optional(
        pipe(
          number(),
          integer(),
          minValue(1),
          maxValue(maxFormBytes),
          description("In bytes. Where it is given, S3 takes a file of this size and no other"),
        ),
      ),
      contentType: optional(
        pipe(
          picklist(feedTypes),
          description("As which S3 takes the file: what is in it, POST /api/transactions/upload says"),
        ),
        "text/csv",
      ),
    }),
  },
  answer: {
    status: 201,
    description: "A form",
    schema: strictObject({
      uploadId: string(),
      url: pipe(
        string(),
        url(),
        description("Where the form is sent, by POST as multipart/form-data, without the token"),
      ),
      fields: pipe(
        record(string(), string()),
        description("All of them, as they are, before the file, which is the last field and is called `file`"),
      ),
      expiresAt: pipe(string(), isoTimestamp(), description("Until when S3 takes the form")),
      maxBytes: pipe(number(), integer(), description("The size of the largest file that S3 takes with it")),
      curl: pipe(string(), description("The same as a command, run where the file lies")),
      status: pipe(string(), description("The path of the route that says what became of it")),
    }),
  },
  problems: {},
});
