// show-error: one feed of a seller that failed or had rejected rows, with a link to what was rejected.
//
//   in    http      GET /api/errors/{id}
//         dynamodb  feed-errors
//   out   http      the error; the link leads to  rejected-feeds  rows/{seller}/ or files/{seller}/
//
// It only reads, by the keys of the token's sellers.

import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { S3Client } from "@aws-sdk/client-s3";
import type * as aws from "@pulumi/aws";
import { showError as endpoint } from "../../schemas/endpoints/show-error";
import { answer, sellersAsked } from "../../stage/answer";
import type { DataBucket } from "../../stage/data-bucket";
import { environment } from "../../stage/environment";
import type { HttpApi } from "../../stage/http-api";
import { look, read } from "../../stage/permissions";
import type { Platform } from "../../stage/platform";
import { stage } from "../../stage/stage";
import { route } from "../../stage/triggers";
import { findError } from "./find-error";
import { rejectedLink } from "./rejected-link";

interface Ground {
  readonly platform: Platform;
  readonly api: HttpApi;
  readonly errors: aws.dynamodb.Table;
  readonly rejected: DataBucket;
}

export const showError = ({ platform, api, errors, rejected }: Ground) =>
  stage(platform, "show-error", factory, {
    on: [route(api, endpoint)],
    // The link acts with the role of this function.
    may: [look(errors), read(rejected, "rows/"), read(rejected, "files/")],
    env: { ERRORS_TABLE: errors.name, REJECTED_BUCKET: rejected.bucket },
    memory: 256,
    timeout: 29,
  });

export const factory = () => {
  const { ERRORS_TABLE, REJECTED_BUCKET } = environment("ERRORS_TABLE", "REJECTED_BUCKET");
  const dynamodb = new DynamoDBClient({});
  const s3 = new S3Client({});

  return answer(endpoint, async ({ sellers, path: { id }, query: { seller } }) => {
    const { rejected, ...error } = await findError(dynamodb, ERRORS_TABLE, sellersAsked(sellers, seller), id);
    return rejected === undefined ? error : { ...error, rejected: await rejectedLink(s3, REJECTED_BUCKET, rejected) };
  });
};
