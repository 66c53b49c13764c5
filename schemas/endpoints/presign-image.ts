// POST /api/items: leave to upload a picture straight to S3.

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
import { ItemId } from "../image-keys";
import { maxImageBytes } from "../image-types";

export const presignImage = endpoint({
  route: "POST /api/items",
  summary: "Get a form that uploads a picture",
  description:
    "The answer is a form, good for 15 minutes: its `fields`, then the picture as the last one, as multipart/form-data to `url`. " +
    "S3 takes a picture of up to 50 MiB, or of just `size` bytes where that is given, and nothing else than the type that was said. " +
    "Some seconds later the item can be found: `status` says whether it is there.",
  pipeline: "collections",
  for: "user",
  body: {
    schema: strictObject({
      contentType: pipe(picklist(["image/jpeg", "image/png"]), description("What the picture is")),
      size: optional(
        pipe(
          number(),
          integer(),
          minValue(1),
          maxValue(maxImageBytes),
          description("In bytes. Where it is given, S3 takes a picture of this size and no other"),
        ),
      ),
    }),
  },
  answer: {
    status: 201,
    description: "A form",
    schema: strictObject({
      itemId: ItemId,
      url: pipe(
        string(),
        url(),
        description("Where the form is sent, by POST as multipart/form-data, without the token"),
      ),
      fields: pipe(
        record(string(), string()),
        description("All of them, as they are, before the picture, which is the last field and is called `file`"),
      ),
      expiresAt: pipe(string(), isoTimestamp(), description("Until when S3 takes the form")),
      maxBytes: pipe(number(), integer(), description("The size of the largest picture that S3 takes with it")),
      curl: pipe(string(), description("The same as a command, run where the picture lies")),
      status: pipe(string(), description("The path of the route that says what became of it")),
    }),
  },
  problems: {},
});
